import FileSystem

/// A TUF client: brings its trusted metadata up to date, finds targets and downloads them.
///
/// It follows the detailed client workflow of TUF 1.0.34 §5 step by step. It fetches, hands the bytes to
/// ``TrustedSet`` and stores what that accepts, at once and byte for byte; after a failure exactly what
/// was verified before it is kept. Not for use by two threads, or two processes on one folder, at a time.
public final class Client {
  let store: MetadataStore
  let fetcher: any Fetcher
  let metadataURL: String
  let limits: Limits
  let observer: (any ClientObserver)?
  var trusted: TrustedSet
  /// Delegated roles that this client has read, by name.
  var delegated: [(role: [UInt8], targets: Targets)] = []

  /// §5.1, §5.2: Begins an update at a fixed time, from the root that is stored or else the shipped one.
  ///
  /// A stored root that can't be read as one (a broken disk) gives way to the shipped one; so does one
  /// that is older.
  ///
  /// - Parameters:
  ///   - store: the folder of trusted metadata.
  ///   - shippedRoot: the root that came with the program; nil when the folder must hold one.
  ///   - now: seconds since 1970 UTC; no expiry is checked against anything else.
  /// - Throws: ``TUFError``, when neither root is usable the reason of the stored one first.
  public init(
    store: MetadataStore, shippedRoot: [UInt8]?, metadataURL: String, fetcher: any Fetcher,
    now: Int64, limits: Limits = Limits(), observer: (any ClientObserver)? = nil
  ) throws(TUFError) {
    self.store = store
    self.fetcher = fetcher
    self.metadataURL = metadataURL
    self.limits = limits
    self.observer = observer
    let stored = try store.read(MetadataType.root.role, limit: limits.rootLength)
    trusted = try Self.root(stored: stored, shipped: shippedRoot, now: now)
    if stored == nil || stored != trusted.root.bytes {
      try store.write(MetadataType.root.role, trusted.root.bytes)
    }
  }

  private static func root(
    stored: [UInt8]?, shipped: [UInt8]?, now: Int64
  ) throws(TUFError) -> TrustedSet {
    guard let stored else {
      guard let shipped else {
        throw .malformed(file: "root.json", reason: "there is none; begin with a trusted one")
      }
      return try TrustedSet(root: shipped, now: now)
    }
    guard let shipped else { return try TrustedSet(root: stored, now: now) }
    let mine: TrustedSet
    do throws(TUFError) {
      mine = try TrustedSet(root: stored, now: now)
    } catch {
      return try TrustedSet(root: shipped, now: now)
    }
    // The shipped root is as trusted as the program around it; one that can't be read loses nothing.
    guard let other = try? TrustedSet(root: shipped, now: now) else { return mine }
    return other.root.version > mine.root.version ? other : mine
  }

  /// The newest trusted root.
  public var root: Root { trusted.root }

  /// The trusted top-level targets, once ``refresh()`` has returned.
  public var targets: Targets? { trusted.targets }

  /// §5.3–§5.6.6: Brings root, timestamp, snapshot and top-level targets up to date.
  ///
  /// When nothing has changed this makes two requests: for the next root, and for the timestamp.
  public func refresh() throws(TUFError) {
    delegated = []
    try updateRoot()
    try updateTimestamp()
    try updateSnapshot()
    try updateTargets()
  }

  /// §5.3: Update the root role.
  private func updateRoot() throws(TUFError) {
    var rotations = 0
    defer { reportChecks() }
    while let bytes = try nextRoot() {
      guard rotations < limits.rootRotations else {
        throw .tooManyRoots(limit: limits.rootRotations)
      }
      rotations += 1
      // §5.3.11 before §5.3.8: a crash between them must not leave the old files with the new keys.
      if try trusted.updateRoot(bytes, file: "\(trusted.root.version + 1).root.json") {
        try store.remove(MetadataType.timestamp.role)
        try store.remove(MetadataType.snapshot.role)
      }
      try store.write(MetadataType.root.role, bytes)
      reportChecks()
      observer?.observe(.trusted(file: "root.json", version: trusted.root.version))
    }
    try trusted.checkRootExpiry()
    observer?.observe(
      .passed(PassedCheck(file: "root.json", step: "5.3.10", rule: "expiry")))
  }

