import Bytes
import Repository
import Testing

@testable import TUF

@Suite struct TrustedSetTests {
  let repository: MemoryRepository

  init() throws {
    repository = try MemoryRepository()
  }

  private func trusted(at time: Int64 = now) throws -> TrustedSet {
    try TrustedSet(root: repository.rootBytes(), now: time)
  }

  private func upToTimestamp() throws -> TrustedSet {
    var set = try trusted()
    #expect(try set.updateTimestamp(repository.timestampBytes()))
    return set
  }

  private func upToSnapshot() throws -> TrustedSet {
    var set = try upToTimestamp()
    try set.updateSnapshot(repository.snapshotBytes())
    return set
  }

  @Test func trustsAWholeRepository() throws {
    var set = try upToSnapshot()
    try set.updateTargets(repository.targetsBytes())
    #expect(try set.targets?.target(utf8("app.zip"))?.length == 7)
    #expect(try set.targets?.target(utf8("other.zip")) == nil)
  }

  @Test func refusesTheNextStepBeforeItsBase() throws {
    var set = try trusted()
    let snapshot = try repository.snapshotBytes()
    let targets = try repository.targetsBytes()
    #expect(refusal { () throws(TUFError) in try set.updateSnapshot(snapshot) } == "notListed")
    #expect(refusal { () throws(TUFError) in try set.updateTargets(targets) } == "notListed")
  }

  /// A key object and what is said of it, where it signed and does not count.
  @Test(arguments: [
    (
      #"{"keytype":"rsa","scheme":"rsassa-pss-sha224","keyval":{"public":"x"}}"#,
      "its key abc is of type rsa with scheme rsassa-pss-sha224, which is not supported"
    ),
    (
      #"{"keytype":"ecdsa","scheme":"ecdsa-sha2-nistp384","keyval":{"public":"x"}}"#,
      "its key abc is of type ecdsa with scheme ecdsa-sha2-nistp384, which is not supported"
    ),
    (
      #"{"keytype":"rsa","scheme":"rsa-pkcs1v15-sha256","keyval":{"public":"x"}}"#,
      "its key abc can't be read"
    ),
    (#"{"keytype":"rsa"}"#, "its key abc can't be read"),
  ])
  func namesTheSchemeThatItDoesNotKnow(key: String, fault: String) throws {
    let role = #"{"keyids":["abc"],"threshold":1}"#
    let root = """
      {"signatures":[{"keyid":"abc","sig":"00"}],"signed":{"_type":"root","spec_version":"1.0.31",\
      "version":1,"expires":"2033-01-01T00:00:00Z","consistent_snapshot":true,"keys":{"abc":\(key)},\
      "roles":{"root":\(role),"targets":\(role),"snapshot":\(role),"timestamp":\(role)}}}
      """
    let error = #expect(throws: TUFError.self) { try TrustedSet(root: utf8(root), now: now) }
    #expect(
      error?.description.contains("0 of 1 signatures that it needs are valid; \(fault)") == true)
  }

  // MARK: Timestamp

  private func refused(
    timestamp change: (inout MemoryRepository.Part) -> Void, after set: TrustedSet
  ) throws -> String {
    let before = repository.timestamp
    change(&repository.timestamp)
    let bytes = try repository.timestampBytes()
    repository.timestamp = before
    var set = set
    let version = set.timestamp?.version
    let reason = refusal { () throws(TUFError) in _ = try set.updateTimestamp(bytes) }
    if reason != "nothing" { #expect(set.timestamp?.version == version) }
    return reason
  }

  @Test func refusesATimestampThatIsNotProperlySigned() throws {
    let set = try trusted()
    #expect(try refused(timestamp: { $0.signers = [] }, after: set) == "unsigned")
    let stranger = try PrivateKey()
    #expect(try refused(timestamp: { $0.signers = [stranger] }, after: set) == "unsigned")
    let other = repository.snapshot.keys
    #expect(try refused(timestamp: { $0.signers = other }, after: set) == "unsigned")
  }

  @Test func refusesATimestampWithAFlippedByte() throws {
    let set = try trusted()
    let bytes = try repository.timestampBytes()
    for place in stride(from: 0, to: bytes.count, by: 3) {
      var changed = bytes
      changed[place] ^= 1
      var copy = set
      let reason = refusal { () throws(TUFError) in _ = try copy.updateTimestamp(changed) }
      #expect(reason != "nothing", "byte \(place)")
    }
  }

  @Test func refusesARollbackOfTheTimestamp() throws {
    repository.timestamp.version = 5
    let set = try upToTimestamp()
    #expect(try refused(timestamp: { $0.version = 4 }, after: set) == "rollback")
  }

  @Test func refusesATimestampWithARollbackOfTheSnapshot() throws {
    repository.snapshot.version = 5
    var set = try upToTimestamp()
    repository.snapshot.version = 4
    repository.timestamp.version = 2
    let bytes = try repository.timestampBytes()
    #expect(
      refusal { () throws(TUFError) in _ = try set.updateTimestamp(bytes) } == "rollback")
    #expect(set.timestamp?.snapshot.version == 5)
  }

