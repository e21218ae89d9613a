import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// A repository was lost, its keys were not: clients of the old one go on with a new one.
struct RepositoryStartTests {
  private let setup: Setup
  private let fleet: Fleet

  init() throws {
    setup = try Setup()
    fleet = try Fleet(setup)
  }

  /// Lives for a while, under clients that have seen all of it, and is lost; the root that was shipped last.
  private func lose() throws -> [UInt8] {
    var repository = try setup.create()
    try fleet.addNewcomer()
    try repository.refresh([.root], keys: setup.ring, now: now)
    for number in 0..<5 {
      try repository.addTargets(
        [try setup.addition("app", "old \(number)")], replacing: true, keys: setup.ring, now: now)
    }
    try fleet.addCurrent()
    let root = repository.newestRoot
    try FileSystem.removeTree(setup.folder)
    return root
  }

  @Test func clientsGoOnFromARootThatWasShipped() throws {
    let root = try lose()
    var start = try RepositoryStart(from: root, file: "root.json")
    for role in [Role.targets, .snapshot, .timestamp] { start.seen[role] = 100 }
    var repository = try RepositoryFolder.create(
      setup.folder, roles: start.roles(), keys: setup.ring, after: start, now: now)
    #expect(repository.version(of: .root) == 3)
    #expect(repository.version(of: .timestamp) == 101)
    try repository.addTargets([try setup.addition("app", "new")], keys: setup.ring, now: now)
    // The newcomer's first root is gone; whoever has the shipped one goes on.
    let client = try Client(
      store: MetadataStore(setup.scratch.path.appending("client")), shippedRoot: root,
      metadataURL: "metadata", fetcher: FolderFetcher(setup.folder), now: now)
    try client.refresh()
    #expect(client.root.version == 3)
    #expect(try client.target(utf8("app"))?.length == 3)
    #expect(
      try RepositoryAudit(setup.folder, now: now, files: .contents, oldestRoot: 2).findings == [])
  }

  /// Clients that have seen all of the old one, with no root at hand but its number.
  @Test(arguments: [
    (seen: Int64(6), reason: "nothing"), (seen: 2, reason: "rollback"),
  ])
  func clientsGoOnAboveWhatTheyHaveSeen(seen: Int64, reason: String) throws {
    var repository = try setup.create()
    for number in 0..<5 {
      try repository.addTargets(
        [try setup.addition("app", "old \(number)")], replacing: true, keys: setup.ring, now: now)
    }
    let place = setup.scratch.path.appending("client")
    func update() throws(TUFError) {
      let client = try Client(
        store: MetadataStore(place), shippedRoot: repository.newestRoot, metadataURL: "metadata",
        fetcher: FolderFetcher(setup.folder), now: now)
      try client.refresh()
    }
    try update()
    let root = repository.newestRoot
    try FileSystem.removeTree(setup.folder)
    var start = RepositoryStart()
    for role in Role.topLevel { start.seen[role] = role == .root ? 1 : seen }
    repository = try RepositoryFolder.create(
      setup.folder, roles: setup.roles, keys: setup.ring, after: start, now: now)
    #expect(refusal { () throws(TUFError) in try update() } == reason)
    if reason == "nothing" { #expect(repository.newestRoot != root) }
  }

  /// Clients want to see every role again that they have seen, unless others sign the snapshot now.
  @Test func clientsForgetDelegatedRolesOnceTheOnlineKeysAreReplaced() throws {
    var repository = try setup.create()
    let docs = Delegation(
      try Role(named: "docs"), .paths(["docs/*"]), keys: [setup.keys[1].object])
    _ = try repository.delegate(docs, keys: setup.ring, now: now)
    let root = repository.newestRoot
    let place = setup.scratch.path.appending("client")
    func update() throws(TUFError) -> Client {
      let client = try Client(
        store: MetadataStore(place), shippedRoot: root, metadataURL: "metadata",
        fetcher: FolderFetcher(setup.folder), now: now)
      try client.refresh()
      return client
    }
    _ = try update()
    try FileSystem.removeTree(setup.folder)
    var start = try RepositoryStart(from: root, file: "root.json")
    for role in Role.topLevel { start.seen[role] = 100 }
    repository = try RepositoryFolder.create(
      setup.folder, roles: start.roles(), keys: setup.ring, after: start, now: now)
    #expect(refusal { () throws(TUFError) in _ = try update() } != "nothing")
    let new = try PrivateKey()
    let rotations = zip([Role.snapshot, .timestamp], setup.keys.suffix(2)).map { role, old in
      (role, KeyRotation(adding: [new.object], revoking: [old.object.id]))
    }
    _ = try repository.rotate(rotations, keys: KeyRing(setup.keys + [new]), now: now)
    #expect(try update().root.version == 3)
  }

  @Test(arguments: ["{}", "", "no JSON"])
  func whatIsNoRootIsRefused(text: String) throws {
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try RepositoryStart(from: utf8(text), file: "root.json")
      } == "badRoot")
  }

  @Test func keysOfOthersFoundNothing() throws {
    let root = try lose()
    let start = try RepositoryStart(from: root, file: "root.json")
    let stranger = KeyRing([try PrivateKey()])
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try RepositoryFolder.create(
          setup.folder, roles: start.roles(), keys: stranger, after: start, now: now)
      } == "missingKeys")
    #expect(try !FileSystem.exists(setup.folder))
  }
}
