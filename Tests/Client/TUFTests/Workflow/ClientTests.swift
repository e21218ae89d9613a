import FileSystem
import Repository
import Testing

@testable import TUF

@Suite struct ClientTests {
  @Test func storesExactlyTheBytesThatItTrusts() throws {
    let setup = try Setup()
    try setup.refresh()
    #expect(
      setup.fetcher.requests == [
        "/metadata/2.root.json", "/metadata/timestamp.json", "/metadata/1.snapshot.json",
        "/metadata/1.targets.json",
      ])
    for (role, path) in [
      ("root", "1.root.json"), ("timestamp", "timestamp.json"), ("snapshot", "1.snapshot.json"),
      ("targets", "1.targets.json"),
    ] {
      #expect(try setup.stored(role) == setup.repository.served["/metadata/" + path])
    }
    #expect(
      try setup.scratch.names("trusted")
        == [
          "last-refresh", "last-time", "root.json", "snapshot.json", "targets.json",
          "timestamp.json",
        ])
  }

  @Test func makesTwoRequestsWhenNothingHasChanged() throws {
    let setup = try Setup()
    try setup.refresh()
    setup.fetcher.forget()
    try setup.refresh()
    #expect(
      setup.fetcher.requests == ["/metadata/2.root.json", "/metadata/timestamp.json"])
  }

  @Test func fetchesNamesWithoutVersionsWhereSnapshotsAreNotConsistent() throws {
    let setup = try Setup { $0.consistent = false }
    let client = try setup.client()
    try client.refresh()
    #expect(
      setup.fetcher.requests == [
        "/metadata/2.root.json", "/metadata/timestamp.json", "/metadata/snapshot.json",
        "/metadata/targets.json",
      ])
    let target = try #require(try client.target(utf8("app.zip")))
    try client.download(
      target, to: setup.scratch.path.appending("app"), baseURL: "memory://targets/")
    #expect(setup.fetcher.requests.last == "/targets/app.zip")
  }

  @Test func needsATrustedRootToBeginWith() throws {
    let setup = try Setup()
    #expect(
      refusal { () throws(TUFError) in
        _ = try Client(
          store: setup.store, shippedRoot: nil, metadataURL: "memory://metadata",
          fetcher: setup.fetcher, now: now)
      } == "noTrustedRoot")
    _ = try setup.client()
    _ = try Client(
      store: setup.store, shippedRoot: nil, metadataURL: "memory://metadata",
      fetcher: setup.fetcher, now: now)
  }

  @Test func fallsBackOnTheShippedRootWhenTheStoredOneIsBroken() throws {
    let setup = try Setup()
    try setup.refresh()
    try setup.store.write(utf8("root"), utf8("{"))
    try setup.refresh()
    #expect(try setup.stored("root") == setup.shipped)
  }

  @Test func walksTheChainOfRoots() throws {
    let setup = try Setup()
    for version in 2...4 {
      let old = setup.repository.root.keys
      setup.repository.root.keys = [try PrivateKey()]
      setup.repository.root.version = Int64(version)
      try setup.repository.publish(rootAlsoBy: old)
    }
    try setup.refresh()
    #expect(
      setup.fetcher.requests.prefix(4) == [
        "/metadata/2.root.json", "/metadata/3.root.json", "/metadata/4.root.json",
        "/metadata/5.root.json",
      ])
    #expect(try setup.stored("root") == setup.repository.served["/metadata/4.root.json"])
    // What was left behind is known, and never gone back to.
    let history = RootHistory(of: setup.store)
    for version in 1...4 {
      let root = try #require(setup.repository.served["/metadata/\(version).root.json"])
      #expect(history.contains(root) == (version < 4))
    }
    var limits = Limits()
    limits.rootRotations = 2
    let other = try Setup()
    other.repository.served = setup.repository.served
    let client = try Client(
      store: other.store, shippedRoot: setup.shipped, metadataURL: "memory://metadata",
      fetcher: other.fetcher, now: now, limits: limits)
    try client.refresh()
    #expect(client.root.version == 3)
    #expect(other.fetcher.requests.prefix(3).last == "/metadata/timestamp.json")
    try Client(
      store: other.store, shippedRoot: nil, metadataURL: "memory://metadata",
      fetcher: other.fetcher, now: now, limits: limits
    ).refresh()
    #expect(try other.stored("root") == setup.repository.served["/metadata/4.root.json"])
  }

  @Test func keepsTheRootsThatItVerifiedBeforeABadOne() throws {
    let setup = try Setup()
    setup.repository.root.version = 2
    try setup.repository.publish()
    let second = try setup.repository.rootBytes()
    setup.repository.root.keys = [try PrivateKey()]
    setup.repository.root.version = 3
    try setup.repository.publish()
    #expect(refusal { () throws(TUFError) in try setup.refresh() } == "unsigned")
    #expect(try setup.stored("root") == second)
    #expect(try setup.scratch.names("trusted") == ["root-history", "root.json"])
  }

  @Test func takesAnyFailureButAMissingFileForNoEndOfTheChain() throws {
    let setup = try Setup()
    setup.fetcher.broken = ["/metadata/2.root.json"]
    #expect(refusal { () throws(TUFError) in try setup.refresh() } == "fetch")
    #expect(setup.fetcher.requests == ["/metadata/2.root.json"])
  }

  @Test func removesTimestampAndSnapshotWhenTheirKeysRotate() throws {
    let setup = try Setup {
      $0.timestamp.version = 1 << 40
      $0.snapshot.version = 1 << 40
    }
    try setup.refresh()
    let repository = setup.repository
    repository.timestamp.keys = [try PrivateKey()]
    repository.root.version = 2
    repository.timestamp.version = 1
    repository.snapshot.version = 1
    try repository.publish()
    repository.served["/metadata/timestamp.json"] = nil
    #expect(refusal { () throws(TUFError) in try setup.refresh() } == "fetch")
    #expect(
      try setup.scratch.names("trusted") == [
        "last-refresh", "last-time", "root-history", "root.json", "targets.json",
      ])
    try repository.publish()
    try setup.refresh()
    #expect(try setup.stored("snapshot") == repository.snapshotBytes())
  }

  /// What of a new release is broken, how the refresh fails, and which of its files are kept.
  @Test(arguments: [
    ("timestamp", "unsigned", []), ("snapshot", "wrongHash", ["timestamp"]),
    ("targets", "wrongHash", ["timestamp", "snapshot"]),
    ("no timestamp", "fetch", []), ("no snapshot", "fetch", ["timestamp"]),
    ("no targets", "fetch", ["timestamp", "snapshot"]),
    ("frozen timestamp", "expired", []), ("frozen snapshot", "expired", ["timestamp"]),
    ("frozen targets", "expired", ["timestamp", "snapshot"]),
    ("endless timestamp", "tooLong", []), ("endless snapshot", "tooLong", ["timestamp"]),
    ("endless targets", "tooLong", ["timestamp", "snapshot"]),
  ])
  func keepsWhatWasVerifiedBeforeAFailure(
    fault: String, reason: String, kept: [String]
  ) throws {
    let setup = try Setup()
    try setup.refresh()
    let repository = setup.repository
    var expected: [String: [UInt8]] = [:]
    for role in ["root", "timestamp", "snapshot", "targets"] {
      expected[role] = try setup.stored(role)
    }
    repository.bump()
    repository.files = [("app.zip", utf8("the next app"))]
    if fault == "frozen timestamp" { repository.timestamp.expires = now }
    if fault == "frozen snapshot" { repository.snapshot.expires = now }
    if fault == "frozen targets" { repository.targets.expires = now }
    if fault == "timestamp" { repository.timestamp.signers = repository.root.keys }
    try repository.publish()
    let paths = [
      "timestamp": "/metadata/timestamp.json", "snapshot": "/metadata/2.snapshot.json",
      "targets": "/metadata/2.targets.json",
    ]
    for role in kept { expected[role] = repository.served[paths[role]!] }
    switch fault {
    case "snapshot", "targets": repository.served[paths[fault]!]![9] ^= 1
    case "no timestamp", "no snapshot", "no targets":
      repository.served[paths[String(fault.dropFirst(3))]!] = nil
    case "endless timestamp":
      repository.served[paths["timestamp"]!]! += [UInt8](repeating: 32, count: 16 << 10)
    case "endless snapshot", "endless targets":
      repository.served[paths[String(fault.dropFirst(8))]!]!.append(32)
    default: break
    }
    #expect(refusal { () throws(TUFError) in try setup.refresh() } == reason)
    for (role, bytes) in expected { #expect(try setup.stored(role) == bytes, "\(role)") }
    // Nothing that failed harms a later run.
    repository.timestamp.signers = nil
    for role in [\MemoryRepository.timestamp, \.snapshot, \.targets] {
      repository[keyPath: role].expires = now + 86_400
      repository[keyPath: role].version += 1
    }
    try repository.publish()
    try setup.refresh()
    #expect(try setup.stored("targets") == repository.targetsBytes())
  }

  @Test func refusesARollbackAgainstWhatIsStored() throws {
    let setup = try Setup {
      $0.timestamp.version = 5
      $0.snapshot.version = 5
    }
    try setup.refresh()
    let stored = try setup.stored("timestamp")
    setup.repository.timestamp.version = 4
    try setup.repository.publish()
    #expect(refusal { () throws(TUFError) in try setup.refresh() } == "rollback")
    #expect(try setup.stored("timestamp") == stored)
  }

  @Test func refusesAFreezeBeyondTheExpiry() throws {
    let setup = try Setup()
    try setup.refresh()
    #expect(
      refusal { () throws(TUFError) in try setup.refresh(at: now + 86_400 * 31) } == "expired")
  }

  @Test func fetchesAnewWhatIsBrokenOnDisk() throws {
    let setup = try Setup()
    try setup.refresh()
    for role in ["timestamp", "snapshot", "targets"] {
      try setup.store.write(utf8(role), utf8("{}"))
      try setup.refresh()
      #expect(
        try setup.stored(role)
          == setup.repository.served[
            "/metadata/" + (role == "timestamp" ? "" : "1.") + role + ".json"])
    }
  }
}
