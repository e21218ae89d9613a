import FileSystem
import Repository
import Testing

@testable import TUF

/// A new root and the end of what it ends the trust in are one step, wherever they are broken off.
struct RotationFaultTests {
  /// A repository at version 5 whose timestamp key has been joined by another in root 2.
  private func rotated() throws -> Setup {
    let setup = try Setup {
      $0.timestamp.version = 5
      $0.snapshot.version = 5
    }
    try setup.refresh()
    setup.repository.timestamp.keys.append(try PrivateKey())
    setup.repository.root.version = 2
    setup.repository.timestamp.version = 1
    setup.repository.snapshot.version = 1
    try setup.repository.publish()
    return setup
  }

  @Test(arguments: 1...12)
  func isFinishedByTheNextRun(brokenOffAt call: Int) throws {
    let setup = try rotated()
    let old = setup.shipped
    Fault.plan(call: call, code: 28, lasting: true)
    _ = refusal { () throws(TUFError) in try setup.refresh() }
    _ = Fault.clear()
    let root = try setup.stored("root")
    if root == old {
      // Nothing is lost that guards against a rollback.
      let stored = try setup.stored("timestamp")
      #expect(stored.flatMap { try? Timestamp(parsing: $0).version } == 5, "call \(call)")
    }
    try setup.refresh()
    #expect(try setup.stored("root") == setup.repository.rootBytes())
    #expect(try setup.stored("timestamp") == setup.repository.timestampBytes())
    #expect(!(try setup.scratch.names("trusted")).contains("rotation"))
  }

  /// What a run left that was killed: note, root, and what is left then of timestamp and snapshot.
  @Test(arguments: [
    ("2 both\n", true, [] as [String]), ("2 snapshot\n", true, ["timestamp"]),
    ("2 both\n", false, ["timestamp", "snapshot"]), ("", true, ["timestamp"]),
    ("nonsense", false, ["timestamp", "snapshot"]),
  ])
  func goesOnFromTheNote(note: String, isRootNew: Bool, left: [String]) throws {
    let setup = try rotated()
    let folder = setup.store.folder.path
    try FileSystem.writeAtomically(utf8(note), to: folder.appending("rotation"))
    if isRootNew {
      try FileSystem.writeAtomically(
        try setup.repository.rootBytes(), to: folder.appending("root.json"))
    }
    _ = try setup.client()
    let names = try setup.scratch.names("trusted")
    #expect(!names.contains("rotation"))
    if !note.isEmpty {
      #expect(
        ["timestamp", "snapshot"].filter { names.contains($0 + ".json") } == left, "\(note)")
    }
  }

  @Test func aRootOfTheLastPossibleVersionHasNoNext() throws {
    let setup = try Setup { $0.root.version = .max }
    try setup.refresh()
    #expect(setup.fetcher.requests.first == "/metadata/timestamp.json")
  }
}