  @Test func keepsATimestampOfTheSameVersion() throws {
    var set = try upToTimestamp()
    repository.snapshot.version = 9
    #expect(try !set.updateTimestamp(repository.timestampBytes()))
    #expect(set.timestamp?.snapshot.version == 1)
  }

  @Test func refusesAnExpiredTimestampAsAFreeze() throws {
    let set = try trusted()
    #expect(try refused(timestamp: { $0.expires = now - 1 }, after: set) == "expired")
    #expect(try refused(timestamp: { $0.expires = now }, after: set) == "expired")
    #expect(try refused(timestamp: { $0.expires = now + 1 }, after: set) == "nothing")
  }

  @Test func takesAnExpiredTimestampFromDiskOnlyAsABase() throws {
    repository.timestamp.version = 5
    repository.timestamp.expires = now - 1
    let old = try repository.timestampBytes()
    var set = try trusted()
    try set.loadTimestamp(old)
    #expect(refusal { () throws(TUFError) in _ = try set.updateTimestamp(old) } == "expired")
    repository.timestamp.expires = now + 1
    #expect(try refused(timestamp: { $0.version = 4 }, after: set) == "rollback")
    #expect(try refused(timestamp: { $0.version = 6 }, after: set) == "nothing")
  }

  // MARK: Snapshot

  @Test func refusesASnapshotThatTheTimestampDoesNotList() throws {
    var set = try upToTimestamp()
    repository.snapshot.expires += 1
    let sameLength = try repository.snapshotBytes()
    #expect(refusal { () throws(TUFError) in try set.updateSnapshot(sameLength) } == "wrongHash")
    repository.snapshot.version = 10
    let longer = try repository.snapshotBytes()
    #expect(refusal { () throws(TUFError) in try set.updateSnapshot(longer) } == "wrongLength")
    #expect(set.snapshot == nil)
  }

  @Test func refusesASnapshotOfAnotherVersionThanListedAsMixAndMatch() throws {
    // Listed with the hash of what it is, and the version that it is not.
    let bytes = try repository.snapshotBytes()
    let timestamp = try MemoryRepository.sign(
      [
        "_type": "timestamp", "spec_version": "1.0.31", "version": 1,
        "expires": .text(UTCTime.text(now + 60)),
        "meta": ["snapshot.json": MemoryRepository.file(bytes, 2)],
      ], by: repository.timestamp.keys)
    var set = try trusted()
    #expect(try set.updateTimestamp(timestamp))
    #expect(refusal { () throws(TUFError) in try set.updateSnapshot(bytes) } == "wrongVersion")
  }

  @Test func refusesASnapshotThatIsUnsignedOrExpired() throws {
    for reason in ["unsigned", "expired"] {
      let before = repository.snapshot
      if reason == "unsigned" {
        repository.snapshot.signers = repository.targets.keys
      } else {
        repository.snapshot.expires = now
      }
      var set = try upToTimestamp()
      let bytes = try repository.snapshotBytes()
      #expect(refusal { () throws(TUFError) in try set.updateSnapshot(bytes) } == reason)
      #expect(set.snapshot == nil)
      repository.snapshot = before
    }
  }

  @Test func refusesASnapshotWithARollbackOfTargets() throws {
    repository.targets.version = 5
    var set = try upToSnapshot()
    repository.bump()
    repository.targets.version = 4
    #expect(try set.updateTimestamp(repository.timestampBytes()))
    let bytes = try repository.snapshotBytes()
    #expect(refusal { () throws(TUFError) in try set.updateSnapshot(bytes) } == "rollback")
    #expect(set.snapshot?.version == 1)
  }

