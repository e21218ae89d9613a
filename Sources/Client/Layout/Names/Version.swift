/// A version number, by PEP 440 or by SemVer 2.0.0, in one order.
///
/// **Grammar.** Text that is strictly SemVer and has a pre-release is read as SemVer:
///
///     MAJOR.MINOR.PATCH-identifier(.identifier)*[+identifier(.identifier)*]
///
/// without leading zeros in its numbers. Anything else is read as PEP 440, in every spelling that
/// PEP 440 normalises, white space apart:
///
///     [v][N!]N(.N)*[(a|alpha|b|beta|c|rc|pre|preview)[N]]
///         [-N|(post|rev|r)[N]][dev[N]][+alphanumeric([.-_]alphanumeric)*]
///
/// with at most one of `.`, `-`, `_` on either side of a word, and capitals counting as small
/// letters. At most `maximumLength` bytes, all ASCII. Numbers may be of any length within that.
///
/// **Order.** By epoch, release (trailing zeros don't count), pre-release, post-release,
/// development release, local version; as the PyPA's library `packaging` orders PEP 440. A
/// pre-release is a list of identifiers, in SemVer's order, and PEP 440's are such lists too: `a1` is
/// `alpha.1`, `b1` is `beta.1`, `rc1` is `rc.1`. So
///
///     1.0.0.dev1 < 1.0.0-alpha < 1.0.0-alpha.0 == 1.0a0 < 1.0.0-alpha.1 == 1.0a1
///         < 1.0.0-alpha.beta < 1.0.0-beta < 1.0rc1 < 1.0.0 == 1.0 < 1.0+build < 1.0.post1
///
/// Text that the two grammars would put in different places has an `ambiguity`, and is ordered by
/// the grammar above all the same.
///
/// Off-spec: SemVer leaves build metadata out of its order (§10, §11.1). Here it orders as PEP 440's
/// local version does, as a last resort between versions that SemVer calls the same: two builds in
/// one folder need an order.
///
/// **Equality.** `==` says "the same place in the order", not "the same text": `1.0 == 1.0.0`.
/// `precedes(_:_:)` tells those two apart.
///
/// Source: PEP 440, "Public version identifiers", "Normalization", appendix B; SemVer 2.0.0 §2,
/// §9 to §11.
public struct Version: Sendable {
  /// The greatest length of a version's text, in bytes.
  public static let maximumLength = 128

  /// The version as it was written.
  public let text: [UInt8]

  /// Where its parts stand in the text.
  let parts: VersionParts

  /// Reads a version; nil if the bytes are one by neither grammar.
  public init?(_ bytes: [UInt8]) {
    guard let parts = Version.parts(of: bytes, in: bytes.indices) else { return nil }
    text = bytes
    self.parts = parts
  }

  /// Reads a version; nil if the text is one by neither grammar.
  public init?(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// Puts a version together of text and what `parts(of:in:)` found in it.
  init(text: [UInt8], parts: VersionParts) {
    self.text = text
    self.parts = parts
  }

  /// Reads `bytes[range]` without copying it; nil if that is no version.
  static func parts(of bytes: [UInt8], in range: Range<Int>) -> VersionParts? {
    var scanner = VersionScanner(bytes, range)
    return scanner?.scan()
  }

  /// True for a pre-release or a development release by the grammar the version is read by.
  public var isPreRelease: Bool {
    parts.kind != .none || parts.dev != nil
  }
}
