import Bytes

extension Version {
  /// How PEP 440 and SemVer disagree on this version; nil if they don't.
  ///
  /// They disagree when the text is a version by both grammars, has a pre-release by SemVer, and
  /// would come to stand in different places. Two exceptions:
  ///
  /// - `1.0.0-alpha`, `-beta` and `-rc` are fine: PEP 440 adds a 0, and nothing but a development
  ///   release comes between the two.
  /// - `1.0-1` isn't fine, though SemVer has no place for it: PEP 440 makes it a post-release, and
  ///   half of those who write it mean a pre-release.
  public var ambiguity: VersionAmbiguity? {
    guard var scanner = VersionScanner(text, text.indices), let other = scanner.pep440() else {
      return nil
    }
    let isSemVer = parts.kind == .identifiers
    if isSemVer ? agrees(with: other) : !(other.isImplicitPost && other.kind == .none) {
      return nil
    }
    let spellings = VersionSpellings(text, other, isSemVer: isSemVer)
    if other.kind == .none {
      return other.post != nil ? .postOrPreRelease(spellings) : .developmentOrPreRelease(spellings)
    }
    if other.post != nil || other.dev != nil { return .furtherParts(spellings) }
    let first = Version.piece(
      of: text, from: parts.pre.range.lowerBound, to: parts.pre.range.upperBound, dotsAlone: true)
    for index in first where !text[index].isLetter { return .gluedNumber(spellings) }
    return .otherWord(spellings)
  }

  /// Whether SemVer's identifiers are the word and the number that PEP 440 sees.
  private func agrees(with other: VersionParts) -> Bool {
    guard other.kind != .none, other.post == nil, other.dev == nil else { return false }
    var own = PreReleaseCursor(parts)
    guard let word = own.next(text, parts) else { return false }
    guard text[word.range].elementsEqual(PreReleaseKind.words[other.kind.word]) else {
      return false
    }
    // The text has a number, or nothing, behind its word: PEP 440 found no more in it.
    guard let number = own.next(text, parts) else { return other.pre.isEmpty }
    return number.isNumber
  }
}
