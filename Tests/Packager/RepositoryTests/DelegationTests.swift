import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// Roles below the top-level targets.
struct DelegationTests {
  let setup: Setup
  let fleet: Fleet
  let writer: PrivateKey
  let ring: KeyRing

  init() throws {
    setup = try Setup()
    fleet = try Fleet(setup)
    writer = try PrivateKey()
    ring = KeyRing(setup.keys + [writer])
  }

  func begin() throws -> RepositoryFolder {
    var repository = try setup.create()
    try repository.addTargets([try setup.addition("app", "one")], keys: setup.ring, now: now)
    try fleet.addNewcomer()
    try fleet.addCurrent()
    return repository
  }

  func role(_ name: String) throws -> Role { try Role(named: name) }

  func paths(_ name: String, _ patterns: String...) throws -> Delegation {
    Delegation(try role(name), .paths(patterns), keys: [writer.object])
  }

  /// Why a delegation is refused.
  func refusalToDelegate(
    _ delegation: Delegation, from delegator: Role = .targets, in repository: RepositoryFolder
  ) -> String {
    var repository = repository
    return refusal { () throws(RepositoryError) in
      _ = try repository.delegate(delegation, from: delegator, keys: ring, now: now)
    }
  }

  func sound() throws {
    #expect(try setup.findings() == [])
  }