  /// §5.3.3: Version N+1, or nil when the repository has none.
  private func nextRoot() throws(TUFError) -> [UInt8]? {
    do throws(TUFError) {
      return try fetch(
        "\(trusted.root.version + 1).root.json", limit: limits.rootLength)
    } catch {
      if case .fetch(_, let url, .notFound) = error {
        observer?.observe(.absent(url: url))
        return nil
      }
      throw error
    }
  }

  /// §5.4: Update the timestamp role.
  private func updateTimestamp() throws(TUFError) {
    defer { reportChecks() }
    let role = MetadataType.timestamp.role
    if let stored = try store.read(role, limit: limits.timestampLength) {
      // A stored file that no longer verifies, after a rotation for instance, is no base for anything.
      _ = try? trusted.loadTimestamp(stored)
    }
    let bytes = try fetch("timestamp.json", limit: limits.timestampLength)
    if try trusted.updateTimestamp(bytes) {
      try store.write(role, bytes)
      reportChecks()
      observer?.observe(.trusted(file: "timestamp.json", version: trusted.timestamp?.version ?? 0))
    } else {
      reportChecks()
      observer?.observe(.kept(file: "timestamp.json", version: trusted.timestamp?.version ?? 0))
    }
  }

  /// §5.5: Update the snapshot role.
  private func updateSnapshot() throws(TUFError) {
    defer { reportChecks() }
    let role = MetadataType.snapshot.role
    let listed = try trusted.listedSnapshot()
    let limit = listed.length ?? limits.snapshotLength
    if let stored = try store.read(role, limit: max(limit, limits.snapshotLength)) {
      _ = try? trusted.loadSnapshot(stored)
    }
    if trusted.snapshotIsCurrent {
      observer?.observe(.kept(file: "snapshot.json", version: listed.version))
      return
    }
    let bytes = try fetch(versioned("snapshot.json", listed.version), limit: limit)
    try trusted.updateSnapshot(bytes)
    try store.write(role, bytes)
    reportChecks()
    observer?.observe(.trusted(file: "snapshot.json", version: listed.version))
  }

  /// §5.6.1–§5.6.6: Update the top-level targets role.
  private func updateTargets() throws(TUFError) {
    defer { reportChecks() }
    let role = MetadataType.targets.role
    let listed = try trusted.listed(role)
    let limit = listed.length ?? limits.targetsLength
    if let stored = try store.read(role, limit: limit),
      (try? trusted.updateTargets(stored)) != nil
    {
      reportChecks()
      observer?.observe(.kept(file: "targets.json", version: listed.version))
      return
    }
    forgetChecks()
    let bytes = try fetch(versioned("targets.json", listed.version), limit: limit)
    try trusted.updateTargets(bytes)
    try store.write(role, bytes)
    reportChecks()
    observer?.observe(.trusted(file: "targets.json", version: listed.version))
  }

  /// Tells the observer of the checks that were passed since the last call.
  func reportChecks() {
    guard !trusted.passed.isEmpty else { return }
    if let observer {
      for check in trusted.passed { observer.observe(.passed(check)) }
    }
    trusted.passed = []
  }

  /// Says nothing of the checks of a stored file that failed a later one: it is fetched anew.
  func forgetChecks() {
    trusted.passed = []
  }

  /// §6.2: File names begin with the version where snapshots are consistent.
  func versioned(_ name: String, _ version: Int64) -> String {
    trusted.root.consistentSnapshot ? "\(version).\(name)" : name
  }

  /// Fetches a metadata file of at most `limit` bytes.
  func fetch(_ name: String, limit: Int64) throws(TUFError) -> [UInt8] {
    let url = RequestPath.join(metadataURL, name)
    observer?.observe(.request(url: url))
    let sink = MemorySink()
    do throws(FetchError) {
      try fetcher.fetch(
        FetchRequest(url: url, limit: limit, acceptsEncoding: true), into: sink)
    } catch {
      if case .tooLong(let limit) = error { throw .tooLong(file: name, limit: limit) }
      throw .fetch(file: name, url: url, error)
    }
    return sink.bytes
  }
}
