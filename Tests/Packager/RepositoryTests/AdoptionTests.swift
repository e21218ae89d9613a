import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// A repository without consistent snapshots is taken over, under clients of both kinds.
struct AdoptionTests {
  private let setup: Setup

  init() throws { setup = try Setup() }

  private func path(_ name: String) -> Path { setup.folder.appending(name) }

  /// Makes a repository whose files have no versions and no hashes in their names.
  private func begin() throws {
    var repository = try setup.create()
    try repository.addTargets(
      [try setup.addition("app", "one"), try setup.addition("docs/a", "two")], keys: setup.ring,
      now: now)
    let root = repository.state.root
    var draft = try Draft(
      .root, version: 1, contents: .editing(root.signed, ["consistent_snapshot": false]),
      expires: root.expires)
    try draft.sign(for: Authority(.root, root: root.signed), with: setup.ring)
    try FileSystem.writeAtomically(draft.bytes, to: path("metadata/1.root.json"))
    for role in [Role.targets, .snapshot] {
      try FileSystem.rename(
        path("metadata/2.\(role.name).json"), to: path("metadata/\(role.name).json"))
      try FileSystem.remove(path("metadata/1.\(role.name).json"))
    }
    for target in try repository.targets() {
      try FileSystem.rename(
        path("targets").appending(RequestPath.hashed(target.path, target.hashes[0].hex)),
        to: path("targets").appending(target.path))
    }
    #expect(try setup.fresh() == ["app": "one", "docs/a": "two"])
  }

  private func adopt() throws {
    _ = try Adoption(setup.folder).run(keys: setup.ring, now: now)
  }

  /// What a client finds behind a cache that remembers that there was no second root.
  private func behindACache() throws -> [String: String] {
    let aside = setup.scratch.path.appending("aside")
    try FileSystem.rename(path("metadata/2.root.json"), to: aside)
    defer { try? FileSystem.rename(aside, to: path("metadata/2.root.json")) }
    return try setup.fresh()
  }

  @Test func clientsThatDoNotSeeTheNewRootYetGoOn() throws {
    try begin()
    try adopt()
    #expect(try setup.fresh() == ["app": "one", "docs/a": "two"])
    #expect(try behindACache() == ["app": "one", "docs/a": "two"])
    #expect(try setup.findings() == [])
  }

  /// What is changed after the adoption reaches clients behind a cache as well, for as long as old names are kept.
  @Test func oldNamesAreRenewedAsLongAsTheyAreKept() throws {
    try begin()
    try adopt()
    var repository = try RepositoryFolder(setup.folder)
    try repository.refresh([.timestamp], keys: setup.ring, now: now)
    #expect(try behindACache() == ["app": "one", "docs/a": "two"])
    try repository.refresh([.snapshot], keys: setup.ring, now: now)
    #expect(try behindACache() == ["app": "one", "docs/a": "two"])
    try repository.addTargets(
      [try setup.addition("app", "three"), try setup.addition("docs/b", "four")],
      replacing: true, keys: setup.ring, now: now)
    let after = ["app": "three", "docs/a": "two", "docs/b": "four"]
    #expect(try behindACache() == after)
    #expect(try setup.fresh() == after)
    #expect(try setup.findings() == [])

    let later: Int64 = 4_000_000_000
    _ = try repository.tidy(olderThan: 7 * day, now: later)
    try repository.refresh([.snapshot], keys: setup.ring, now: now)
    #expect(try !FileSystem.exists(path("metadata/snapshot.json")))
    #expect(try !FileSystem.exists(path("targets/docs/b")))
    #expect(try setup.fresh() == after)
    #expect(try setup.findings() == [])
  }

  /// The root key is elsewhere: until it has signed, nothing can be renewed here, and that is said.
  @Test func anAdoptionThatWaitsIsNamed() throws {
    try begin()
    let online = KeyRing(Array(setup.keys.dropFirst()))
    _ = try Adoption(setup.folder).run(keys: online, now: now)
    let repository = try RepositoryFolder(setup.folder)
    #expect(!repository.isConsistent)
    #expect(try repository.ceremony() != nil)
    #expect(
      refusal { () throws(RepositoryError) in
        var copy = repository
        try copy.refresh([.timestamp], keys: online, now: now)
      } == "adoptionWaits")
    var signing = repository
    _ = try signing.sign(keys: setup.ring, now: now)
    try signing.refresh([.timestamp], keys: online, now: now)
    #expect(try setup.fresh() == ["app": "one", "docs/a": "two"])
  }

  /// A change that was decided on, and then something is in its way.
  @Test func aChangeThatIsTakenBackLeavesWhatOldNamesStandFor() throws {
    try begin()
    try adopt()
    let before = ["app": "one", "docs/a": "two"]
    var repository = try RepositoryFolder(setup.folder)
    let additions = [try setup.addition("app", "three"), try setup.addition("new/b", "four")]
    var call = 1
    while try !FileSystem.exists(path("building/placing.json")) {
      Fault.plan(call: call, code: 5, lasting: true)
      _ = refusal { () throws(RepositoryError) in
        try repository.addTargets(additions, replacing: true, keys: setup.ring, now: now)
      }
      try #require(Fault.clear())
      call += 1
    }
    try FileSystem.removeTree(path("targets/new"))
    try FileSystem.writeAtomically([], to: path("targets/new"))
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.refresh([.timestamp], keys: setup.ring, now: now)
      } == "undone")
    #expect(try behindACache() == before)
    try RepositoryFolder.discardChange(in: setup.folder)
    #expect(try behindACache() == before)
    #expect(try setup.fresh() == before)
  }

  @Test func oldNamesGoOnceClientsHaveHadTime() throws {
    try begin()
    try adopt()
    var repository = try RepositoryFolder(setup.folder)
    try repository.removeTargets([try TargetName("docs/a")], keys: setup.ring, now: now)
    #expect(try setup.findings() == [])
    #expect(try repository.tidy(olderThan: 7 * day, now: now, isTrial: true) == [])
    let later: Int64 = 4_000_000_000
    let gone = Set(try repository.tidy(olderThan: 7 * day, now: later).map(\.text))
    let names = [
      "metadata/snapshot.json", "metadata/targets.json", "targets/app", "targets/docs/a",
    ]
    #expect(gone.isSuperset(of: names))
    for name in names { #expect(try !FileSystem.exists(path(name))) }
    #expect(try setup.fresh() == ["app": "one"])
    #expect(try setup.findings() == [])
  }

  @Test func aNameThatNeverWasInItIsStillAStranger() throws {
    try begin()
    try adopt()
    try FileSystem.writeAtomically([], to: path("metadata/other.json"))
    try FileSystem.writeAtomically([], to: path("targets/other"))
    #expect(try setup.findings().map(\.file) == ["metadata/other.json", "targets/other"])
  }
}
