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
  /// The delegated roles that ``load()`` found.
  var storedRoles: [TrustedRole] = []
  /// What the last refresh left, as long as it fits what is stored.
  var lastRefresh: LastRefresh?
  /// What the timestamp that is stored now can be asked for with.
  private var validator: (url: String, value: Validator)?

  /// §5.1, §5.2: Begins an update at a fixed time, from the root that is stored or else the shipped one.
  ///
  /// A stored root that can't be read as one (a broken disk) gives way to the shipped one; so does one
  /// that is older.
  ///
  /// - Parameters:
  ///   - store: the folder of trusted metadata.
  ///   - shippedRoot: the root that came with the program; nil when the folder must hold one.
  ///   - now: seconds since 1970 UTC; expiry is checked against it, or against a later time that is known
  ///     of this store to have been.
  /// - Throws: ``TUFError``, when neither root is usable the reason of the stored one first.
  public convenience init(
    store: MetadataStore, shippedRoot: [UInt8]?, metadataURL: String, fetcher: any Fetcher,
    now: Int64, limits: Limits = Limits(), observer: (any ClientObserver)? = nil
  ) throws(TUFError) {
    try store.recover(depth: limits.depth)
    let stored = try store.read(MetadataType.root.role, limit: limits.rootLength)
    let trusted = try Self.root(stored: stored, shipped: shippedRoot, now: now, limits)
    if stored == nil || stored != trusted.root.bytes {
      try store.replaceRoot(by: trusted.root.bytes)
    }
    self.init(store, trusted, metadataURL, fetcher, limits, observer)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(
    _ store: MetadataStore, _ trusted: TrustedSet, _ metadataURL: String, _ fetcher: any Fetcher,
    _ limits: Limits, _ observer: (any ClientObserver)?
  ) {
    self.store = store
    self.trusted = trusted
    self.metadataURL = metadataURL
    self.fetcher = fetcher
    self.limits = limits
    self.observer = observer
  }

  private static func root(
    stored: [UInt8]?, shipped: [UInt8]?, now: Int64, _ limits: Limits
  ) throws(TUFError) -> TrustedSet {
    func trusted(_ root: [UInt8]) throws(TUFError) -> TrustedSet {
      try TrustedSet(root: root, now: now, depth: limits.depth, memory: limits.memory)
    }
    guard let stored else {
      guard let shipped else { throw .noTrustedRoot }
      return try trusted(shipped)
    }
    guard let shipped else { return try trusted(stored) }
    let mine: TrustedSet
    do throws(TUFError) {
      mine = try trusted(stored)
    } catch {
      return try trusted(shipped)
    }
    // The shipped root is as trusted as the program around it; one that can't be read loses nothing.
    guard let other = try? trusted(shipped) else { return mine }
    return other.root.version > mine.root.version ? other : mine
  }

  /// The newest trusted root.
  public var root: Root { trusted.root }

  /// §5.3–§5.6.6: Brings root, timestamp, snapshot and top-level targets up to date.
  ///
  /// When nothing has changed this makes two requests, for the next root and for the timestamp, and does
  /// not read the stored snapshot and targets again: they were verified when they were stored, and their
  /// expiry is noted beside them. ``topLevelTargets()`` reads and verifies them when they are needed.
  public func refresh() throws(TUFError) {
    forgetDelegated()
    lastRefresh = nil
    if let known = store.lastTime() { trusted.begin(notBefore: known) }
    try updateRoot()
    let last = store.lastRefresh()
    try updateTimestamp(last)
    if let last, fits(last) {
      lastRefresh = last
      observer?.observe(.kept(file: "snapshot.json", version: last.snapshot.version))
      observer?.observe(.kept(file: "targets.json", version: last.targets.version))
    } else {
      try updateSnapshot()
      try updateTargets()
    }
    remember(last)
    note(time: trusted.now, step: 3600)
  }

  /// The trusted top-level targets; call it after ``refresh()``.
  public func topLevelTargets() throws(TUFError) -> Targets {
    if let targets = trusted.targets { return targets }
    let file = store.identity(MetadataType.targets.role)
    if trusted.snapshot == nil { try updateSnapshot() }
    let targets = try updateTargets()
    if let file, file == lastRefresh?.targets.identity { makeIndex(targets, file) }
    return targets
  }

  /// §5.3: Update the root role.
  private func updateRoot() throws(TUFError) {
    defer { reportChecks() }
    var rotations = 0
    while let next = try nextRoot(after: rotations) {
      rotations += 1
      let ended = try blaming(next.url) { () throws(TUFError) in
        try trusted.updateRoot(next.bytes, file: "\(trusted.root.version + 1).root.json")
      }
      // §5.3.8 and §5.3.11 in one.
      try store.writeRoot(next.bytes, version: trusted.root.version, ending: ended)
      reportChecks()
      observer?.observe(.trusted(file: "root.json", version: trusted.root.version))
    }
    let newest = RequestPath.join(metadataURL, "\(trusted.root.version).root.json")
    try blaming(newest) { () throws(TUFError) in try trusted.checkRootExpiry() }
    observer?.observe(
      .passed(PassedCheck(file: "root.json", step: "5.3.10", rule: "expiry")))
  }

  /// §5.3.2, §5.3.3: Version N+1, or nil when the repository has none, or so many were new already.
  private func nextRoot(after rotations: Int) throws(TUFError) -> Fetched? {
    if rotations >= limits.rootRotations {
      observer?.observe(
        .passed(
          PassedCheck(
            file: "root.json", step: "5.3.3",
            rule: "limit of new versions reached, the next refresh goes on from here;")))
      return nil
    }
    let (version, isBeyond) = trusted.root.version.addingReportingOverflow(1)
    if isBeyond { return nil }
    do throws(TUFError) {
      return try fetch("\(version).root.json", limit: limits.rootLength)
    } catch {
      if case .fetch(_, let url, .notFound) = error {
        observer?.observe(.absent(url: url))
        return nil
      }
      throw error
    }
  }

  /// §5.4: Update the timestamp role.
  private func updateTimestamp(_ last: LastRefresh?) throws(TUFError) {
    defer { reportChecks() }
    let role = MetadataType.timestamp.role
    let stored = try store.read(role, limit: limits.timestampLength)
    if let stored {
      // A stored file that no longer verifies, after a rotation for instance, is no base for anything.
      _ = try? trusted.loadTimestamp(stored)
    }
    let url = RequestPath.join(metadataURL, "timestamp.json")
    // Of an expired one only another will do.
    if let stored, let timestamp = trusted.timestamp, timestamp.metadata.expires > trusted.now,
      let last, last.describes(timestamp: stored), let known = last.validator,
      known.url.utf8.elementsEqual(url.utf8)
    {
      validator = known
    } else {
      validator = nil
    }
    let new: Fetched
    do throws(TUFError) {
      new = try fetch(
        "timestamp.json", limit: limits.timestampLength, validator: validator?.value)
    } catch {
      guard case .fetch(_, _, .notModified) = error else { throw error }
      try blaming(url) { () throws(TUFError) in try trusted.keepTimestamp() }
      return reportKept("timestamp.json", trusted.timestamp?.version)
    }
    let isNewer = try blaming(new.url) { () throws(TUFError) in
      try trusted.updateTimestamp(new.bytes)
    }
    // Of an equal version it is the old file that stays.
    validator = isNewer || stored == new.bytes ? new.validator.map { (url, $0) } : nil
    // A password does not belong into a file that others may read, nor an endless URL.
    if url.utf8.contains(UInt8(ascii: "@")) || url.utf8.count > 4096 { validator = nil }
    guard isNewer else { return reportKept("timestamp.json", trusted.timestamp?.version) }
    try store.write(role, new.bytes)
    reportChecks()
    observer?.observe(.trusted(file: "timestamp.json", version: trusted.timestamp?.version ?? 0))
  }

  /// §5.5: Update the snapshot role.
  private func updateSnapshot() throws(TUFError) {
    defer { reportChecks() }
    let role = MetadataType.snapshot.role
    let listed = try trusted.listedSnapshot()
    // It may be longer than what is listed now, and is the base of rollback checks all the same.
    if let stored = try store.read(role, limit: limits.listedLength) {
      do throws(TUFError) {
        try trusted.loadSnapshot(stored)
      } catch {
        if case .tooMuchMemory = error { throw error }
      }
    }
    if trusted.snapshotIsCurrent { return reportKept("snapshot.json", listed.version) }
    let limit = limit(listed, otherwise: limits.snapshotLength)
    let new = try fetch(
      versioned("snapshot.json", listed.version), limit: limit, expecting: listed.length)
    try blaming(new.url) { () throws(TUFError) in try trusted.updateSnapshot(new.bytes) }
    try store.write(role, new.bytes)
    reportChecks()
    observer?.observe(.trusted(file: "snapshot.json", version: listed.version))
  }

  /// §5.6.1–§5.6.6: Update the top-level targets role.
  @discardableResult
  private func updateTargets() throws(TUFError) -> Targets {
    let targets = try targetsRole(MetadataType.targets.role, keys: trusted.root.targets)
    trusted.targets = targets
    return targets
  }

  /// §5.6.1–§5.6.6: A targets role as the snapshot lists it, the stored file if it is that one.
  func targetsRole(_ role: [UInt8], keys: RoleKeys) throws(TUFError) -> Targets {
    defer { reportChecks() }
    let listed = try blaming(url(of: MetadataType.snapshot.role, trusted.snapshot?.version)) {
      () throws(TUFError) in try trusted.listed(role)
    }
    let limit = limit(listed, otherwise: limits.targetsLength)
    let file = MetadataStore.fileName(role)
    if let stored = try store.read(role, limit: limit, listed: listed.length),
      let targets = try? trusted.targets(stored, role: role, keys: keys)
    {
      reportKept(file, listed.version)
      return targets
    }
    // Nothing is said of the checks of a stored file that failed a later one: it is fetched anew.
    trusted.passed = []
    let new = try fetch(
      versioned(file, listed.version), limit: limit, expecting: listed.length)
    let targets = try blaming(new.url) { () throws(TUFError) in
      try trusted.targets(new.bytes, role: role, keys: keys)
    }
    try store.write(role, new.bytes)
    reportChecks()
    observer?.observe(.trusted(file: file, version: listed.version))
    return targets
  }
}

