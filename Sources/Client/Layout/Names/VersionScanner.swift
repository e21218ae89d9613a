import Bytes

/// Reads a version by either grammar, in one pass over the bytes and without allocating.
///
/// Both readings take the whole range or nothing. Offsets in the parts count from the range's start.
struct VersionScanner {
  private let bytes: [UInt8]
  private let base: Int
  private let end: Int
  private var at: Int

  /// Prepares to read `bytes[range]`; nil for an empty range or one that is too long.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    guard !range.isEmpty, range.count <= Version.maximumLength else { return nil }
    self.bytes = bytes
    base = range.lowerBound
    end = range.upperBound
    at = base
  }

  /// Reads the range: SemVer if it is that, else PEP 440.
  ///
  /// A SemVer version without a pre-release needs no second reading, since PEP 440 finds the same
  /// parts in it.
  mutating func scan() -> VersionParts? {
    semVer() ?? pep440()
  }

  // MARK: SemVer 2.0.0

  /// `MAJOR.MINOR.PATCH[-pre.release][+build.metadata]`, SemVer 2.0.0 §2, §9 and §10.
  mutating func semVer() -> VersionParts? {
    at = base
    var parts = VersionParts()
    guard let major = number(), isPlain(major), take(".") else { return nil }
    guard let minor = number(), isPlain(minor), take(".") else { return nil }
    guard let patch = number(), isPlain(patch) else { return nil }
    parts.release = major.extended(through: patch)
    if take("-") {
      guard let identifiers = identifiers(plainNumbers: true) else { return nil }
      parts.kind = .identifiers
      parts.pre = identifiers
    }
    if take("+") {
      guard let build = identifiers(plainNumbers: false) else { return nil }
      parts.local = build
    }
    return at == end ? parts : nil
  }

  /// One or more identifiers of letters, digits and `-`, with dots between them.
  ///
  /// - Parameter plainNumbers: whether an identifier of digits alone may not begin with `0`.
  private mutating func identifiers(plainNumbers: Bool) -> ByteRun? {
    let start = at
    repeat {
      let first = at
      var isNumber = true
      while at < end, bytes[at].isLetter || bytes[at].isDigit || bytes[at] == UInt8(ascii: "-") {
        if !bytes[at].isDigit { isNumber = false }
        at += 1
      }
      guard at > first else { return nil }
      if plainNumbers, isNumber, !isPlain(run(from: first)) { return nil }
    } while take(".")
    return run(from: start)
  }

  // MARK: PEP 440

  /// `[v][N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`, PEP 440 appendix B, in every spelling that
  /// its section "Normalization" allows but for white space.
  mutating func pep440() -> VersionParts? {
    at = base
    var parts = VersionParts()
    _ = take("v")
    guard var release = number() else { return nil }
    if take("!") {
      parts.epoch = release
      guard let first = number() else { return nil }
      release = first
    }
    while at + 1 < end, bytes[at] == UInt8(ascii: "."), bytes[at + 1].isDigit {
      at += 1
      if let next = number() { release = release.extended(through: next) }
    }
    parts.release = release
    preRelease(&parts)
    postRelease(&parts)
    if label({ $0.take("dev") }) { parts.dev = labelNumber() }
    if take("+") {
      guard let local = localVersion() else { return nil }
      parts.local = local
    }
    return at == end ? parts : nil
  }

  private mutating func preRelease(_ parts: inout VersionParts) {
    var kind = PreReleaseKind.none
    let found = label {
      if $0.take("alpha") || $0.take("a") {
        kind = .alpha
      } else if $0.take("beta") || $0.take("b") {
        kind = .beta
      } else if $0.take("preview") || $0.take("pre") || $0.take("c") || $0.take("rc") {
        kind = .candidate
      }
      return kind != .none
    }
    guard found else { return }
    parts.kind = kind
    parts.pre = labelNumber()
  }

  private mutating func postRelease(_ parts: inout VersionParts) {
    if at + 1 < end, bytes[at] == UInt8(ascii: "-"), bytes[at + 1].isDigit {
      at += 1
      parts.post = number()
      parts.isImplicitPost = true
    } else if label({ $0.take("post") || $0.take("rev") || $0.take("r") }) {
      parts.post = labelNumber()
    }
  }

  /// A word with an optional separator before it; stays where it was if the word isn't there.
  private mutating func label(_ word: (inout VersionScanner) -> Bool) -> Bool {
    let mark = at
    separator()
    if word(&self) { return true }
    at = mark
    return false
  }

  /// The number behind a word, with an optional separator; empty when it isn't written.
  private mutating func labelNumber() -> ByteRun {
    separator()
    return number() ?? .empty
  }

  private mutating func localVersion() -> ByteRun? {
    let start = at
    repeat {
      let first = at
      while at < end, bytes[at].isLetter || bytes[at].isDigit { at += 1 }
      guard at > first else { return nil }
    } while separator()
    return run(from: start)
  }

  // MARK: Bytes

  @discardableResult
  private mutating func separator() -> Bool {
    take(".") || take("-") || take("_")
  }

  private mutating func take(_ word: StaticString) -> Bool {
    guard word.begins(bytes, at: at, end: end) else { return false }
    at += word.utf8CodeUnitCount
    return true
  }

  private mutating func number() -> ByteRun? {
    let start = at
    while at < end, bytes[at].isDigit { at += 1 }
    return at > start ? run(from: start) : nil
  }

  private func run(from start: Int) -> ByteRun {
    ByteRun((start - base)..<(at - base))
  }

  /// True for a number as SemVer wants it, without leading zeros.
  private func isPlain(_ number: ByteRun) -> Bool {
    number.range.count == 1 || bytes[base + number.range.lowerBound] != UInt8(ascii: "0")
  }
}
