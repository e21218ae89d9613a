import FileSystem
import TUF

/// The current metadata of a repository, after all of a client's checks but those on expiry.
///
/// Delegated roles are read when they are asked for: there may be tens of thousands.
package struct RepositoryState: Sendable {
  private let directory: Path
  private var files: MetadataFiles
  private let trusted: TrustedSet
  package let root: SignedMetadata
  package let timestamp: SignedMetadata
  let snapshot: SignedMetadata
  /// The top-level targets.
  package let targets: Targets
  /// True when a root of the chain wants names without versions and hashes: the repository was taken over.
  private let hadPlainNames: Bool

  /// A time at which nothing has expired yet: a change is the cure for what has.
  private static let beforeAllExpiry: Int64 = 0

  /// Reads the chain of roots from its start, then what the timestamp leads to.
  ///
  /// - Parameter overlay: a folder whose files stand in for those that are published.
  package init(_ directory: Path, overlay: Path? = nil) throws(RepositoryError) {
    let files = MetadataFiles(RepositoryFolder.metadata(directory), overlay: overlay)
    let limits = Limits()
    guard let start = try Self.firstRoot(files),
      let first = try files.read(Role.root.fileName(start), limit: limits.rootLength)
    else { throw .noRepository(folder: directory) }
    var trusted = try checked(directory) { () throws(TUFError) in
      try TrustedSet(
        root: first, file: Role.root.fileName(start), now: Self.beforeAllExpiry)
    }
    var hadPlainNames = !trusted.root.consistentSnapshot
    while trusted.root.version < .max {
      let name = Role.root.fileName(trusted.root.version + 1)
      guard let next = try files.read(name, limit: limits.rootLength) else { break }
      trusted = try checked(directory) { () throws(TUFError) in
        var extended = trusted
        _ = try extended.updateRoot(next, file: name)
        return extended
      }
      hadPlainNames = hadPlainNames || !trusted.root.consistentSnapshot
    }
    try self.init(
      trusted, files: files, directory: directory, hadPlainNames: hadPlainNames)
  }

  /// The version of the oldest root that is there: 1, unless the repository was taken over from somewhere
  /// that kept no older ones.
  package static func firstRoot(_ files: MetadataFiles) throws(RepositoryError) -> Int64? {
    if try files.contains("1.root.json") { return 1 }
    var oldest: Int64?
    for folder in [files.overlay, files.folder] {
      guard let folder else { continue }
      do throws(FileError) {
        for entry in try FileSystem.list(folder) {
          let parts = MetadataFiles.parts(String(decoding: entry.name, as: UTF8.self))
          if let parts, parts.role == "root" { oldest = min(oldest ?? .max, parts.version) }
        }
      } catch {
        if !error.isMissing { throw .file(error) }
      }
    }
    return oldest
  }

  /// What a client comes to that is in this state when a change is put in place, its files being in
  /// `overlay`: nothing goes back, and every signature is there.
  func followed(overlay: Path) throws(RepositoryError) -> RepositoryState {
    let files = MetadataFiles(RepositoryFolder.metadata(directory), overlay: overlay)
    let name = Role.root.fileName(root.version &+ 1)
    let next = try files.read(name, limit: Limits().rootLength)
    let base = try checked(directory) { () throws(TUFError) in
      var base = try TrustedSet(root: root.bytes, now: Self.beforeAllExpiry)
      try base.loadTimestamp(timestamp.bytes)
      try base.loadSnapshot(snapshot.bytes)
      if let next { _ = try base.updateRoot(next, file: name) }
      return base
    }
    return try RepositoryState(
      base, files: files, directory: directory, hadPlainNames: hadPlainNames)
  }

  /// The same state when its files have been put in place.
  var published: RepositoryState {
    var state = self
    state.files.overlay = nil
    return state
  }

  /// Follows the timestamp to snapshot and targets, all checked against what is trusted so far.
  private init(
    _ base: TrustedSet, files: MetadataFiles, directory: Path, hadPlainNames: Bool
  ) throws(RepositoryError) {
    var trusted = base
    let limits = Limits()
    let bytes = try files.require("timestamp.json", limit: limits.timestampLength)
    let listed = try checked(directory) { () throws(TUFError) in
      _ = try trusted.updateTimestamp(bytes)
      return try trusted.listedSnapshot()
    }
    // Where a change to consistent snapshots is under way, the files have their versions already.
    if !trusted.root.consistentSnapshot,
      try files.read(Role.snapshot.fileName(listed.version), limit: limits.listedLength) == nil
    {
      throw .notConsistent(folder: directory)
    }
    let snapshot = try files.require(
      Role.snapshot.fileName(listed.version), limit: listed.length ?? limits.snapshotLength)
    let entry = try checked(directory) { () throws(TUFError) in
      if !trusted.snapshotIsCurrent { try trusted.updateSnapshot(snapshot) }
      return try trusted.listed(Role.targets.bytes)
    }
    let targets = try files.require(
      Role.targets.fileName(entry.version), limit: entry.length ?? limits.listedLength)
    try checked(directory) { () throws(TUFError) in try trusted.updateTargets(targets) }
    guard let timestamp = trusted.timestamp?.metadata, let snapshot = trusted.snapshot?.metadata,
      let targets = trusted.targets
    else { throw .noRepository(folder: directory) }
    root = trusted.root.metadata
    self.timestamp = timestamp
    self.snapshot = snapshot
    self.targets = targets
    self.files = files
    self.directory = directory
    self.trusted = trusted
    self.hadPlainNames = hadPlainNames
  }

  /// True while clients are served that have not seen yet that names carry versions: as long as the names of
  /// before are there, which ``RepositoryFolder/tidy(olderThan:now:isTrial:)`` decides.
  var servesPlainNames: Bool {
    get throws(RepositoryError) {
      guard hadPlainNames else { return false }
      return try files.contains(Role.snapshot.plainFileName)
    }
  }

  /// True when file names carry versions and hashes (TUF 1.0.34 §6.2).
  var isConsistent: Bool { trusted.root.consistentSnapshot }

  /// The metadata of a top-level role.
  package func metadata(of role: Role) -> SignedMetadata {
    switch role {
    case .root: root
    case .timestamp: timestamp
    case .snapshot: snapshot
    default: targets.metadata
    }
  }

  /// The version of a role that is published; 0 for one that begins.
  func version(of role: Role) -> Int64 {
    role.isTopLevel ? metadata(of: role).version : listed(role)?.version ?? 0
  }

  /// The version that a role's next metadata has.
  ///
  /// - Throws: ``RepositoryError/field(file:name:expected:)`` where somebody has used up all numbers.
  func nextVersion(of role: Role) throws(RepositoryError) -> Int64 {
    let (next, isOver) = version(of: role).addingReportingOverflow(1)
    if isOver {
      throw .field(
        file: role.plainFileName, name: "version", expected: "a number after which there is another"
      )
    }
    return next
  }

  /// What the snapshot lists of a role; nil when it does not.
  func listed(_ role: Role) -> MetaFile? {
    do throws(TUFError) {
      return try trusted.listed(role.bytes)
    } catch {
      // Its only reason: entries were checked with the snapshot.
      return nil
    }
  }

  /// What tells the published file of a role from another under its name; nil when there is none.
  func identity(of role: Role, _ version: Int64) -> FileIdentity? {
    (try? FileSystem.status(files.folder.appending(role.fileName(version)))).map {
      FileIdentity($0)
    }
  }

  /// A role that another one delegates to; nil when nothing was ever published for it.
  func delegated(_ role: Role, by delegator: Targets) throws(RepositoryError) -> Targets? {
    guard let keys = delegator.keys(ofDelegated: role.bytes), let listed = listed(role) else {
      return nil
    }
    let limit = listed.length ?? Limits().listedLength
    let bytes = try files.require(role.fileName(listed.version), limit: limit)
    return try checked(directory) { () throws(TUFError) in
      var trusted = trusted
      return try trusted.targets(bytes, role: role.bytes, keys: keys)
    }
  }
}