// MARK: What the last refresh left

extension Client {
  /// True when nothing that the last refresh verified has changed or expired since.
  private func fits(_ last: LastRefresh) -> Bool {
    guard let timestamp = trusted.timestamp, last.describes(timestamp: timestamp.metadata.bytes),
      last.root == Digest(.sha256, of: trusted.root.bytes).bytes,
      last.snapshot.version == timestamp.snapshot.version,
      last.snapshot.expires > trusted.now, last.targets.expires > trusted.now
    else { return false }
    return store.identity(MetadataType.snapshot.role) == last.snapshot.identity
      && store.identity(MetadataType.targets.role) == last.targets.identity
  }

  /// Notes that a file was seen expired: a clock that goes back does not make it valid again.
  ///
  /// No later time is noted than the newest timestamp is valid for, whatever the clock said: it may have run ahead, by
  /// years, and the next timestamp that the publisher signs has to be good again.
  private func noteExpired(_ file: String, _ at: Int64) {
    if file.utf8.elementsEqual("timestamp.json".utf8) { return note(time: at) }
    if trusted.timestamp == nil,
      let stored = try? store.read(MetadataType.timestamp.role, limit: limits.timestampLength)
    {
      _ = try? trusted.loadTimestamp(stored)
    }
    if let timestamp = trusted.timestamp { note(time: min(at, timestamp.metadata.expires)) }
  }

