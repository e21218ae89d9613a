import Bytes
import JSON
import Repository
import Testing

@testable import TUF

@Suite struct RootUpdateTests {
  let repository: MemoryRepository

  init() throws {
    repository = try MemoryRepository()
  }

  private func trusted() throws -> TrustedSet {
    try TrustedSet(root: repository.rootBytes(), now: now)
  }

  private func refused(_ bytes: [UInt8], after set: TrustedSet) -> String {
    var set = set
    let version = set.root.version
    let reason = refusal { () throws(TUFError) in
      _ = try set.updateRoot(bytes, file: "2.root.json")
    }
    if reason != "nothing" { #expect(set.root.version == version) }
    return reason
  }

  @Test func refusesAFirstRootThatDoesNotVerifyItself() throws {
    repository.root.signers = [try PrivateKey()]
    let bytes = try repository.rootBytes()
    #expect(
      refusal { () throws(TUFError) in _ = try TrustedSet(root: bytes, now: now) } == "unsigned")
  }

  @Test func beginsWithAnExpiredRootButRefusesItInTheEnd() throws {
    repository.root.expires = now
    let set = try trusted()
    #expect(refusal { () throws(TUFError) in try set.checkRootExpiry() } == "expired")
  }

  @Test func takesARootThatOldAndNewKeysSigned() throws {
    let set = try trusted()
    let old = repository.root.keys
    repository.root.keys = [try PrivateKey()]
    repository.root.version = 2
    #expect(refused(try repository.rootBytes(alsoBy: old), after: set) == "nothing")
  }

  @Test func refusesARootThatOnlyNewKeysSigned() throws {
    let set = try trusted()
    repository.root.keys = [try PrivateKey()]
    repository.root.version = 2
    #expect(refused(try repository.rootBytes(), after: set) == "unsigned")
  }

  @Test func refusesARootThatOnlyOldKeysSigned() throws {
    let set = try trusted()
    repository.root.signers = repository.root.keys
    repository.root.keys = [try PrivateKey()]
    repository.root.version = 2
    #expect(refused(try repository.rootBytes(), after: set) == "unsigned")
  }

  @Test(arguments: [
    (0, "malformed"), (1, "rollback"), (3, "wrongVersion"), (Int64.max, "wrongVersion"),
  ])
  func refusesAnyVersionButTheNext(version: Int64, reason: String) throws {
    let set = try trusted()
    repository.root.version = version
    #expect(refused(try repository.rootBytes(), after: set) == reason)
  }

  @Test func countsAThresholdOfDistinctKeys() throws {
    repository.root.keys.append(try PrivateKey())
    repository.root.threshold = 2
    let set = try trusted()
    repository.root.version = 2
    #expect(refused(try repository.rootBytes(), after: set) == "nothing")
    repository.root.signers = [repository.root.keys[0]]
    #expect(refused(try repository.rootBytes(), after: set) == "unsigned")
    // The same id twice is refused outright, so that nobody counts it twice.
    repository.root.signers = [repository.root.keys[0], repository.root.keys[0]]
    #expect(refused(try repository.rootBytes(), after: set) == "malformed")
  }