  @Test func refusesASnapshotThatADelegatedRoleDisappearedFrom() throws {
    repository.delegated = [.init(name: "extra", part: .init(keys: [try PrivateKey()]))]
    var set = try upToSnapshot()
    repository.bump()
    repository.delegated = []
    #expect(try set.updateTimestamp(repository.timestampBytes()))
    let bytes = try repository.snapshotBytes()
    #expect(refusal { () throws(TUFError) in try set.updateSnapshot(bytes) } == "roleDisappeared")
  }

  // MARK: Targets

  @Test func refusesTargetsThatTheSnapshotDoesNotList() throws {
    var set = try upToSnapshot()
    repository.files = [("app.zip", utf8("not app"))]
    let sameLength = try repository.targetsBytes()
    #expect(refusal { () throws(TUFError) in try set.updateTargets(sameLength) } == "wrongHash")
    repository.files = []
    let shorter = try repository.targetsBytes()
    #expect(refusal { () throws(TUFError) in try set.updateTargets(shorter) } == "wrongLength")
    #expect(set.targets == nil)
  }

  @Test func refusesTargetsThatAreUnsignedOrExpired() throws {
    repository.targets.signers = repository.snapshot.keys
    var set = try upToSnapshot()
    var bytes = try repository.targetsBytes()
    #expect(refusal { () throws(TUFError) in try set.updateTargets(bytes) } == "unsigned")
    repository.targets.signers = nil
    repository.targets.expires = now
    set = try upToSnapshot()
    bytes = try repository.targetsBytes()
    #expect(refusal { () throws(TUFError) in try set.updateTargets(bytes) } == "expired")
  }

  @Test func refusesATargetWithoutAHashThatItKnows() throws {
    let bytes = try MemoryRepository.sign(
      [
        "_type": "targets", "spec_version": "1.0.31", "version": 1,
        "expires": .text(UTCTime.text(now + 60)),
        "targets": [
          "unknown": ["length": 1, "hashes": ["md5": "00"]], "none": ["length": 1, "hashes": [:]],
          "short": ["length": 1, "hashes": ["sha256": "00"]],
          "negative": [
            "length": -1, "hashes": ["sha256": .text(String(repeating: "0", count: 64))],
          ],
          "both": [
            "length": 1,
            "hashes": ["sha256": .text(String(repeating: "0", count: 64)), "sha3-256": "x"],
          ],
        ],
      ], by: repository.targets.keys)
    let targets = try Targets(parsing: bytes)
    for (name, reason) in [
      ("unknown", "noKnownHash"), ("none", "noKnownHash"), ("short", "malformed"),
      ("negative", "malformed"), ("both", "nothing"),
    ] {
      #expect(
        refusal { () throws(TUFError) in _ = try targets.target(utf8(name)) } == reason, "\(name)")
    }
  }

  @Test func refusesMetadataOfAnotherType() throws {
    var set = try trusted()
    let bytes = try MemoryRepository.sign(
      [
        "_type": "snapshot", "spec_version": "1.0.31", "version": 1,
        "expires": .text(UTCTime.text(now + 60)), "meta": ["snapshot.json": ["version": 1]],
      ], by: repository.timestamp.keys)
    #expect(
      refusal { () throws(TUFError) in _ = try set.updateTimestamp(bytes) } == "malformed")
  }

  @Test(arguments: [
    ("2.0.0", "unsupportedSpecification"), ("0.9", "unsupportedSpecification"),
    ("1", "unsupportedSpecification"), ("10.0", "unsupportedSpecification"),
    ("1.0.0.0", "unsupportedSpecification"), ("1.x", "unsupportedSpecification"),
    ("1.", "unsupportedSpecification"), ("", "unsupportedSpecification"), ("1.0", "nothing"),
    ("1.0.99", "nothing"), ("1.7", "nothing"),
  ])
  func knowsItsSpecification(version: String, reason: String) throws {
    var set = try trusted()
    let bytes = try MemoryRepository.sign(
      [
        "_type": "timestamp", "spec_version": .text(version), "version": 1,
        "expires": .text(UTCTime.text(now + 60)), "meta": ["snapshot.json": ["version": 1]],
      ], by: repository.timestamp.keys)
    #expect(refusal { () throws(TUFError) in _ = try set.updateTimestamp(bytes) } == reason)
  }
}
