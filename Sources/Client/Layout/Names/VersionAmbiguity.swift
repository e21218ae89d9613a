/// Why a version means one thing to people who know PEP 440 and another to people who know SemVer.
///
/// A launcher orders such a version all the same, as `Version` says; a packager is asked to write it
/// another way before anybody has it.
public enum VersionAmbiguity: Equatable, Sendable {
  /// `1.0-1`, `1.0.0-1`, `1.0.0-post1`: after the release by PEP 440, before it by SemVer.
  case postOrPreRelease(VersionSpellings)

  /// `1.0.0-dev.1`: before every pre-release by PEP 440, among them by its letters by SemVer.
  case developmentOrPreRelease(VersionSpellings)

  /// `1.0.0-pre.1`, `1.0.0-a.1`, `1.0.0-RC.1`: `rc` or `alpha` to PEP 440; to SemVer a word of its
  /// own, ordered by its letters, capitals first.
  case otherWord(VersionSpellings)

  /// `1.0.0-rc10`: the tenth to PEP 440; to SemVer a word, which comes before `rc2`.
  case gluedNumber(VersionSpellings)

  /// `1.0.0-alpha.1.dev2`: before `1.0.0-alpha.1` by PEP 440, after it by SemVer; also
  /// `1.0.0-alpha.1-1`, where they differ on the order of what comes after it.
  case furtherParts(VersionSpellings)

  /// What was written, and what could be written instead.
  public var spellings: VersionSpellings {
    switch self {
    case .postOrPreRelease(let spellings), .developmentOrPreRelease(let spellings),
      .otherWord(let spellings), .gluedNumber(let spellings), .furtherParts(let spellings):
      spellings
    }
  }

  /// One sentence for a person, without a final stop: both readings, and what to write instead.
  public var description: String {
    let written = String(decoding: spellings.written, as: UTF8.self)
    let pep440 = String(decoding: spellings.pep440, as: UTF8.self)
    let semVer = String(decoding: spellings.semVer, as: UTF8.self)
    switch self {
    case .postOrPreRelease:
      return "version \(written) can be read in two ways: PEP 440 takes it for a post-release,"
        + " newer than its release, and SemVer for a pre-release, older than it; write"
        + " \(pep440) for the first or \(semVer) for the second"
    case .developmentOrPreRelease:
      return "version \(written) can be read in two ways: PEP 440 takes it for a development"
        + " release, older than every pre-release, and SemVer for a pre-release ordered among the"
        + " others by its letters; write \(pep440) for the first or \(semVer) for the second"
    case .otherWord:
      return "version \(written) can be read in two ways: PEP 440 takes it for \(pep440), and"
        + " SemVer orders its word by the letters, capitals first; write \(pep440) or \(semVer),"
        + " which are the same"
    case .gluedNumber:
      return "version \(written) can be read in two ways: PEP 440 takes it for \(pep440), and"
        + " SemVer orders its pre-release as text, so that rc10 comes before rc2; write"
        + " \(pep440) or \(semVer), which are the same and count by the number"
    case .furtherParts:
      return "version \(written) can be read in two ways: PEP 440 takes it for \(pep440), and"
        + " SemVer for a pre-release with further identifiers, ordered as text; write"
        + " \(pep440) for the first or \(semVer) for the second"
    }
  }
}
