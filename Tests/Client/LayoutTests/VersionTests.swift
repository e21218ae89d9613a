import Layout
import Testing

/// What a version is, beyond the tables of `VersionGoldenTests`.
@Suite struct VersionTests {
  @Test func keepsTheTextAsWritten() throws {
    #expect(try #require(Version("V1.0-RC_01+Abc")).text == Array("V1.0-RC_01+Abc".utf8))
  }

  @Test(arguments: [
    "", " ", " 1.0", "1.0 ", "1.0\n", "1 0", "1.0/2", "../1.0", "1.0\0", "1.0é", "١.٠", "1.0.0-é",
    "1.0.0-a\u{0}b", "１.0",
  ])
  func refusesWhatCannotStandInAName(text: String) {
    #expect(Version(text) == nil)
  }

  @Test func refusesBytesThatAreNoText() {
    for byte in UInt8(128)...255 {
      #expect(Version([0x31, byte]) == nil)
      #expect(Version([0x31, 0x2E, 0x30, 0x2B, byte]) == nil)
    }
  }

  @Test func reachesToTheLastByteOfTheLimit() throws {
    let longest = String(repeating: "9", count: Version.maximumLength)
    #expect(Version(longest) != nil)
    #expect(Version(longest + "9") == nil)
    #expect(Version("1.0.0-" + String(repeating: "a", count: Version.maximumLength - 6)) != nil)
    #expect(Version("1.0+" + String(repeating: "a", count: Version.maximumLength - 3)) == nil)
    let smaller = try #require(Version(String(longest.dropLast())))
    #expect(try #require(Version(longest)) > smaller)
  }

  @Test func countsNumbersOfAnyLengthByValue() throws {
    let zeros = String(repeating: "0", count: 60)
    let nines = String(repeating: "9", count: 60)
    #expect(try #require(Version("1.\(zeros)7")) == #require(Version("1.7")))
    #expect(try #require(Version("1.\(nines)")) < #require(Version("1.1\(zeros)")))
    #expect(try #require(Version("1.0a\(nines)")) < #require(Version("1.0a1\(zeros)")))
    #expect(try #require(Version("1.0.0-\(nines)")) < #require(Version("1.0.0-1\(zeros)")))
    #expect(try #require(Version("1.0+\(nines)")) < #require(Version("1.0+1\(zeros)")))
  }

  @Test(arguments: [
    ("1.0", false), ("1.0.post1", false), ("1.0+a", false), ("1.0-1", false), ("1!1", false),
    ("1.0a1", true), ("1.0.dev1", true), ("1.0.post1.dev1", true), ("1.0c", true),
    ("1.0.0-alpha", true), ("1.0.0-1", true), ("1.0.0-x.7.z.92", true), ("1.0.0+a--b", false),
  ])
  func knowsAPreRelease(text: String, isPreRelease: Bool) throws {
    #expect(try #require(Version(text)).isPreRelease == isPreRelease)
  }

  @Test func precedesTellsEqualVersionsApartByTheirText() throws {
    let texts = ["v1", "1.0.0", "1", "1.0", "V1.0"]
    let sorted = try texts.map { try #require(Version($0)) }.sorted(by: Version.precedes)
    #expect(
      sorted.map { String(decoding: $0.text, as: UTF8.self) }
        == ["1", "1.0", "1.0.0", "V1.0", "v1"])
    let same = try #require(Version("1.0"))
    #expect(!Version.precedes(same, same))
  }

  @Test(arguments: [
    "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.1", "1.0.0-beta+5", "1.0rc1", "1.0.post1",
    "1.0.0-alpha.beta", "1.0.0-x.7.z.92", "1.0", "1.0.0+a-1", "v1.0.0-rc.1", "1.0-rc1", "1.0a1-1",
    "1.0.0-alpha.1.2", "1.0.0-Foo", "1.0.0-alpha.0",
  ])
  func findsNoAmbiguity(text: String) throws {
    #expect(try #require(Version(text)).ambiguity == nil)
  }

