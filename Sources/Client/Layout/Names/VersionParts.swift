/// The parts of a version, each as the place of its bytes in the text.
///
/// Numbers stay digits: nothing is converted, so no number is too long.
struct VersionParts: Sendable {
  /// The digits before `!`; empty when there is no epoch, which is epoch 0.
  var epoch = ByteRun.empty
  /// The release: numbers with dots between them.
  var release = ByteRun.empty
  /// The kind of pre-release.
  var kind = PreReleaseKind.none
  /// A PEP 440 pre-release's number, empty when not written; or all of SemVer's identifiers.
  var pre = ByteRun.empty
  /// The post-release's number, empty when not written; nil when it is no post-release.
  var post: ByteRun?
  /// True when the post-release is written `-N`, without a word.
  var isImplicitPost = false
  /// The development release's number, empty when not written; nil when it is none.
  var dev: ByteRun?
  /// What stands behind `+`: PEP 440's local version, SemVer's build metadata.
  var local: ByteRun?
}
