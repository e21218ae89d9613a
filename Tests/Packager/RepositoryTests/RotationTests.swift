import FileSystem
import Repository
import TUF
import Testing

/// Keys that come and go, seen by clients that stopped at every earlier state.
struct RotationTests {
  private let setup: Setup
  private let fleet: Fleet

  init() throws {
    setup = try Setup()
    fleet = try Fleet(setup)
  }

  /// A role, whether the old key is still there to sign, and the roles that are signed anew.
  @Test(arguments: [
    (Role.root, true, ["root"]), (.timestamp, true, ["root", "timestamp"]),
    (.timestamp, false, ["root", "timestamp"]),
    (.snapshot, true, ["root", "snapshot", "timestamp"]),
    (.snapshot, false, ["root", "snapshot", "timestamp"]),
    (.targets, true, ["root", "targets", "snapshot", "timestamp"]),
    (.targets, false, ["root", "targets", "snapshot", "timestamp"]),
  ])
  func replacesAKey(role: Role, oldIsThere: Bool, signed: [String]) throws {
    var repository = try fleet.begin()
    let new = try PrivateKey()
    let old = setup.id(role)
    let keys = setup.keys.filter { oldIsThere || $0.object.id != old } + [new]
    let done = try repository.rotate(
      [(role, KeyRotation(adding: [new.object], revoking: [old]))], keys: KeyRing(keys), now: now)
    #expect(done.waiting.isEmpty)
    #expect(done.versions.map(\.role.name) == signed)
    #expect(try repository.keyIDs(of: role) == [new.object.id])
    try fleet.check(["app": "one"])
    // The old key is of no use any more.
    let waiting = try repository.refresh([role], keys: KeyRing(setup.keys), now: now).waiting
    #expect(waiting.contains { !$0.isComplete })
    try RepositoryFolder.discardChange(in: repository.directory)
    // And life goes on with the new one.
    let ring = KeyRing(setup.keys.filter { $0.object.id != old } + [new])
    try repository.addTargets([try setup.addition("more", "two")], keys: ring, now: now)
    try fleet.check(["app": "one", "more": "two"])
    #expect(try setup.findings() == [])
  }

  @Test func replacesAllKeysInOneStep() throws {
    var repository = try fleet.begin()
    var new: [PrivateKey] = []
    var rotations: [(role: Role, rotation: KeyRotation)] = []
    for role in Role.topLevel {
      let key = try PrivateKey()
      new.append(key)
      rotations.append((role, KeyRotation(adding: [key.object], revoking: [setup.id(role)])))
    }
    let done = try repository.rotate(rotations, keys: KeyRing(setup.keys + new), now: now)
    #expect(done.versions.map(\.role.name) == ["root", "targets", "snapshot", "timestamp"])
    try fleet.check(["app": "one"])
    try fleet.addCurrent()
    try repository.addTargets([try setup.addition("b", "b")], keys: KeyRing(new), now: now)
    try fleet.check(["app": "one", "b": "b"])
    #expect(repository.version(of: .root) == 2)
  }

  /// The new key is elsewhere, too: then all of it waits together.
  @Test func keysThatAreGoneAreReplacedByAKeyElsewhere() throws {
    var repository = try fleet.begin()
    let new = try PrivateKey()
    let rotation = KeyRotation(adding: [new.object], revoking: [setup.id(.timestamp)])
    let ring = KeyRing(setup.keys.dropLast())
    let waiting = try repository.rotate([(.timestamp, rotation)], keys: ring, now: now).waiting
    #expect(waiting.filter { !$0.isComplete }.map(\.role.name) == ["timestamp"])
    let done = try repository.sign(keys: KeyRing([new]), now: now)
    #expect(done.versions.map(\.role.name) == ["root", "timestamp"])
    try fleet.check(["app": "one"])
    #expect(try setup.findings() == [])
  }

  /// A client that asked for the next root just before it was there.
  ///
  /// Where the old key is gone, the timestamp that is published gets the signature of the new one, too.
  @Test(arguments: [true, false])
  func clientsWithTheOldRootAcceptTheTimestamp(oldIsThere: Bool) throws {
    var repository = try fleet.begin()
    let new = try PrivateKey()
    let version = repository.version(of: .timestamp)
    let old = oldIsThere ? setup.keys : setup.keys.dropLast()
    let done = try repository.rotate(
      [(.timestamp, KeyRotation(adding: [new.object], revoking: [setup.id(.timestamp)]))],
      keys: KeyRing(old + [new]), now: now)
    #expect(done.versions.map(\.role.name) == ["root", "timestamp"])
    #expect(done.versions.map(\.version) == [2, oldIsThere ? version + 1 : version])
    #expect(try repository.status(now: now)[1].signedBy == [new.object.id])
    let root = setup.folder.appending("metadata/2.root.json")
    let aside = setup.scratch.path.appending("aside")
    try FileSystem.rename(root, to: aside)
    try fleet.check(["app": "one"])
    try FileSystem.rename(aside, to: root)
    try fleet.check(["app": "one"])
    #expect(try setup.findings() == [])
  }

