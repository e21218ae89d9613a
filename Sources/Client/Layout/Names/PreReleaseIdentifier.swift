/// One identifier of a pre-release, written or implied by a letter of PEP 440.
struct PreReleaseIdentifier {
  /// True when `range` is in `PreReleaseKind.words`, false when it is in the version's text.
  let isWord: Bool
  /// True when the identifier is a number; an empty number is 0.
  let isNumber: Bool
  /// Where the bytes are.
  let range: Range<Int>
}
