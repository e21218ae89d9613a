import JSON
import Repository
import Testing

@testable import TUF

/// What whoever has stolen the online keys can make a client hold.
@Suite struct ClientMemoryTests {
  /// 200 kB of text as `[0,0,…]`, which makes 1.2 MB of nodes.
  private static let swelling = JSONBuilder.array(Array(repeating: 0, count: 100_000))

  private static func limits(_ memory: Int64) -> Limits {
    var limits = Limits()
    limits.memory = memory
    return limits
  }

  /// Serves a snapshot, signed as it should be, that also holds something else, or in place of its own `meta`.
  private func serve(
    _ setup: Setup, version: Int64, meta: JSONBuilder? = nil, also other: JSONBuilder = 0
  ) throws {
    let repository = setup.repository
    let targets = try repository.targetsBytes()
    let own: JSONBuilder = ["targets.json": MemoryRepository.file(targets, 1)]
    let snapshot = try MemoryRepository.sign(
      [
        "_type": "snapshot", "spec_version": "1.0.31", "version": .integer(version),
        "expires": "2033-01-01T00:00:00Z", "meta": meta ?? own, "x": other,
      ], by: repository.snapshot.keys)
    let timestamp = try MemoryRepository.sign(
      [
        "_type": "timestamp", "spec_version": "1.0.31", "version": .integer(version),
        "expires": "2033-01-01T00:00:00Z",
        "meta": ["snapshot.json": MemoryRepository.file(snapshot, version)],
      ], by: repository.timestamp.keys)
    repository.served["/metadata/\(version).snapshot.json"] = snapshot
    repository.served["/metadata/timestamp.json"] = timestamp
  }

  @Test func refusesASnapshotThatSwellsBeforeItIsTakenApart() throws {
    let setup = try Setup()
    try serve(setup, version: 2, also: Self.swelling)
    #expect(
      refusal { () throws(TUFError) in
        try setup.client(limits: Self.limits(1 << 20)).refresh()
      } == "tooMuchMemory")
    #expect(try setup.stored("snapshot") == nil)
    // With room for it, it is as good as any other.
    try setup.client(limits: Self.limits(4 << 20)).refresh()
  }

  @Test func fetchesNoMoreThanThereIsRoomFor() throws {
    let setup = try Setup()
    try serve(setup, version: 2, also: Self.swelling)
    #expect(
      refusal { () throws(TUFError) in
        try setup.client(limits: Self.limits(100_000)).refresh()
      } == "tooLong")
  }

  /// The stored one and the new one are held at once; the former is never passed over for that.
  @Test func countsTheOldSnapshotBesideTheNew() throws {
    let setup = try Setup()
    try serve(setup, version: 2, also: Self.swelling)
    let limits = Self.limits(2 << 20)
    try setup.client(limits: limits).refresh()
    try serve(setup, version: 3, also: Self.swelling)
    #expect(
      refusal { () throws(TUFError) in try setup.client(limits: limits).refresh() }
        == "tooMuchMemory")
    try serve(setup, version: 4)
    try setup.client(limits: limits).refresh()
  }

  /// It may be longer than the new one, and than any limit of unlisted lengths.
  @Test func aLongStoredSnapshotStillRevealsARollback() throws {
    let setup = try Setup()
    let targets = MemoryRepository.file(try setup.repository.targetsBytes(), 1)
    var limits = Limits()
    limits.snapshotLength = 100
    let gone: JSONBuilder = ["version": 1]
    try serve(
      setup, version: 2, meta: ["targets.json": targets, "a.json": gone], also: Self.swelling)
    try setup.client(limits: limits).refresh()
    try serve(setup, version: 3, meta: ["targets.json": targets])
    #expect(
      refusal { () throws(TUFError) in try setup.client(limits: limits).refresh() }
        == "roleDisappeared")
  }

  /// A chain of roles, each of which takes some 70 kB.
  private func chain(_ length: Int) throws -> Setup {
    try Setup { repository in
      repository.delegations = ["r0"]
      for number in 0..<length {
        let last = number + 1 == length
        let targets = (0..<250).map { ("r\(number)-\($0)", [UInt8]()) }
        repository.delegated.append(
          .init(
            name: "r\(number)", part: .init(keys: [try PrivateKey()]),
            targets: targets + (last ? [("x", utf8("x"))] : []),
            delegations: last ? [] : ["r\(number + 1)"]))
      }
    }
  }

  @Test func boundsAllRolesOnTheWayTogether() throws {
    let setup = try chain(8)
    let enough = try setup.client(limits: Self.limits(1 << 20))
    try enough.refresh()
    #expect(try enough.target(utf8("x"))?.length == 1)
    #expect(400_000..<(1 << 20) ~= enough.trusted.delegatedMemory)
    let client = try setup.client(limits: Self.limits(200_000))
    try client.refresh()
    #expect(
      refusal { () throws(TUFError) in _ = try client.target(utf8("x")) } == "tooMuchMemory")
    #expect(client.trusted.delegatedMemory <= 200_000)
  }

  @Test func makesRoomForASearchByForgettingEarlierOnes() throws {
    let setup = try Setup { repository in
      for number in 0..<8 {
        repository.delegations.append("r\(number)")
        repository.delegated.append(
          .init(
            name: "r\(number)", part: .init(keys: [try PrivateKey()]),
            paths: [.text("r\(number)-*")],
            targets: (0..<250).map { ("r\(number)-\($0)", [UInt8]()) }))
      }
    }
    let limits = Self.limits(200_000)
    let client = try setup.client(limits: limits)
    try client.refresh()
    for number in 0..<8 {
      #expect(try client.target(utf8("r\(number)-7")) != nil)
      #expect(client.trusted.delegatedMemory <= limits.memory)
    }
    // All of them lie in the store now, and are looked at one after the other.
    let again = try setup.client(limits: limits)
    try again.load()
    #expect(again.trustedRoles.count == 12)
    #expect(again.trusted.delegatedMemory == 0)
  }

  /// Of roles that all match, no more wait than can be visited.
  @Test func manyRolesThatMatchDoNotWaitForNothing() throws {
    let setup = try Setup { repository in
      let role: (Int) -> JSONBuilder = { number in
        [
          "name": .text("r\(number)"), "keyids": [], "threshold": 1, "terminating": false,
          "paths": ["*"],
        ]
      }
      repository.rawDelegations = ["keys": [:], "roles": .array((0..<5000).map(role))]
    }
    let client = try setup.client()
    try client.refresh()
    let delegations = try #require(try client.topLevelTargets().delegations)
    #expect(delegations.roles(for: utf8("x"), atMost: 34).count == 34)
    #expect(delegations.roles(for: utf8("x")).count == 5000)
    #expect(delegations.keys(of: utf8("r4999")) != nil)
    #expect(delegations.keys(of: utf8("r5000")) == nil)
  }
}
