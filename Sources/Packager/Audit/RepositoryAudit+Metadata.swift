import FileSystem
import JSON
import Repository
import TUF

extension RepositoryAudit {
  /// Timestamp, snapshot, targets and all roles below, each as far as the one before leads there.
  ///
  /// - Returns: false when the chain broke.
  mutating func checkChain(_ root: Root) throws(RepositoryError) -> Bool {
    let base = ask("root.json") { () throws(TUFError) in
      try TrustedSet(root: root.bytes, now: .min)
    }
    guard var trusted = base else { return false }
    guard let timestamp = try read("timestamp.json", limit: limits.timestampLength),
      ask("timestamp.json", { () throws(TUFError) in try trusted.updateTimestamp(timestamp) })
        != nil,
      let listed = ask("timestamp.json", { () throws(TUFError) in try trusted.listedSnapshot() })
    else { return false }
    checkExpiry("timestamp.json", trusted.timestamp?.expires)
    try checkCompressed("timestamp.json", timestamp)
    let snapshotName = Role.snapshot.fileName(listed.version)
    guard
      let snapshot = try read(snapshotName, limit: listed.length ?? limits.snapshotLength),
      ask(snapshotName, { () throws(TUFError) in try trusted.updateSnapshot(snapshot) }) != nil
    else { return false }
    checkExpiry(snapshotName, trusted.snapshot?.expires)
    try checkCompressed(snapshotName, snapshot)
    current["snapshot"] = listed.version
    noteVersions(trusted)
    let role = Role.targets.bytes
    guard let entry = ask(snapshotName, { () throws(TUFError) in try trusted.listed(role) })
    else { return false }
    let name = Role.targets.fileName(entry.version)
    guard let bytes = try read(name, limit: entry.length ?? limits.listedLength),
      ask(name, { () throws(TUFError) in try trusted.updateTargets(bytes) }) != nil,
      let targets = trusted.targets
    else { return false }
    checkExpiry(name, targets.expires)
    try checkCompressed(name, bytes)
    try checkTargetFiles(targets, name)
    return try checkDelegations(targets, trusted)
  }

  /// Which versions are current: files of earlier ones are there for clients in the middle of an update.
  private mutating func noteVersions(_ trusted: TrustedSet) {
    guard let meta = trusted.snapshot?.metadata.signed["meta"] else { return }
    for member in meta.members {
      let name = MetadataStore.fileName(Array(member.name.dropLast(5)))
      current[String(name.dropLast(5))] = member.value["version"]?.integer
    }
  }

  /// Everything that is delegated, from the top-level targets on; false when a role can't be trusted.
  private mutating func checkDelegations(
    _ top: Targets, _ trusted: TrustedSet
  ) throws(RepositoryError) -> Bool {
    var isWhole = true
    var waiting: [(role: Role, targets: Targets)] = [(.targets, top)]
    var seen: Set<Role> = [.targets]
    while let delegator = waiting.popLast() {
      for role in DelegationList(delegator.targets).allRoles where seen.insert(role).inserted {
        guard let next = try check(role, by: delegator, trusted) else {
          isWhole = false
          continue
        }
        if DelegationList(next).isThere { waiting.append((role, next)) }
      }
    }
    if isWhole, seen.count > 1 {
      let state = try RepositoryState(directory, overlay: decided?.folder)
      let router = TargetRouter(state)
      try Delegators(state).visitAll { (role, targets) throws(RepositoryError) in
        try checkReach(targets, role, router)
      }
      if seen.count > limits.delegations { try checkCrowds(state, router) }
    }
    return isWhole
  }

  /// Targets that a role lists where no client comes looking for them.
  private mutating func checkReach(
    _ targets: Targets, _ role: Role, _ router: TargetRouter
  ) throws(RepositoryError) {
    var hidden: [[UInt8]] = []
    for path in targets.paths where try !router.reaches(path, role) { hidden.append(path) }
    guard let first = hidden.first else { return }
    let name = String(decoding: first, as: UTF8.self)
    find(
      "metadata/" + role.fileName(targets.version),
      "no client looks there for \(name)"
        + (hidden.count > 1 ? ", nor for \(hidden.count - 1) other targets of it" : "")
        + ": no delegation of such a path leads to it, or one before it ends the search")
  }

