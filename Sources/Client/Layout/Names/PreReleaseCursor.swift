/// Goes through a pre-release's identifiers from the left.
struct PreReleaseCursor {
  private var taken = 0
  private var at: Int

  /// Stands before the first identifier.
  init(_ parts: VersionParts) {
    at = parts.pre.range.lowerBound
  }

  /// The next identifier; nil behind the last.
  mutating func next(_ text: [UInt8], _ parts: VersionParts) -> PreReleaseIdentifier? {
    taken += 1
    guard parts.kind != .identifiers else {
      let end = parts.pre.range.upperBound
      guard at <= end else { return nil }
      let range = Version.piece(of: text, from: at, to: end, dotsAlone: true)
      at = range.upperBound + 1
      let isNumber = Version.isNumber(text, range)
      return PreReleaseIdentifier(isWord: false, isNumber: isNumber, range: range)
    }
    switch taken {
    case 1: return PreReleaseIdentifier(isWord: true, isNumber: false, range: parts.kind.word)
    case 2: return PreReleaseIdentifier(isWord: false, isNumber: true, range: parts.pre.range)
    default: return nil
    }
  }
}