  @Test func aRoleSpeaksForItsPathsOnly() throws {
    var repository = try begin()
    let done = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    #expect(done.versions.map(\.role.name) == ["targets", "docs", "snapshot", "timestamp"])
    let added = try repository.addTargets(
      [
        try setup.addition("docs/a", "a"), try setup.addition("docs/deep/b", "b"),
        try setup.addition("c", "c"),
      ], keys: ring, now: now)
    #expect(
      added.versions.map { "\($0.role.name) \($0.version)" } == [
        "docs 2", "targets 4", "snapshot 4", "timestamp 4",
      ])
    try fleet.check(["app": "one", "docs/a": "a", "docs/deep/b": "b", "c": "c"])
    try sound()
    // The writer alone, beside the machine that signs snapshot and timestamp.
    let few = KeyRing(setup.keys.suffix(2) + [writer])
    let more = try repository.addTargets(
      [try setup.addition("docs/d", "d")], keys: few, now: now)
    #expect(more.versions.map(\.role.name) == ["docs", "snapshot", "timestamp"])
    try fleet.check(["docs/d": "d"])
    try repository.removeTargets([try TargetName("docs/a")], keys: few, now: now)
    #expect(try setup.names("targets/docs").count == 2)
    try sound()
  }

  @Test func sayingTheSameAgainSignsNothing() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    let again = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    #expect(again.versions.isEmpty && again.waiting.isEmpty)
    let other = try repository.delegate(try paths("docs", "docs/*", "d"), keys: ring, now: now)
    #expect(other.versions.map(\.role.name) == ["targets", "snapshot", "timestamp"])
    try sound()
  }

  @Test func tiersAsAnIndexOfPackagesHasThem() throws {
    var repository = try begin()
    let bins = try PrivateKey()
    let project = try PrivateKey()
    let all = KeyRing(setup.keys + [writer, bins, project])
    for tier in ["claimed", "recently-claimed", "unclaimed"] {
      var delegation = try paths(tier, "*/*")
      delegation.delegatesFurther = true
      _ = try repository.delegate(delegation, keys: all, now: now)
    }
    _ = try repository.delegate(
      Delegation(try role("bin"), .bins(bits: 4, isSuccinct: true), keys: [bins.object]),
      from: try role("unclaimed"), keys: all, now: now)
    try fleet.addCurrent()
    _ = try repository.addTargets(
      [try setup.addition("acme/1", "a"), try setup.addition("other/1", "o")], keys: all, now: now)
    #expect(try repository.holder(of: "acme/1")?.hasPrefix("bin-") == true)
    // The project is claimed: from then on its own key speaks for it.
    _ = try repository.delegate(
      Delegation(try role("acme"), .paths(["acme/*"]), keys: [project.object]),
      from: try role("recently-claimed"), keys: all, now: now)
    try repository.removeTargets(
      [try TargetName("acme/1")], keepingFiles: true, keys: all, now: now)
    _ = try repository.addTargets([try setup.addition("acme/1", "a")], keys: all, now: now)
    #expect(try repository.holder(of: "acme/1") == "acme")
    try fleet.check(["acme/1": "a", "other/1": "o"])
    // Promoted, it keeps its metadata.
    let moved = try repository.move(
      try role("acme"), to: try role("claimed"), keys: all, now: now)
    #expect(
      moved.versions.map(\.role.name) == ["recently-claimed", "claimed", "snapshot", "timestamp"])
    try fleet.check(["acme/1": "a", "other/1": "o"])
    let again = try repository.move(
      try role("acme"), to: try role("claimed"), keys: all, now: now)
    #expect(again.versions.isEmpty)
    _ = try repository.addTargets([try setup.addition("acme/2", "b")], keys: all, now: now)
    #expect(try repository.holder(of: "acme/2") == "acme")
    try fleet.check(["acme/2": "b"])
    try sound()
  }

  @Test func aRoleIsRevokedAndBeginsAnew() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("docs/a", "a")], keys: ring, now: now)
    try fleet.addCurrent()
    _ = try repository.revokeDelegation(of: try role("docs"), keys: ring, now: now)
    #expect(try repository.holder(of: "docs/a") == nil)
    try fleet.check(["app": "one"])
    try sound()
    // Its versions go on, or clients would see a rollback.
    let done = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    #expect(done.versions.first { $0.role.name == "docs" }?.version == 3)
    #expect(try repository.holder(of: "docs/a") == nil)
    try fleet.check(["app": "one"])
    try sound()
  }

  @Test func keysOfARoleAreReplaced() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("docs/a", "a")], keys: ring, now: now)
    try fleet.addCurrent()
    let new = try PrivateKey()
    let done = try repository.rotate(
      [(try role("docs"), KeyRotation(adding: [new.object], revoking: [writer.object.id]))],
      keys: KeyRing(setup.keys + [new]), now: now)
    #expect(done.versions.map(\.role.name) == ["targets", "docs", "snapshot", "timestamp"])
    #expect(try repository.keyIDs(of: try role("docs")) == [new.object.id])
    try fleet.check(["docs/a": "a"])
    try sound()
  }

  @Test func aTargetGoesWhereClientsFindIt() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    _ = try repository.delegate(try paths("late", "docs/*"), keys: ring, now: now)
    let name = try TargetName("docs/a")
    let addition = try setup.addition("docs/a", "a")
    let stray = try setup.addition("elsewhere", "a")
    for (addition, role, reason) in [
      (stray, "docs", "notDelegated"), (addition, "nobody", "notDelegated"),
    ] {
      #expect(
        refusal { () throws(RepositoryError) in
          try repository.addTargets([addition], to: Role(named: role), keys: ring, now: now)
        } == reason)
    }
    _ = try repository.addTargets([addition], keys: ring, now: now)
    #expect(try repository.holder(of: name.text) == "docs")
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([addition], to: Role(named: "late"), keys: ring, now: now)
      } == "targetElsewhere")
    try sound()
  }

  @Test func aTargetThatIsListedAlreadyIsReplacedWhereItIs() throws {
    var repository = try begin()
    try repository.addTargets([try setup.addition("docs/a", "old")], keys: ring, now: now)
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    let addition = try setup.addition("docs/a", "new")
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([addition], keys: ring, now: now)
      } == "targetExists")
    _ = try repository.addTargets([addition], replacing: true, keys: ring, now: now)
    #expect(try repository.holder(of: "docs/a") == "targets")
    try fleet.check(["docs/a": "new"])
  }

  @Test func aTargetIsRemovedFromAllThatListIt() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("one", "x/*"), keys: ring, now: now)
    _ = try repository.delegate(try paths("two", "*/*"), keys: ring, now: now)
    let name = try TargetName("x/a")
    _ = try repository.addTargets(
      [try setup.addition("x/a", "old")], to: try role("two"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("x/a", "new")], keys: ring, now: now)
    try fleet.check(["x/a": "new"])
    let done = try repository.removeTargets([name], keys: ring, now: now)
    #expect(done.versions.map(\.role.name) == ["one", "two", "snapshot", "timestamp"])
    #expect(try repository.holder(of: "x/a") == nil)
    try sound()
  }

  /// What would hide a target, and is refused.
  @Test func aDelegatorAndItsChildChangeKeysTogether() throws {
    var repository = try begin()
    var tier = try paths("tier", "*/*")
    tier.delegatesFurther = true
    _ = try repository.delegate(tier, keys: ring, now: now)
    _ = try repository.delegate(
      try paths("child", "x/*"), from: try role("tier"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("x/a", "a")], keys: ring, now: now)
    let new = try PrivateKey()
    let change = KeyRotation(adding: [new.object], revoking: [writer.object.id])
    let all = KeyRing(setup.keys + [writer, new])
    let rotations = [(try role("child"), change), (try role("tier"), change)]
    _ = try repository.rotate(rotations, keys: all, now: now)
    for name in ["tier", "child"] {
      #expect(try repository.keyIDs(of: try role(name)) == [new.object.id])
    }
    try fleet.check(["x/a": "a"])
    try sound()
  }

  @Test func forHowLongARoleIsValidChanges() throws {
    var repository = try begin()
    var docs = try paths("docs", "docs/*")
    _ = try repository.delegate(docs, keys: ring, now: now)
    docs.days = 3
    let done = try repository.delegate(docs, keys: ring, now: now)
    #expect(done.versions.map(\.role.name) == ["docs", "snapshot", "timestamp"])
    #expect(try repository.delegatedStatus(now: now)[0].daysLeft == 3)
    #expect(try repository.delegate(docs, keys: ring, now: now).versions.isEmpty)
  }

  @Test func targetsMayBeKeptElsewhere() throws {
    var repository = try begin()
    let digest = Digest(.sha256, of: utf8("far away"))
    let addition = TargetAddition(try TargetName("far"), length: 8, sha256: digest)
    _ = try repository.addTargets([addition], keys: ring, now: now)
    let again = try repository.addTargets([addition], keys: ring, now: now)
    #expect(again.versions.isEmpty && again.unchanged.count == 1)
    #expect(try setup.findings().count == 1)
    #expect(try RepositoryAudit(setup.folder, now: now, files: .elsewhere).findings == [])
  }

  /// Delegations that nobody could use, and how they are refused.
  @Test(arguments: [
    ("targets", Delegation.Scope.paths(["a"]), 1, "badRoleName"),
    ("a/b", .paths(["a"]), 1, "badRoleName"), ("é", .paths(["a"]), 1, "badRoleName"),
    ("a", .paths([]), 1, "badScope"),
    ("a", .paths([""]), 1, "badScope"), ("a", .hashPrefixes([]), 1, "badScope"),
    ("a", .hashPrefixes(["AB"]), 1, "badScope"),
    ("a", .bins(bits: 0, isSuccinct: true), 1, "badScope"),
    ("a", .bins(bits: 17, isSuccinct: false), 1, "badScope"),
    ("a", .paths(["a"]), 2, "badThreshold"),
    ("a", .paths(["a"]), 0, "badThreshold"),
  ])
  func refusesWhatIsNoUse(
    name: String, scope: Delegation.Scope, threshold: Int, reason: String
  ) throws {
    let repository = try begin()
    let delegation = Delegation(
      try role(name), scope, keys: [writer.object], threshold: threshold)
    #expect(refusalToDelegate(delegation, in: repository) == reason)
  }

  @Test func aNameBelongsToOneDelegator() throws {
    var repository = try begin()
    var tier = try paths("tier", "*")
    tier.delegatesFurther = true
    _ = try repository.delegate(tier, keys: ring, now: now)
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    let docs = try paths("docs", "docs/*")
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.delegate(docs, from: Role(named: "tier"), keys: ring, now: now)
      } == "delegatedElsewhere")
  }

  @Test func keepsForHowLongARoleIsValid() throws {
    var repository = try begin()
    var docs = try paths("docs", "docs/*")
    docs.days = 9
    _ = try repository.delegate(docs, keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("docs/a", "a")], keys: ring, now: now)
    let text = String(
      decoding: try FileSystem.read(
        setup.folder.appending("metadata/2.docs.json"), limit: 1 << 20), as: UTF8.self)
    #expect(text.contains("\"expires\":\"2023-11-23T22:13:20Z\""))
    try fleet.check(["docs/a": "a"], at: now + 8 * day)
  }

  @Test func aDelegatedRoleCanWaitForItsKeys() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    let done = try repository.addTargets(
      [try setup.addition("docs/a", "a")], keys: setup.ring, now: now)
    #expect(done.waiting.map(\.role.name) == ["docs"])
    #expect(done.waiting[0].source == "targets 3")
    let signed = try repository.sign(keys: ring, now: now)
    #expect(signed.versions.map(\.role.name) == ["docs", "snapshot", "timestamp"])
    try fleet.check(["docs/a": "a"])
  }
}

extension RepositoryFolder {
  /// The name of the role in which clients find a target.
  func holder(of name: String) throws -> String? {
    try TargetRouter(state).holder(of: utf8(name))?.name
  }
}