  /// One delegated role; nil, and a finding, when a client would refuse it.
  private mutating func check(
    _ role: Role, by delegator: (role: Role, targets: Targets), _ trusted: TrustedSet
  ) throws(RepositoryError) -> Targets? {
    let above = delegator.role.fileName(delegator.targets.version)
    var trusted = trusted
    let entry: MetaFile
    do throws(TUFError) {
      entry = try trusted.listed(role.bytes)
    } catch {
      find("metadata/" + above, "it delegates to \(role.name), which the snapshot does not list")
      return nil
    }
    guard let keys = delegator.targets.keys(ofDelegated: role.bytes) else { return nil }
    let name = role.fileName(entry.version)
    guard let bytes = try read(name, limit: entry.length ?? limits.listedLength),
      let targets = ask(
        name,
        { () throws(TUFError) in try trusted.targets(bytes, role: role.bytes, keys: keys) })
    else { return nil }
    checkExpiry(name, targets.expires)
    if entry.length == nil, bytes.count > Transaction.mostUnlisted {
      find(
        "metadata/" + name,
        "it has \(bytes.count) bytes, and clients that are told no length stop reading before; sign it anew"
      )
    }
    try checkCompressed(name, bytes)
    try checkTargetFiles(targets, name)
    return targets
  }

  // MARK: What nothing refers to

  /// What is in `metadata/` and belongs to nothing.
  mutating func checkStrayMetadata(
    _ root: Int64, rootsAlone: Bool
  ) throws(RepositoryError) {
    let entries = try list(metadata.folder)
    let names = Set(entries.map { String(decoding: $0.name, as: UTF8.self) })
    for entry in entries {
      let name = String(decoding: entry.name, as: UTF8.self)
      if known.contains(name) || copies.contains(Array("metadata/\(name)".utf8)) { continue }
      if isUnversioned(name) {
        unversioned.append(Array("metadata/\(name)".utf8))
        continue
      }
      let isCopy = name.hasSuffix(".gz")
      let plain = isCopy ? String(name.dropLast(3)) : name
      // What there is to say of it is said of the file that it is a copy of.
      if isCopy, names.contains(plain) || known.contains(plain) { continue }
      let parts = MetadataFiles.parts(plain)
      if parts?.role == "root" {
        find("metadata/" + name, "no client gets to it: the chain of roots ends at \(root)")
      } else if rootsAlone {
        continue
      } else if let (version, role) = parts, let now = current[role], version <= now {
        // An earlier version, or the last one of a role that nobody delegates to any more.
        if files == .contents, !isCopy { try checkEarlier(name, version, Role(role)) }
      } else {
        find("metadata/" + name, "nothing refers to it")
      }
    }
  }

  /// True for what a role's file was called before consistent snapshots were turned on.
  private func isUnversioned(_ name: String) -> Bool {
    guard adoptedBy != nil, name.hasSuffix(".json") else { return false }
    let role = String(name.dropLast(5))
    return role == "root" || current[role] != nil
  }

  /// A file that clients who have just read the timestamp before the current one may still ask for.
  private mutating func checkEarlier(
    _ name: String, _ version: Int64, _ role: Role
  ) throws(RepositoryError) {
    guard let bytes = try read(name, limit: limits.listedLength),
      let metadata = ask(
        name,
        { () throws(TUFError) in try SignedMetadata(parsing: bytes, as: role.type, file: name) })
    else { return }
    if metadata.version != version {
      find("metadata/" + name, "it has version \(metadata.version)")
    }
    try checkCompressed(name, bytes)
  }

  func list(_ folder: Path) throws(RepositoryError) -> [DirectoryEntry] {
    var entries = try onDisk { () throws(FileError) in try FileSystem.list(folder) }
    entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
    return entries
  }
}
