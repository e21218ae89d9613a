import FileSystem
import JSON
import Testing

@testable import TUF

/// Roots as they are in the world: those of Sigstore's public repositories.
struct SigstoreRootTests {
  private func root(_ name: String) throws -> [UInt8] {
    let folder = Path(#filePath).parent.parent.appending("Fixtures").appending("sigstore")
    return try FileSystem.read(folder.appending(name + ".root.json"), limit: 1 << 20)
  }

  @Test(arguments: [
    ("production/5", 5), ("production/12", 12), ("production/13", 13), ("production/14", 14),
    ("production/15", 15), ("staging/1", 1), ("staging/4", 4), ("staging/12", 12),
    ("staging/13", 13), ("staging/14", 14),
  ])
  func verifiesItself(name: String, version: Int64) throws {
    let set = try TrustedSet(root: root(name), now: 0)
    #expect(set.root.version == version)
  }

  @Test(arguments: [("production", 12...15), ("staging", 12...14)])
  func eachIsSignedByTheKeysOfTheOneBefore(repository: String, versions: ClosedRange<Int>) throws {
    var set = try TrustedSet(root: root("\(repository)/\(versions.lowerBound)"), now: 0)
    for version in versions.dropFirst() {
      let name = "\(repository)/\(version)"
      _ = try set.updateRoot(root(name), file: name)
      #expect(set.root.version == Int64(version))
    }
  }

  @Test func refusesWhatTheKeysOfTheOneBeforeDidNotSign() throws {
    var set = try TrustedSet(root: root("production/12"), now: 0)
    for name in ["production/14", "production/15", "staging/13", "production/5"] {
      let bytes = try root(name)
      let reason = refusal { () throws(TUFError) in _ = try set.updateRoot(bytes, file: name) }
      #expect(["unsigned", "wrongVersion", "rollback"].contains(reason), "\(name): \(reason)")
      #expect(set.root.version == 12)
    }
  }

  @Test func aChangedByteInWhatIsSignedIsNoticed() throws {
    let bytes = try root("production/13")
    let set = try TrustedSet(root: root("production/12"), now: 0)
    let signed = try #require(try JSONDocument(parsing: bytes).root["signed"]).range
    for place in stride(from: signed.lowerBound, to: signed.upperBound, by: 37) {
      // White space is no part of what is signed, but a letter in its place is.
      var changed = bytes
      changed[place] ^= 0x41
      var trial = set
      let reason = refusal { () throws(TUFError) in
        _ = try trial.updateRoot(changed, file: "13.root.json")
      }
      #expect(reason != "nothing", "byte \(place)")
    }
  }
}
