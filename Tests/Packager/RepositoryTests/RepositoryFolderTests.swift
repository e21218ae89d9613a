import FileSystem
import Foundation
import JSON
import TUF
import Testing

@testable import Repository

@Suite struct RepositoryFolderTests {
  @Test func createsARepositoryThatAClientAccepts() throws {
    let setup = try Setup()
    let repository = try setup.create()
    #expect(try setup.fresh() == [:])
    #expect(
      try setup.names("metadata")
        == ["1.root.json", "1.snapshot.json", "1.targets.json", "timestamp.json"])
    #expect(
      try repository.newestRoot
        == FileSystem.read(setup.folder.appending("metadata/1.root.json"), limit: 1 << 20))
    for status in try repository.status(now: now + day / 2) {
      let isOffline = status.role == .root || status.role == .targets
      #expect(status.version == 1)
      #expect(status.threshold == 1)
      #expect(status.daysLeft == (isOffline ? 395 : 20))
      #expect(status.expires == now + (isOffline ? 396 : 21) * day)
      #expect(status.keyIDs.count == 1)
      #expect(status.signedBy == status.keyIDs)
    }
  }

  @Test func refusesAFolderThatHoldsARepository() throws {
    let setup = try Setup()
    _ = try setup.create()
    let before = try setup.names("metadata")
    #expect(refusal { () throws(RepositoryError) in _ = try setup.create() } == "repositoryExists")
    // Also when its timestamp was lost.
    var repository = try RepositoryFolder(setup.folder)
    try repository.refresh([.root], keys: setup.ring, now: now)
    try FileSystem.remove(setup.folder.appending("metadata/timestamp.json"))
    #expect(refusal { () throws(RepositoryError) in _ = try setup.create() } == "repositoryExists")
    #expect(before.count == 4)
  }

  @Test func letsOneKeyServeAllRoles() throws {
    let setup = try Setup()
    let key = setup.keys[0].object
    _ = try RepositoryFolder.create(
      setup.folder, roles: Role.topLevel.map { RoleAssignment($0, keys: [key]) },
      keys: setup.ring, now: now)
    #expect(try setup.fresh() == [:])
  }

  @Test func refusesRolesWithoutKeysAndThresholdsThatCanNotBeMet() throws {
    let setup = try Setup()
    let key = setup.keys[0].object
    func create(_ root: RoleAssignment?) -> String {
      refusal { () throws(RepositoryError) in
        _ = try RepositoryFolder.create(
          setup.folder, roles: setup.roles.dropFirst() + (root.map { [$0] } ?? []),
          keys: setup.ring, now: now)
      }
    }
    #expect(create(nil) == "badThreshold")
    #expect(create(RoleAssignment(.root, keys: [])) == "badThreshold")
    #expect(create(RoleAssignment(.root, keys: [key], threshold: 0)) == "badThreshold")
    #expect(create(RoleAssignment(.root, keys: [key], threshold: 2)) == "badThreshold")
    #expect(create(RoleAssignment(.root, keys: [key, key], threshold: 2)) == "badThreshold")
    #expect(create(RoleAssignment(.root, keys: [try PrivateKey().object])) == "missingKeys")
  }

  @Test func signsWithAThresholdOfKeys() throws {
    let setup = try Setup()
    let roles =
      setup.roles.dropFirst()
      + [RoleAssignment(.root, keys: setup.keys.prefix(3).map(\.object), threshold: 2)]
    var repository = try RepositoryFolder.create(
      setup.folder, roles: Array(roles), keys: setup.ring, now: now)
    let fewer = KeyRing([setup.keys[1]])
    let waiting = try repository.refresh([.root], keys: fewer, now: now).waiting
    #expect(waiting.contains { !$0.isComplete })
    #expect(repository.version(of: .root) == 1)
    _ = try repository.sign(keys: setup.ring, now: now)
    #expect(repository.version(of: .root) == 2)
    #expect(try repository.status(now: now)[0].signedBy.count == 2)
    #expect(try setup.fresh() == [:])
  }

  @Test func publishesTargets() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let done = try repository.addTargets(
      [try setup.addition("app-1.0.zip", "one"), try setup.addition("dir/é b.zip", "two")],
      keys: setup.ring, now: now)
    #expect(done.versions.map(\.role) == [.targets, .snapshot, .timestamp])
    #expect(done.versions.map(\.version) == [2, 2, 2])
    #expect(try setup.fresh() == ["app-1.0.zip": "one", "dir/é b.zip": "two"])
    #expect(try repository.targets().map(\.length) == [3, 3])
    #expect(try setup.findings() == [])
    // A second publisher, with what it knows from the disk alone.
    var other = try RepositoryFolder(setup.folder)
    try other.addTargets([try setup.addition("app-1.1.zip", "three")], keys: setup.ring, now: now)
    // And the first again, which has not seen that.
    try repository.addTargets([try setup.addition("c", "c")], keys: setup.ring, now: now)
    #expect(repository.version(of: .targets) == 4)
    #expect(repository.version(of: .root) == 1)
    #expect(try setup.fresh().count == 4)
  }

  @Test func refusesOtherBytesUnderAKnownName() throws {
    let setup = try Setup()
    var repository = try setup.create()
    try repository.addTargets([try setup.addition("app", "one")], keys: setup.ring, now: now)
    let other = try setup.addition("app", "two")
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([other], keys: setup.ring, now: now)
      } == "targetExists")
    #expect(try setup.fresh() == ["app": "one"])
    #expect(try setup.names("targets").count == 1)
    try repository.addTargets([other], replacing: true, keys: setup.ring, now: now)
    #expect(try setup.fresh() == ["app": "two"])
  }

  @Test func signsNothingForBytesThatAreThereAlready() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let addition = try setup.addition("app", "one", custom: ["notes": "a\nb"])
    try repository.addTargets([addition], keys: setup.ring, now: now)
    let again = try repository.addTargets([addition], keys: setup.ring, now: now)
    #expect(again.versions.isEmpty)
    #expect(again.unchanged.map(\.text) == ["app"])
    #expect(repository.version(of: .timestamp) == 2)
    // Other data about the same bytes is a change.
    let other = try setup.addition("app", "one")
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([other], keys: setup.ring, now: now)
      } == "targetExists")
  }

  @Test func keepsWhatItKnowsNothingOf() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let custom: JSONBuilder = [
      "notes": "\"quoted\"\n\ttab \\ é 😀 \u{1}", "numbers": [1, -2, 9_007_199_254_740_993],
      "nested": ["z": [], "a": [:], "flag": true],
    ]
    let name = "dir/a\"b.zip"
    try repository.addTargets(
      [try setup.addition(name, "one", custom: custom)], keys: setup.ring, now: now)
    try repository.addTargets([try setup.addition("b", "two")], keys: setup.ring, now: now)
    try repository.refresh(Role.topLevel, keys: setup.ring, now: now)
    let kept = try #require(try repository.targets().last?.custom)
    #expect(try CanonicalJSON.encode(kept) == custom.canonical())
    #expect(try setup.fresh() == [name: "one", "b": "two"])
  }

  @Test(arguments: ["[1]", "\"text\"", "7"])
  func refusesDataThatIsNoObject(text: String) throws {
    let setup = try Setup()
    var repository = try setup.create()
    let value = try JSONDocument(parsing: utf8(text)).root
    let addition = try setup.addition("a", "a", custom: .verbatim(value))
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([addition], keys: setup.ring, now: now)
      } == "badTargetData")
  }

  @Test func refusesDataWithAFraction() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let value = try JSONDocument(parsing: utf8("{\"size\":1.5}")).root
    let addition = try setup.addition("a", "a", custom: .verbatim(value))
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([addition], keys: setup.ring, now: now)
      } == "notCanonical")
    #expect(repository.version(of: .targets) == 1)
  }

  @Test func removesATargetAndItsFile() throws {
    let setup = try Setup()
    var repository = try setup.create()
    try repository.addTargets(
      [try setup.addition("a", "one"), try setup.addition("b", "two")], keys: setup.ring, now: now)
    try repository.removeTargets([try TargetName("a")], keys: setup.ring, now: now)
    #expect(try setup.fresh() == ["b": "two"])
    #expect(try setup.names("targets").count == 1)
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.removeTargets([try TargetName("a")], keys: setup.ring, now: now)
      } == "noTarget")
    try repository.removeTargets(
      [try TargetName("b")], keepingFiles: true, keys: setup.ring, now: now)
    #expect(try setup.names("targets").count == 1)
  }

  @Test func removesSeveralTargetsOrNone() throws {
    let setup = try Setup()
    var repository = try setup.create()
    try repository.addTargets(
      [try setup.addition("a", "one"), try setup.addition("b", "two")], keys: setup.ring, now: now)
    let version = repository.version(of: .targets)
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.removeTargets(
          [try TargetName("a"), try TargetName("c")], keys: setup.ring, now: now)
      } == "noTarget")
    #expect(repository.version(of: .targets) == version)
    try repository.removeTargets(
      [try TargetName("a"), try TargetName("b")], keys: setup.ring, now: now)
    #expect(repository.version(of: .targets) == version + 1)
    #expect(try setup.fresh() == [:])
    #expect(try setup.names("targets") == [])
  }

  @Test func tellsWhatCanBeSignedWithTheKeysAtHand() throws {
    let setup = try Setup()
    let repository = try setup.create()
    func split(_ held: [Role]) throws -> (able: [Role], missing: Int) {
      let keys = zip([Role.root, .targets, .snapshot, .timestamp], setup.keys)
        .filter { held.contains($0.0) }.map(\.1)
      let (able, missing) = try repository.split(Role.topLevel, bySignersIn: KeyRing(keys))
      return (able, missing.count)
    }
    #expect(try split(Role.topLevel) == (Role.topLevel, 0))
    #expect(try split([.timestamp]) == ([.timestamp], 3))
    #expect(try split([.snapshot, .timestamp]) == ([.timestamp, .snapshot], 2))
    // A new snapshot needs a new timestamp.
    #expect(try split([.root, .targets, .snapshot]) == ([.root], 3))
  }

  @Test func extendsExpiries() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let later = now + 22 * day
    #expect(
      try setup.findings(at: later).map(\.file).sorted() == [
        "metadata/1.snapshot.json", "metadata/timestamp.json",
      ])
    // What has expired beside it does not keep a role from being signed.
    try repository.refresh([.timestamp], keys: setup.ring, now: later)
    let expired = try repository.status(now: later).filter { $0.daysLeft < 0 }
    #expect(expired.map(\.role) == [.snapshot])
    let done = try repository.refresh([.snapshot], keys: setup.ring, now: later)
    #expect(done.versions.map(\.role) == [.snapshot, .timestamp])
    #expect(try setup.findings(at: later) == [])
    #expect(try setup.fresh(at: later) == [:])
    // Root and targets too, long after everything has expired.
    let muchLater = now + 1000 * day
    var opened = try RepositoryFolder(setup.folder)
    #expect(try opened.status(now: muchLater)[0].daysLeft == -604)
    try opened.refresh(Role.topLevel, keys: setup.ring, now: muchLater)
    #expect(opened.version(of: .root) == 2)
    #expect(opened.newestRoot != repository.newestRoot)
    #expect(try setup.fresh(at: muchLater) == [:])
  }

  @Test func refusesAFolderWithoutARepository() throws {
    let scratch = try Scratch()
    #expect(
      refusal { () throws(RepositoryError) in _ = try RepositoryFolder(scratch.path) }
        == "noRepository")
  }

  @Test(arguments: ["1.root.json", "2.targets.json", "2.snapshot.json", "timestamp.json"])
  func refusesToOpenWhatSomebodyChanged(name: String) throws {
    let setup = try Setup()
    var repository = try setup.create()
    try repository.addTargets([try setup.addition("app", "one")], keys: setup.ring, now: now)
    let path = setup.folder.appending("metadata").appending(name)
    var bytes = try FileSystem.read(path, limit: 1 << 20)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "8")
    let place = try #require(bytes.lastIndex { digits.contains($0) })
    bytes[place] += 1
    try FileSystem.writeAtomically(bytes, to: path)
    #expect(
      refusal { () throws(RepositoryError) in _ = try RepositoryFolder(setup.folder) }
        == "metadata")
  }

  @Test func findsAChangedOrMissingTargetFile() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let addition = try setup.addition("app", "one")
    try repository.addTargets([addition], keys: setup.ring, now: now)
    let file = setup.folder.appending("targets").appending(try setup.names("targets")[0])
    try FileSystem.writeAtomically(utf8("two"), to: file)
    let changed = try setup.findings()
    #expect(changed.count == 1 && changed[0].fault.contains("hash"))
    try FileSystem.remove(file)
    let missing = try setup.findings()
    #expect(missing.count == 1 && missing[0].fault.contains("missing"))
    // Adding the right file again puts it back.
    try repository.addTargets([addition], keys: setup.ring, now: now)
    #expect(try setup.findings() == [])
  }

  @Test(arguments: [0, -5, Int.min])
  func publishesNothingThatHasExpiredAlready(days: Int) throws {
    let setup = try Setup()
    var repository = try setup.create()
    repository.expiries.snapshot = days
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.refresh([.snapshot], keys: setup.ring, now: now)
      } == "expiresAtOnce")
    repository.expiries.snapshot = Int.max
    try repository.refresh([.snapshot], keys: setup.ring, now: now)
    #expect(try setup.fresh(at: now + 20 * day) == [:])
  }

  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "./a", "a\\b", "a\u{0}b", "a\nb",
    "a\u{7f}", String(repeating: "a", count: 191), String(repeating: "a/", count: 600) + "a",
  ])
  func refusesTargetNames(text: String) {
    #expect(
      refusal { () throws(RepositoryError) in _ = try TargetName(text) } == "badTargetName")
  }

  @Test func refusesFoldersAndMissingFilesAsTargets() throws {
    let setup = try Setup()
    var repository = try setup.create()
    for (source, reason) in [(setup.scratch.path, "notAFile"), (Path("/nowhere/at/all"), "file")] {
      let addition = TargetAddition(try TargetName("a"), source: source)
      #expect(
        refusal { () throws(RepositoryError) in
          try repository.addTargets([addition], keys: setup.ring, now: now)
        } == reason)
    }
    let twice = try setup.addition("a", "a")
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([twice, twice], keys: setup.ring, now: now)
      } == "targetNamedTwice")
    #expect(try setup.fresh() == [:])
  }
}