  /// Notes a time that has been, where what is noted is so many seconds older.
  private func note(time: Int64, step: Int64 = 0) {
    guard time - step > store.lastTime() ?? 0 else { return }
    // One that can't be noted is missed by nobody before the clock has gone back.
    _ = try? store.write(time: time)
  }

  /// Notes what is stored now, unless that is noted already.
  private func remember(_ last: LastRefresh?) {
    guard let timestamp = trusted.timestamp,
      let snapshot = store.identity(MetadataType.snapshot.role),
      let targets = store.identity(MetadataType.targets.role)
    else { return }
    func stored(
      _ metadata: SignedMetadata?, _ before: LastRefresh.Stored?, _ identity: FileIdentity
    ) -> LastRefresh.Stored? {
      guard let metadata else { return before }
      return LastRefresh.Stored(
        version: metadata.version, expires: metadata.expires, identity: identity)
    }
    guard
      let snapshot = stored(trusted.snapshot?.metadata, lastRefresh?.snapshot, snapshot),
      let targets = stored(trusted.targets?.metadata, lastRefresh?.targets, targets)
    else { return }
    let new = LastRefresh(
      root: Digest(.sha256, of: trusted.root.bytes).bytes,
      timestamp: Digest(.sha256, of: timestamp.metadata.bytes).bytes,
      snapshot: snapshot, targets: targets, validator: validator)
    // A note that can't be written costs the next refresh some time and no more.
    if last != new { _ = try? store.write(new) }
    lastRefresh = new
  }
}

