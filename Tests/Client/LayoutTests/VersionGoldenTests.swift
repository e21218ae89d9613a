import Layout
import Testing

/// The order of versions against tables made by others: see `Fixtures/README.md`.
@Suite struct VersionGoldenTests {
  @Test(arguments: [("pep440-order.txt", 300), ("semver-order.txt", 100)])
  func ordersEveryPairAsTheTableDoes(name: String, atLeast: Int) throws {
    var versions: [(text: String, line: Int, version: Version)] = []
    for (line, texts) in try Fixture.table(name).enumerated() {
      for text in texts {
        versions.append((text, line, try #require(Version(text), "\(text)")))
      }
    }
    #expect(versions.count >= atLeast)
    var wrong: [String] = []
    for a in versions {
      for b in versions {
        let isRight =
          (a.version < b.version) == (a.line < b.line)
          && (a.version == b.version) == (a.line == b.line)
          && (a.version > b.version) == (a.line > b.line)
        if !isRight { wrong.append("\(a.text) and \(b.text)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) pairs, such as \(wrong.prefix(5))")
  }

  @Test func readsWhatIsSemVerAsSemVer() throws {
    let table = try Fixture.table("pep440-otherwise.txt")
    #expect(table.count > 20)
    let plainWords = ["alpha", "beta", "rc"]
    for row in table {
      let (text, normal, identifiers) = (row[0], row[1], row[2])
      let version = try #require(Version(text), "\(text)")
      let pep440 = try #require(Version(normal), "\(normal)")
      #expect(version != pep440, "\(text)")
      #expect(version.isPreRelease, "\(text)")
      #expect((version.ambiguity == nil) == plainWords.contains(identifiers), "\(text)")
      #expect(pep440.ambiguity == nil, "\(normal)")
    }
  }

  @Test func refusesWhatIsAVersionByNeitherGrammar() throws {
    let accepted = try Fixture.table("not-versions.txt").map { $0[0] }
      .filter { Version($0) != nil }
    #expect(accepted == [])
  }

  @Test func isOneTotalOrderOverAllTables() throws {
    let names = ["pep440-order.txt", "pep440-otherwise.txt", "semver-order.txt"]
    var versions: [Version] = []
    for name in names {
      for row in try Fixture.table(name) {
        for text in name == "pep440-otherwise.txt" ? [row[0]] : row {
          versions.append(try #require(Version(text)))
        }
      }
    }
    // A relation that says of every pair what two numbers say of it is antisymmetric and
    // transitive: so it is enough to find such numbers. How many come before is one.
    let ranks = versions.map { version in versions.count { $0 < version } }
    var wrong: [String] = []
    for i in versions.indices {
      for j in versions.indices {
        let (a, b) = (versions[i], versions[j])
        if (a < b) != (ranks[i] < ranks[j]) || (a == b) != (ranks[i] == ranks[j]) {
          wrong.append(String(decoding: a.text + [0x20] + b.text, as: UTF8.self))
        }
        if a.text != b.text, Version.precedes(a, b) == Version.precedes(b, a) {
          wrong.append("precedes")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) pairs, such as \(wrong.prefix(5))")
  }
}
