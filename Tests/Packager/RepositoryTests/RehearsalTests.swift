import FileSystem
import Rehearsal
import Repository
import TUF
import Testing

/// Bad days, played before they come.
struct RehearsalTests {
  private let setup: Setup

  init() throws { setup = try Setup() }

  private func play(at time: Int64 = now) throws -> [BadDay] {
    let sandbox = try Scratch()
    return try BadDays(RepositoryFolder(setup.folder), in: sandbox.path, now: time).days
  }

  private func outcome(_ days: [BadDay], _ event: String) throws -> BadDay.Outcome {
    let day = days.first { $0.event.contains(event) }
    return try #require(day, "no day has \(event)").outcome
  }

  private func create(rootKeys: [PrivateKey], threshold: Int = 1) throws -> RepositoryFolder {
    var roles = setup.roles
    roles[0] = RoleAssignment(.root, keys: rootKeys.map(\.object), threshold: threshold)
    return try RepositoryFolder.create(
      setup.folder, roles: roles, keys: KeyRing(setup.keys + rootKeys), now: now)
  }

  @Test func aSoundSetUpSurvivesAllThatCanBePreparedFor() throws {
    let recovery = try PrivateKey()
    _ = try create(rootKeys: [setup.keys[0], recovery])
    let days = try play()
    let stuck = days.filter { $0.outcome == .stuck }
    #expect(stuck.map(\.isBeyondHelp) == [true])
    #expect(try outcome(days, "today") == .unharmed)
    for event in [
      "timestamp is not renewed", "root is not renewed", "freeze", "endless data", "stale CDN",
      "replay",
      "mix and match", "botched rotation", "of targets is lost",
    ] {
      #expect(try outcome(days, event) == .safe, "\(event)")
    }
    #expect(try outcome(days, "\(recovery.object.id.prefix(8)) of root is lost") == .unharmed)
    #expect(try outcome(days, "all keys of root") == .stuck)
  }

  @Test func theOnlyRootKeyIsASinglePointOfFailure() throws {
    _ = try setup.create()
    let days = try play()
    let stuck = days.filter { $0.outcome == .stuck && !$0.isBeyondHelp }
    #expect(stuck.map(\.event) == ["the key \(setup.keys[0].object.id.prefix(8)) of root is lost"])
    #expect(stuck[0].remedy.contains("rotate root --add ANOTHER.key"))
  }

  @Test func soIsEachOfTwoThatMustBothSign() throws {
    let keys = [try PrivateKey(), try PrivateKey()]
    _ = try create(rootKeys: keys, threshold: 2)
    let days = try play()
    #expect(days.filter { $0.outcome == .stuck && !$0.isBeyondHelp }.count == 2)
  }

  @Test func aKeyOfSeveralRolesIsLostForAll() throws {
    var roles = setup.roles
    let shared = try PrivateKey()
    roles[2] = RoleAssignment(.snapshot, keys: [shared.object])
    roles[3] = RoleAssignment(.timestamp, keys: [shared.object])
    _ = try RepositoryFolder.create(
      setup.folder, roles: roles, keys: KeyRing(setup.keys + [shared]), now: now)
    let days = try play()
    let day = try #require(days.first { $0.event.contains("of timestamp, snapshot is lost") })
    #expect(day.outcome == .safe)
    #expect(day.remedy.contains("rotate timestamp") && day.remedy.contains("rotate snapshot"))
  }

  /// A snapshot that runs out before the timestamp ends a freeze as well.
  @Test func whateverRunsOutFirstEndsAFreeze() throws {
    var repository = try setup.create()
    try repository.refresh([.timestamp], keys: setup.ring, now: now + 10 * day)
    let days = try play(at: now + 10 * day)
    #expect(try outcome(days, "freeze") == .safe)
  }

  /// Each of two roles needs a key that both have lost.
  @Test func sharedKeysAreReplacedInAllRolesTogether() throws {
    let (shared, own, other) = (try PrivateKey(), try PrivateKey(), try PrivateKey())
    var roles = setup.roles
    roles[2] = RoleAssignment(.snapshot, keys: [own.object, shared.object], threshold: 2)
    roles[3] = RoleAssignment(.timestamp, keys: [other.object, shared.object], threshold: 2)
    _ = try RepositoryFolder.create(
      setup.folder, roles: roles, keys: KeyRing(setup.keys + [shared, own, other]), now: now)
    let days = try play()
    #expect(try outcome(days, "all keys of snapshot are lost") == .safe)
    #expect(try outcome(days, "all keys of timestamp are lost") == .safe)
  }

  @Test func keysOfDelegatedRolesAreLostToo() throws {
    var repository = try setup.create()
    let writer = try PrivateKey()
    let machine = try PrivateKey()
    let deep = try PrivateKey()
    let all = KeyRing(setup.keys + [writer, machine, deep])
    _ = try repository.delegate(
      Delegation(try Role(named: "docs"), .paths(["docs/*"]), keys: [writer.object]), keys: all,
      now: now)
    _ = try repository.delegate(
      Delegation(
        try Role(named: "bins"), .bins(bits: 4, isSuccinct: false), keys: [machine.object]),
      keys: all, now: now)
    let guide = try Role(named: "guide")
    _ = try repository.delegate(
      Delegation(guide, .paths(["docs/guide/*"]), keys: [deep.object]),
      from: try Role(named: "docs"), keys: all, now: now)
    let days = try play()
    #expect(try outcome(days, "\(writer.object.id.prefix(8)) of docs is lost") == .safe)
    #expect(try outcome(days, "\(deep.object.id.prefix(8)) of guide is lost") == .safe)
    let bins = try #require(
      days.first { $0.event.contains("\(machine.object.id.prefix(8)) of bins is lost") })
    #expect(bins.outcome == .safe)
    #expect(bins.remedy.hasPrefix("bundle-esky rotate bins --replace"))
  }

  @Test func whatClientsRefuseTodayIsSaidAtOnce() throws {
    _ = try setup.create()
    let days = try play(at: now + 30 * day)
    #expect(days.map(\.outcome) == [.safe])
    #expect(days[0].seen.contains("expired"))
  }

  @Test func nothingOfTheRepositoryChanges() throws {
    _ = try setup.create()
    let before = try setup.names("metadata")
    _ = try play()
    #expect(try setup.names("metadata") == before)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
  }
}