  @Test func neverMeetsAThresholdAboveTheNumberOfKeys() throws {
    repository.root.threshold = 2
    let bytes = try repository.rootBytes()
    #expect(
      refusal { () throws(TUFError) in _ = try TrustedSet(root: bytes, now: now) } == "unsigned")
  }

  /// A root whose root role lists one key under several ids, each with a signature.
  private func root(ids: [String], threshold: Int64, key: PrivateKey, object: JSONBuilder? = nil)
    throws -> [UInt8]
  {
    let signed: JSONBuilder = [
      "_type": "root", "spec_version": "1.0.31", "version": 1, "consistent_snapshot": true,
      "expires": .text(UTCTime.text(now + 60)),
      "keys": .object(ids.map { (utf8($0), object ?? key.object.json) }),
      "roles": .object(
        ["root", "timestamp", "snapshot", "targets"].map {
          (
            utf8($0),
            ["keyids": .array(ids.map { .text($0) }), "threshold": .integer(threshold)]
          )
        }),
    ]
    let signature = MemoryRepository.hex(key.sign(try signed.canonical()))
    let envelope: JSONBuilder = [
      "signatures": .array(ids.map { ["keyid": .text($0), "sig": .text(signature)] }),
      "signed": signed,
    ]
    return try envelope.canonical()
  }

  @Test func countsOneKeyUnderTwoIdsOnce() throws {
    let key = try PrivateKey()
    let two = try root(ids: ["one", "two"], threshold: 2, key: key)
    #expect(
      refusal { () throws(TUFError) in _ = try TrustedSet(root: two, now: now) } == "unsigned")
    let one = try root(ids: ["one", "two"], threshold: 1, key: key)
    #expect(refusal { () throws(TUFError) in _ = try TrustedSet(root: one, now: now) } == "nothing")
  }

  @Test func neverCountsAKeyOfAnUnknownType() throws {
    let key = try PrivateKey()
    let unknown: JSONBuilder = [
      "keytype": "ed25519", "scheme": "ed25519ph", "x-more": [1, true],
      "keyval": ["public": .text(key.object.text)],
    ]
    let bytes = try root(ids: ["one"], threshold: 1, key: key, object: unknown)
    #expect(
      refusal { () throws(TUFError) in _ = try TrustedSet(root: bytes, now: now) } == "unsigned")
  }

  @Test func recoversFromAFastForwardWhenKeysRotate() throws {
    for rotate in [true, false] {
      let repository = try MemoryRepository()
      repository.timestamp.version = 1 << 40
      repository.snapshot.version = 1 << 40
      var set = try TrustedSet(root: repository.rootBytes(), now: now)
      #expect(try set.updateTimestamp(repository.timestampBytes()))
      try set.updateSnapshot(repository.snapshotBytes())
      repository.root.version = 2
      repository.timestamp.version = 2
      repository.snapshot.version = 2
      if rotate { repository.snapshot.keys = [try PrivateKey()] }
      let ended = try set.updateRoot(repository.rootBytes(), file: "2.root.json")
      #expect(ended == EndedTrust(timestamp: rotate, snapshot: rotate))
      #expect((set.timestamp == nil) == rotate)
      #expect((set.snapshot == nil) == rotate)
      let bytes = try repository.timestampBytes()
      let reason = refusal { () throws(TUFError) in _ = try set.updateTimestamp(bytes) }
      #expect(reason == (rotate ? "nothing" : "rollback"))
    }
  }

  @Test func newKeysOfTargetsEndTheSnapshotThatTheirVersionsAreComparedWith() throws {
    let repository = try MemoryRepository()
    repository.targets.version = 1 << 40
    var set = try TrustedSet(root: repository.rootBytes(), now: now)
    _ = try set.updateTimestamp(repository.timestampBytes())
    try set.updateSnapshot(repository.snapshotBytes())
    repository.root.version = 2
    repository.targets.keys = [try PrivateKey()]
    let ended = try set.updateRoot(repository.rootBytes(), file: "2.root.json")
    #expect(ended == EndedTrust(timestamp: false, snapshot: true))
    #expect(set.timestamp != nil)
    repository.bump()
    repository.targets.version = 2
    #expect(try set.updateTimestamp(repository.timestampBytes()))
    try set.updateSnapshot(repository.snapshotBytes())
    try set.updateTargets(repository.targetsBytes())
    #expect(set.targets?.version == 2)
  }

  @Test func keysAreToldApartByWhatTheyAreAndNotByTheirIds() throws {
    let (old, new) = (try PrivateKey(), try PrivateKey())
    let first = try Root(parsing: root(ids: ["one"], threshold: 1, key: old), file: "")
    let renamed = try Root(parsing: root(ids: ["two"], threshold: 1, key: old), file: "")
    let replaced = try Root(parsing: root(ids: ["one"], threshold: 1, key: new), file: "")
    #expect(first.timestamp.hasSameKeys(as: renamed.timestamp))
    #expect(!first.timestamp.hasSameKeys(as: replaced.timestamp))
  }
}
