import Layout
import Testing

@Suite struct VersionDirectoryNameTests {
  @Test(arguments: [
    ("hello-1.2.linux-x86_64", "hello", "1.2", "linux-x86_64"),
    ("hello-1.any", "hello", "1", "any"),
    ("hello-world-1.0.0-rc.1.macos-arm64", "hello-world", "1.0.0-rc.1", "macos-arm64"),
    ("hello-2-1.0.any", "hello-2", "1.0", "any"),
    ("hello-3d-1.0.any", "hello-3d", "1.0", "any"),
    ("a.b_c-v1!2.0+x.5.windows-x86_64", "a.b_c", "v1!2.0+x.5", "windows-x86_64"),
    ("hello-1.0.0-x.7.z.92.any", "hello", "1.0.0-x.7.z.92", "any"),
    ("hello-1.0.0-alpha.any.any", "hello", "1.0.0-alpha.any", "any"),
    ("hello-1.0.0-rc10.any", "hello", "1.0.0-rc10", "any"),
    ("esky-1.0.any", "esky", "1.0", "any"),
    ("hello-1.0.0+a--b.any", "hello", "1.0.0+a--b", "any"),
  ])
  func takesANameApart(text: String, name: String, version: String, platform: String) throws {
    let parsed = try #require(VersionDirectoryName(parsing: Array(text.utf8)))
    #expect(String(decoding: parsed.bytes, as: UTF8.self) == text)
    #expect(String(decoding: parsed.name.bytes, as: UTF8.self) == name)
    #expect(String(decoding: parsed.version.text, as: UTF8.self) == version)
    #expect(String(decoding: parsed.platform.tag, as: UTF8.self) == platform)
    #expect(parsed.version == Version(version))
    #expect(VersionDirectoryName.readings(of: Array(text.utf8)) == [parsed])
  }

  @Test(arguments: [
    "", ".", "-", "..", "hello", "updates", "esky-files", "hello-1.2", "hello-1.2.", "-1.2.any",
    "hello-.any", "hello.any", "hello-1.2.linux", "hello-1.2.linux-", "hello-1.2.Linux-x86_64",
    "hello--1.2.any", "hello_-1.2.any", ".hello-1.2.any", "hel lo-1.2.any", "a/b-1.2.any",
    "updates-1.2.any", "Updates-1.2.any", "esky-app-1.2.any", "hello-1.2 .any", "hello-x.any",
    "héllo-1.2.any", "hello-1.2.any.zip", "hello-1.2.any/", "hello-1.2.any\0", "hello-1.2-.any",
  ])
  func refusesWhatIsNoName(text: String) {
    #expect(VersionDirectoryName(parsing: Array(text.utf8)) == nil)
    #expect(VersionDirectoryName.readings(of: Array(text.utf8)).isEmpty)
  }

  @Test(arguments: [
    ("hello-1.2-1.any", ["hello", "hello-1.2"]),
    ("hello-2-1.any", ["hello", "hello-2"]),
    ("hello-1.0.0-0.3.7.any", ["hello", "hello-1.0.0"]),
    ("a-1-2-3.any", ["a-1", "a-1-2"]),
  ])
  func refusesWhatCanBeTakenApartInSeveralWays(text: String, names: [String]) {
    #expect(VersionDirectoryName(parsing: Array(text.utf8)) == nil)
    let readings = VersionDirectoryName.readings(of: Array(text.utf8))
    #expect(readings.map { String(decoding: $0.name.bytes, as: UTF8.self) } == names)
  }

  @Test func tellsEqualVersionsApartByTheirBytes() {
    let a = VersionDirectoryName(parsing: Array("hello-1.0.any".utf8))
    let b = VersionDirectoryName(parsing: Array("hello-1.0.0.any".utf8))
    #expect(a?.version == b?.version)
    #expect(a != b)
  }

  @Test func refusesToBundleAnAmbiguousVersion() throws {
    let version = try #require(Version("1.0.0-1"))
    let ambiguity = try #require(version.ambiguity)
    let name = try AppName("hello")
    let error = NameError.ambiguousVersion(ambiguity)
    #expect(throws: error) {
      try VersionDirectoryName(name: name, version: version, platform: .any)
    }
    #expect(error.description == ambiguity.description)
  }

  @Test func refusesToBundleANameWithSeveralReadingsAndNamesThem() throws {
    let name = try AppName("hello-2")
    let version = try #require(Version("1"))
    do {
      _ = try VersionDirectoryName(name: name, version: version, platform: .any)
      Issue.record("hello-2-1.any was composed")
    } catch {
      #expect(
        error == .severalReadings(VersionDirectoryName.readings(of: Array("hello-2-1.any".utf8))))
      #expect(error.description.contains("app 'hello' in version '2-1'"))
      #expect(error.description.contains("app 'hello-2' in version '1'"))
    }
  }

  @Test func takesApartWhateverItComposes() throws {
    let names = ["a", "hello", "hello-2", "hello-world", "a-1.0.0", "x.1_y-v2", "b-1-2", "3", "v1"]
    let platforms = [Platform.any, .current]
    var versions: [String] = []
    for table in ["pep440-order.txt", "pep440-otherwise.txt", "semver-order.txt"] {
      versions += try Fixture.table(table).flatMap { row in
        table == "pep440-otherwise.txt" ? [row[0]] : row
      }
    }
    var composed = 0
    for text in names {
      let name = try AppName(text)
      for (index, text) in versions.enumerated() {
        let version = try #require(Version(text))
        let platform = platforms[index % 2]
        do throws(NameError) {
          let whole = try VersionDirectoryName(name: name, version: version, platform: platform)
          composed += 1
          let parsed = VersionDirectoryName(parsing: whole.bytes)
          guard parsed?.name == name, parsed?.version.text == version.text,
            parsed?.version == version, parsed?.platform == platform
          else {
            Issue.record("\(String(decoding: whole.bytes, as: UTF8.self))")
            continue
          }
        } catch {
          switch error {
          case .ambiguousVersion, .severalReadings: break
          default: Issue.record("\(error.description)")
          }
        }
      }
    }
    #expect(composed > names.count * versions.count / 2)
  }
}
