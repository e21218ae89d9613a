/// What kind of pre-release a version is.
enum PreReleaseKind: Sendable {
  /// None at all.
  case none
  /// PEP 440 `a`.
  case alpha
  /// PEP 440 `b`.
  case beta
  /// PEP 440 `rc`.
  case candidate
  /// SemVer identifiers, separated by dots.
  case identifiers

  /// `alpha`, `beta` and `rc` behind one another: the words that PEP 440's letters stand for.
  static let words: [UInt8] = [
    0x61, 0x6C, 0x70, 0x68, 0x61, 0x62, 0x65, 0x74, 0x61, 0x72, 0x63,
  ]

  /// Where this kind's word stands in `words`; empty for a kind without one.
  var word: Range<Int> {
    switch self {
    case .alpha: 0..<5
    case .beta: 5..<9
    case .candidate: 9..<11
    case .none, .identifiers: 0..<0
    }
  }

  /// How PEP 440's normal form writes this kind.
  var letters: StaticString {
    switch self {
    case .alpha: "a"
    case .beta: "b"
    case .candidate: "rc"
    case .none, .identifiers: ""
    }
  }
}