  @Test func changesThresholds() throws {
    var repository = try fleet.begin()
    let second = try PrivateKey()
    let ring = KeyRing(setup.keys + [second])
    _ = try repository.rotate(
      [(.root, KeyRotation(adding: [second.object], threshold: 2))], keys: ring, now: now)
    #expect(try repository.status(now: now)[0].signedBy.count == 2)
    try fleet.check(["app": "one"])
    try fleet.addCurrent()
    _ = try repository.rotate(
      [(.root, KeyRotation(revoking: [second.object.id], threshold: 1))], keys: ring, now: now)
    #expect(try repository.status(now: now)[0].threshold == 1)
    #expect(repository.version(of: .root) == 3)
    try fleet.check(["app": "one"])
  }

  @Test func letsOneKeyServeSeveralRoles() throws {
    var repository = try fleet.begin()
    let key = setup.keys[0]
    let rotations = Role.topLevel.map { role in
      (role, KeyRotation(adding: [key.object], revoking: role == .root ? [] : [setup.id(role)]))
    }
    _ = try repository.rotate(rotations, keys: setup.ring, now: now)
    try repository.addTargets([try setup.addition("b", "b")], keys: KeyRing([key]), now: now)
    try fleet.check(["app": "one", "b": "b"])
  }

  @Test func sayingTheSameAgainSignsNothing() throws {
    var repository = try fleet.begin()
    let same = KeyRotation(adding: [setup.keys[0].object], threshold: 1)
    let done = try repository.rotate([(.root, same)], keys: setup.ring, now: now)
    #expect(done.versions.isEmpty && done.waiting.isEmpty)
    #expect(repository.version(of: .root) == 1)
  }

  /// A rotation of root, and how it is refused before anything changes.
  @Test(
    arguments: [
      (revoking: true, threshold: nil, reason: "badThreshold"),
      (revoking: false, threshold: 2, reason: "badThreshold"),
      (revoking: false, threshold: 0, reason: "badThreshold"),
      (revoking: false, threshold: -1, reason: "badThreshold"),
    ] as [(revoking: Bool, threshold: Int?, reason: String)])
  func refusesWhatCouldNeverBeSigned(revoking: Bool, threshold: Int?, reason: String) throws {
    var repository = try fleet.begin()
    let before = try setup.names("metadata")
    let rotation = KeyRotation(revoking: revoking ? [setup.id(.root)] : [], threshold: threshold)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.rotate([(.root, rotation)], keys: setup.ring, now: now)
      } == reason)
    #expect(try setup.names("metadata") == before)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
    #expect(try repository.ceremony() == nil)
  }

  @Test func refusesToRevokeAKeyThatIsNone() throws {
    var repository = try fleet.begin()
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.rotate(
          [(.root, KeyRotation(revoking: ["00"]))], keys: setup.ring, now: now)
      } == "noKey")
  }

  @Test func keepsEveryRootForEver() throws {
    var repository = try fleet.begin()
    var ring = setup.keys
    for round in 0..<6 {
      let new = try PrivateKey()
      let old = try repository.keyIDs(of: .root)
      _ = try repository.rotate(
        [(.root, KeyRotation(adding: [new.object], revoking: old))],
        keys: KeyRing(ring + [new]), now: now)
      ring.append(new)
      #expect(repository.version(of: .root) == Int64(round + 2))
      try fleet.addCurrent()
    }
    #expect(try fleet.check(["app": "one"]) == 8)
    let roots = try setup.names("metadata").filter { $0.hasSuffix(".root.json") }
    #expect(roots == (1...7).map { "\($0).root.json" })
  }

  @Test func remembersTheKeysThatARoleHad() throws {
    var repository = try fleet.begin()
    let old = setup.id(.timestamp)
    #expect(try repository.formerKeyIDs(of: .timestamp) == [])
    let new = try PrivateKey()
    _ = try repository.rotate(
      [(.timestamp, KeyRotation(adding: [new.object], revoking: [old]))],
      keys: KeyRing(setup.keys + [new]), now: now)
    #expect(try repository.formerKeyIDs(of: .timestamp) == [old])
    #expect(try repository.formerKeyIDs(of: .root) == [])
    let docs = try Role(named: "docs")
    let first = try PrivateKey()
    let second = try PrivateKey()
    for (key, other) in [(first, second), (second, first)] {
      _ = try repository.delegate(
        Delegation(docs, .paths(["docs/*"]), keys: [key.object]),
        keys: KeyRing(setup.keys + [new, key, other]), now: now)
    }
    #expect(try repository.formerKeyIDs(of: docs) == [first.object.id])
  }
}