  /// A version, the kind of its ambiguity, PEP 440's spelling and SemVer's.
  typealias Ambiguous = (
    String, @Sendable (VersionSpellings) -> VersionAmbiguity, String, String
  )

  static let ambiguous: [Ambiguous] = [
    ("1.0.0-1", { .postOrPreRelease($0) }, "1.0.0.post1", "1.0.0-alpha.1"),
    ("1.0-1", { .postOrPreRelease($0) }, "1.0.post1", "1.0-alpha.1"),
    ("v2!1-007", { .postOrPreRelease($0) }, "2!1.post7", "2!1-alpha.7"),
    ("1.0-1.dev3", { .postOrPreRelease($0) }, "1.0.post1.dev3", "1.0-alpha.1"),
    ("1.0.0-0+b.1", { .postOrPreRelease($0) }, "1.0.0.post0+b.1", "1.0.0-alpha.0+b.1"),
    ("1.0.0-post1", { .postOrPreRelease($0) }, "1.0.0.post1", "1.0.0-alpha.1"),
    ("1.0.0-r.5.dev2", { .postOrPreRelease($0) }, "1.0.0.post5.dev2", "1.0.0-alpha.5.2"),
    ("1.0.0-dev.1", { .developmentOrPreRelease($0) }, "1.0.0.dev1", "1.0.0-alpha.1"),
    ("1.0.0-DEV", { .developmentOrPreRelease($0) }, "1.0.0.dev0", "1.0.0-alpha.0"),
    ("1.0.0-pre.1", { .otherWord($0) }, "1.0.0rc1", "1.0.0-rc.1"),
    ("1.0.0-a", { .otherWord($0) }, "1.0.0a0", "1.0.0-alpha.0"),
    ("1.0.0-RC.1", { .otherWord($0) }, "1.0.0rc1", "1.0.0-rc.1"),
    ("1.0.0-c1", { .gluedNumber($0) }, "1.0.0rc1", "1.0.0-rc.1"),
    ("1.0.0-a1", { .gluedNumber($0) }, "1.0.0a1", "1.0.0-alpha.1"),
    ("1.0.0-rc1", { .gluedNumber($0) }, "1.0.0rc1", "1.0.0-rc.1"),
    ("1.0.0-beta11", { .gluedNumber($0) }, "1.0.0b11", "1.0.0-beta.11"),
    ("1.0.0-rc01", { .gluedNumber($0) }, "1.0.0rc1", "1.0.0-rc.1"),
    ("1.0.0-alpha-1", { .gluedNumber($0) }, "1.0.0a1", "1.0.0-alpha.1"),
    ("1.0.0-alpha.1-1", { .furtherParts($0) }, "1.0.0a1.post1", "1.0.0-alpha.1.1"),
    ("1.0.0-alpha.1.dev2", { .furtherParts($0) }, "1.0.0a1.dev2", "1.0.0-alpha.1.2"),
  ]

  @Test(arguments: ambiguous.indices)
  func findsAnAmbiguityAndTwoSpellingsWithoutOne(index: Int) throws {
    let (text, kind, pep440, semVer) = Self.ambiguous[index]
    let ambiguity = try #require(Version(text)?.ambiguity, "\(text)")
    let spellings = ambiguity.spellings
    #expect(ambiguity == kind(spellings))
    #expect(String(decoding: spellings.written, as: UTF8.self) == text)
    #expect(String(decoding: spellings.pep440, as: UTF8.self) == pep440)
    #expect(String(decoding: spellings.semVer, as: UTF8.self) == semVer)
    for spelling in [pep440, semVer] {
      #expect(try #require(Version(spelling)).ambiguity == nil)
      #expect(ambiguity.description.contains(spelling))
    }
    #expect(ambiguity.description.contains(text))
  }

  @Test func ordersAnAmbiguousVersionAsSemVer() throws {
    for (text, _, _, _) in Self.ambiguous where text.hasPrefix("1.0.0-") {
      #expect(try #require(Version(text)) < #require(Version("1.0.0")))
    }
    #expect(try #require(Version("1.0-1")) > #require(Version("1.0")))
  }
}