// MARK: Fetching and telling

extension Client {
  /// A metadata file, and where it came from.
  struct Fetched {
    let url: String
    let bytes: [UInt8]
    let validator: Validator?
  }

  /// Fetches a metadata file of at most `limit` bytes; one that has the length it is `expecting` takes no
  /// more memory than that.
  func fetch(
    _ name: String, limit: Int64, expecting length: Int64? = nil, validator: Validator? = nil
  ) throws(TUFError) -> Fetched {
    let url = RequestPath.join(metadataURL, name)
    observer?.observe(.request(url: url))
    let sink = MemorySink(expecting: length.map { min($0, limit) })
    do throws(FetchError) {
      let validator = try fetcher.fetch(
        FetchRequest(url: url, limit: limit, isMetadata: true, validator: validator), into: sink)
      return Fetched(url: url, bytes: sink.bytes, validator: validator)
    } catch {
      if case .tooLong(let limit) = error {
        let long = TUFError.tooLong(file: name, limit: limit)
        throw .refused(url: url, step: long.metadataStep, long)
      }
      throw .fetch(file: name, url: url, error)
    }
  }

  /// Says of what a check refuses where it came from, and which step refuses it.
  func blaming<Result>(
    _ url: String, step: StaticString? = nil, _ check: () throws(TUFError) -> Result
  ) throws(TUFError) -> Result {
    do throws(TUFError) {
      return try check()
    } catch {
      // A full disk is nobody's fault.
      if case .file = error { throw error }
      if case .expired(let file, let at, _, _) = error { noteExpired(file, at) }
      throw .refused(url: url, step: step ?? error.metadataStep, error)
    }
  }

  /// Where a role's file is fetched from.
  func url(of role: [UInt8], _ version: Int64?) -> String {
    RequestPath.join(metadataURL, versioned(MetadataStore.fileName(role), version ?? 0))
  }

  /// §6.2: File names begin with the version where snapshots are consistent.
  func versioned(_ name: String, _ version: Int64) -> String {
    trusted.root.consistentSnapshot ? "\(version).\(name)" : name
  }

  /// Tells the observer of the checks that were passed since the last call.
  func reportChecks() {
    guard !trusted.passed.isEmpty else { return }
    if let observer {
      for check in trusted.passed { observer.observe(.passed(check)) }
    }
    trusted.passed = []
  }

  private func reportKept(_ file: String, _ version: Int64?) {
    reportChecks()
    observer?.observe(.kept(file: file, version: version ?? 0))
  }
}
