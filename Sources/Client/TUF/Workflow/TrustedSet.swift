/// The metadata that is trusted so far; bytes go in, and what passes every check stays.
///
/// It does no I/O and knows no clock: all expiry is against the time that the update began (TUF 1.0.34
/// §5.1). Nothing that fails a check is kept.
public struct TrustedSet: Sendable {
  /// When the update began, in seconds since 1970 UTC.
  public private(set) var now: Int64
  /// What the clock said then, where an earlier update is known to have been later.
  private var clock: Int64?
  /// The newest trusted root.
  public private(set) var root: Root
  /// The trusted timestamp, be it an expired one that only serves to detect a rollback.
  public private(set) var timestamp: Timestamp?
  /// The trusted snapshot, be it an old one that only serves to detect a rollback.
  public private(set) var snapshot: Snapshot?
  /// The trusted top-level targets.
  public internal(set) var targets: Targets?
  /// How deep values may be nested in a file.
  private let depth: Int
  /// The most bytes of memory that all metadata may take.
  private let memory: Int64
  /// The bytes of memory that delegated roles take which somebody holds.
  var delegatedMemory: Int64 = 0
  /// The checks that were passed since somebody last emptied this list, in their order.
  var passed: [PassedCheck] = []

  /// §5.2: Load the trusted root metadata; it must verify itself, and may be expired.
  public init(
    root bytes: [UInt8], file: String = "root.json", now: Int64, depth: Int = Limits().depth,
    memory: Int64 = Limits().memory
  ) throws(TUFError) {
    root = try Root(parsing: bytes, file: file, depth: depth)
    try root.verifySelf()
    self.now = now
    self.depth = depth
    self.memory = memory
  }

  /// Lets no expiry be judged by an earlier time than one that is known to have been.
  mutating func begin(notBefore known: Int64) {
    guard known > now else { return }
    if clock == nil { clock = now }
    now = known
  }

  /// The bytes of memory that are left for a snapshot or targets file beside what is held.
  var memoryLeft: Int64 {
    let held =
      root.metadata.memory + (timestamp?.metadata.memory ?? 0) + (snapshot?.metadata.memory ?? 0)
      + (targets?.metadata.memory ?? 0) + delegatedMemory
    return max(0, memory - held)
  }

  private mutating func pass(_ file: String, _ step: StaticString, _ rule: StaticString) {
    passed.append(PassedCheck(file: file, step: step, rule: rule))
  }

  // MARK: §5.3 Update the root role

  /// §5.3.4–§5.3.7: Takes version N+1, signed by the keys of version N and by its own.
  ///
  /// A role whose keys have changed is not trusted any more as a base for rollback checks, so that a
  /// publisher can recover from a fast-forward attack (§5.3.11): new keys of timestamp or snapshot end
  /// both. New keys of targets end the snapshot, which is where its versions are compared; off-spec, as
  /// §5.3.11 does not speak of them.
  ///
  /// - Returns: what of timestamp and snapshot is not trusted any more.
  public mutating func updateRoot(
    _ bytes: [UInt8], file: String
  ) throws(TUFError) -> EndedTrust {
    let new = try Root(parsing: bytes, file: file, depth: depth)
    try new.metadata.verify(root.root)
    try new.verifySelf()
    pass(file, "5.3.4", "signatures by the old keys and the new")
    if new.version <= root.version {
      throw .rollback(file: file, of: "root", version: new.version, trusted: root.version)
    }
    guard new.version - 1 == root.version else {
      throw .wrongVersion(file: file, version: new.version, listed: root.version + 1)
    }
    pass(file, "5.3.5", "version")
    let both =
      !new.timestamp.hasSameKeys(as: root.timestamp) || !new.snapshot.hasSameKeys(as: root.snapshot)
    let ended = EndedTrust(
      timestamp: both, snapshot: both || !new.targets.hasSameKeys(as: root.targets))
    root = new
    if ended.timestamp { timestamp = nil }
    if ended.snapshot { snapshot = nil }
    return ended
  }

  /// §5.3.10: Check the newest root for a freeze attack.
  public func checkRootExpiry() throws(TUFError) {
    try root.metadata.checkExpiry(now: now, clock: clock)
  }

  // MARK: §5.4 Update the timestamp role

  /// Takes the stored timestamp as the base for rollback checks; it may be expired.
  public mutating func loadTimestamp(_ bytes: [UInt8]) throws(TUFError) {
    let stored = try Timestamp(parsing: bytes, depth: depth)
    try stored.metadata.verify(root.timestamp)
    timestamp = stored
  }

