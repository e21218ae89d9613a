import FileSystem

/// A role whose metadata is trusted, as a person asks for it.
public struct TrustedRole: Sendable {
  /// The file it is stored as: `timestamp.json`.
  public let file: String
  /// The version, at least 1.
  public let version: Int64
  /// When it expires, in seconds since 1970 UTC.
  public let expires: Int64

  init(_ file: String, _ metadata: SignedMetadata) {
    self.file = file
    version = metadata.version
    expires = metadata.expires
  }

  init(_ file: String, _ stored: LastRefresh.Stored) {
    self.file = file
    version = stored.version
    expires = stored.expires
  }
}

extension Client {
  /// Takes what earlier runs stored as trusted; nothing is fetched and nothing written.
  ///
  /// Signatures, and what each file says of the next, are verified again. Expiry of targets roles is
  /// checked against the time that this client was given: `Int64.min` accepts what was trusted once.
  /// Stops quietly at the first top-level role that is not stored.
  ///
  /// - Throws: ``TUFError`` for a stored top-level role that is not trusted; those before it are then.
  ///   Delegated roles that no trusted role vouches for any more are passed over.
  public func load() throws(TUFError) {
    defer { trusted.passed = [] }
    forgetDelegated()
    storedRoles = []
    guard let timestamp = try store.read(MetadataType.timestamp.role, limit: limits.timestampLength)
    else { return }
    try trusted.loadTimestamp(timestamp)
    let listed = try trusted.listedSnapshot()
    guard
      let snapshot = try store.read(
        MetadataType.snapshot.role,
        limit: limit(listed, otherwise: limits.snapshotLength))
    else { return }
    try trusted.loadSnapshot(snapshot)
    guard let targets = try read(MetadataType.targets.role) else { return }
    try trusted.updateTargets(targets)
    try loadDelegated()
  }

  /// The top-level targets that ``load()`` found; nil when there were none.
  public var storedTargets: Targets? { trusted.targets }

  /// The roles that are trusted now: root, timestamp, snapshot, targets, then delegated ones.
  public var trustedRoles: [TrustedRole] {
    var roles = [TrustedRole("root.json", trusted.root.metadata)]
    if let timestamp = trusted.timestamp {
      roles.append(TrustedRole("timestamp.json", timestamp.metadata))
    }
    if let snapshot = trusted.snapshot {
      roles.append(TrustedRole("snapshot.json", snapshot.metadata))
    } else if let lastRefresh {
      roles.append(TrustedRole("snapshot.json", lastRefresh.snapshot))
    }
    if let targets = trusted.targets {
      roles.append(TrustedRole("targets.json", targets.metadata))
    } else if let lastRefresh {
      roles.append(TrustedRole("targets.json", lastRefresh.targets))
    }
    roles += storedRoles
    for entry in delegated {
      roles.append(TrustedRole(MetadataStore.fileName(entry.role), entry.targets.metadata))
    }
    return roles
  }

  private func read(_ role: [UInt8]) throws(TUFError) -> [UInt8]? {
    let listed = try trusted.listed(role)
    return try store.read(
      role, limit: limit(listed, otherwise: limits.targetsLength))
  }

  /// Looks at the stored roles that trusted ones delegate to, the top-level targets first; only those that
  /// delegate further are held, and until their turn has come.
  private func loadDelegated() throws(TUFError) {
    guard let top = trusted.targets?.delegations else { return }
    var names = try store.roles().filter { !SuccinctRoles.topLevel($0) }
    var waiting = [(delegations: top, memory: Int64(0))]
    while let (delegations, memory) = waiting.popLast() {
      var left: [[UInt8]] = []
      for name in names {
        guard let keys = delegations.keys(of: name), let targets = try stored(name, keys) else {
          left.append(name)
          continue
        }
        storedRoles.append(TrustedRole(MetadataStore.fileName(name), targets.metadata))
        guard let further = targets.delegations else { continue }
        trusted.delegatedMemory += targets.metadata.memory
        waiting.append((further, targets.metadata.memory))
      }
      names = left
      trusted.delegatedMemory -= memory
    }
  }

  /// A stored delegated role; nil for one that these keys do not vouch for.
  private func stored(_ role: [UInt8], _ keys: RoleKeys) throws(TUFError) -> Targets? {
    guard let bytes = try? read(role) else { return nil }
    do throws(TUFError) {
      return try trusted.targets(bytes, role: role, keys: keys)
    } catch {
      if case .tooMuchMemory = error { throw error }
      return nil
    }
  }
}

extension TargetFile {
  /// Checks that a local file is this target.
  ///
  /// - Throws: ``TUFError/wrongLength(file:length:listed:)``, ``TUFError/wrongHash(file:)``, or
  ///   ``TUFError/file(_:)``.
  public func verify(_ path: Path) throws(TUFError) {
    let hashers = hashes.map { Hasher($0.algorithm) }
    var size: Int64 = 0
    do throws(FileError) {
      let file = try File(path, .read)
      // One byte too many is enough to know; a device may have no end.
      try file.readPieces { piece in
        for hasher in hashers { hasher.update(piece) }
        size += Int64(piece.count)
        return size <= length
      }
      if size > length { size = max(size, try file.status().size) }
    } catch {
      throw .file(error)
    }
    guard size == length else {
      throw .wrongLength(file: path.text, length: size, listed: length)
    }
    for (hasher, listed) in zip(hashers, hashes) where hasher.finish() != listed {
      throw .wrongHash(file: path.text)
    }
  }
}