  /// §5.4.2–§5.4.4: Takes a newer timestamp.
  ///
  /// - Returns: false when it has the version that is trusted already, which is then kept.
  public mutating func updateTimestamp(_ bytes: [UInt8]) throws(TUFError) -> Bool {
    let new = try Timestamp(parsing: bytes, depth: depth)
    try new.metadata.verify(root.timestamp)
    pass("timestamp.json", "5.4.2", "signatures")
    if let trusted = timestamp {
      if new.version < trusted.version {
        throw .rollback(
          file: "timestamp.json", of: "timestamp", version: new.version, trusted: trusted.version)
      }
      if new.version == trusted.version {
        try keepTimestamp()
        return false
      }
      if new.snapshot.version < trusted.snapshot.version {
        throw .rollback(
          file: "timestamp.json", of: "snapshot", version: new.snapshot.version,
          trusted: trusted.snapshot.version)
      }
    }
    pass("timestamp.json", "5.4.3", "versions")
    try new.metadata.checkExpiry(now: now, clock: clock)
    pass("timestamp.json", "5.4.4", "expiry")
    timestamp = new
    return true
  }

  /// §5.4.3, §5.4.4: Keeps the timestamp that is trusted, because there is no other; it must not have expired.
  public mutating func keepTimestamp() throws(TUFError) {
    pass("timestamp.json", "5.4.3", "same version as before")
    try timestamp?.metadata.checkExpiry(now: now, clock: clock)
    pass("timestamp.json", "5.4.4", "expiry")
  }

  // MARK: §5.5 Update the snapshot role

  /// Takes the stored snapshot as the base for rollback checks; it may be old and expired.
  public mutating func loadSnapshot(_ bytes: [UInt8]) throws(TUFError) {
    let stored = try Snapshot(parsing: bytes, depth: depth, memory: memoryLeft)
    try stored.metadata.verify(root.snapshot)
    snapshot = stored
  }

  /// What the trusted timestamp says of the snapshot.
  public func listedSnapshot() throws(TUFError) -> MetaFile {
    guard let timestamp else { throw .notListed(role: "snapshot") }
    return timestamp.snapshot
  }

  /// True when the trusted snapshot is the one that the timestamp lists, and has not expired.
  public var snapshotIsCurrent: Bool {
    guard let snapshot, let timestamp else { return false }
    do throws(TUFError) {
      try timestamp.snapshot.verify(snapshot.metadata.bytes, file: "snapshot.json")
      try snapshot.metadata.checkExpiry(now: now, clock: clock)
      return snapshot.version == timestamp.snapshot.version
    } catch {
      return false
    }
  }

  /// §5.5.2–§5.5.6: Takes the snapshot that the timestamp lists.
  public mutating func updateSnapshot(_ bytes: [UInt8]) throws(TUFError) {
    let listed = try listedSnapshot()
    try listed.verify(bytes, file: "snapshot.json")
    pass("snapshot.json", "5.5.2", listed.verifiedRule)
    let new = try Snapshot(parsing: bytes, depth: depth, memory: memoryLeft)
    try new.metadata.verify(root.snapshot)
    pass("snapshot.json", "5.5.3", "signatures")
    guard new.version == listed.version else {
      throw .wrongVersion(file: "snapshot.json", version: new.version, listed: listed.version)
    }
    pass("snapshot.json", "5.5.4", "version")
    if let snapshot { try new.checkRollback(from: snapshot) }
    pass("snapshot.json", "5.5.5", "versions of all roles")
    try new.metadata.checkExpiry(now: now, clock: clock)
    pass("snapshot.json", "5.5.6", "expiry")
    snapshot = new
  }

  // MARK: §5.6 Update the targets role

  /// What the trusted snapshot says of a targets role.
  public func listed(_ role: [UInt8]) throws(TUFError) -> MetaFile {
    guard let file = try snapshot?.file(of: role) else {
      throw .notListed(role: String(decoding: role, as: UTF8.self))
    }
    return file
  }

  /// §5.6.2–§5.6.5: Checks the targets role that the snapshot lists against the keys of whoever led there.
  public mutating func targets(
    _ bytes: [UInt8], role: [UInt8], keys: RoleKeys
  ) throws(TUFError) -> Targets {
    let file = String(decoding: role, as: UTF8.self) + ".json"
    let listed = try listed(role)
    try listed.verify(bytes, file: file)
    pass(file, "5.6.2", listed.verifiedRule)
    let new = try Targets(parsing: bytes, file: file, depth: depth, memory: memoryLeft)
    try new.metadata.verify(keys)
    pass(file, "5.6.3", "signatures")
    guard new.version == listed.version else {
      throw .wrongVersion(file: file, version: new.version, listed: listed.version)
    }
    pass(file, "5.6.4", "version")
    try new.metadata.checkExpiry(now: now, clock: clock)
    pass(file, "5.6.5", "expiry")
    return new
  }

  /// §5.6.2–§5.6.5: Takes the top-level targets that the snapshot lists.
  public mutating func updateTargets(_ bytes: [UInt8]) throws(TUFError) {
    targets = try targets(bytes, role: MetadataType.targets.role, keys: root.targets)
  }
}
