import FileSystem
import TUF

/// The current metadata of a repository, after all of a client's checks but those on expiry.
struct RepositoryState: Sendable {
  let root: SignedMetadata
  let timestamp: SignedMetadata
  let snapshot: SignedMetadata
  let targets: SignedMetadata

  /// A time at which nothing has expired yet.
  private static let beforeAllExpiry: Int64 = 0

  /// Reads the chain of roots from its start, then what the timestamp leads to.
  init(_ directory: Path) throws(RepositoryError) {
    let files = MetadataFiles(RepositoryFolder.metadata(directory))
    let limits = Limits()
    guard let first = try files.read("1.root.json", limit: limits.rootLength) else {
      throw .noRepository(folder: directory)
    }
    var name = "1.root.json"
    var newest = first
    var trusted = try checked(directory) { () throws(TUFError) in
      try TrustedSet(root: first, file: name, now: Self.beforeAllExpiry)
    }
    while true {
      let next = "\(trusted.root.version + 1).root.json"
      guard let bytes = try files.read(next, limit: limits.rootLength) else { break }
      name = next
      newest = bytes
      trusted = try checked(directory) { () throws(TUFError) in
        var extended = trusted
        _ = try extended.updateRoot(bytes, file: next)
        return extended
      }
    }
    guard trusted.root.consistentSnapshot else { throw .notConsistent(folder: directory) }
    guard let bytes = try files.read("timestamp.json", limit: limits.timestampLength) else {
      throw .noRepository(folder: directory)
    }
    let root = try checked(directory) { () throws(TUFError) in
      try SignedMetadata(parsing: newest, as: .root, file: name)
    }
    self = try Self(
      root: root, trusted: trusted, timestamp: bytes, files: files, directory: directory)
  }

  /// Follows a timestamp to the files that it lists, all checked.
  private init(
    root: SignedMetadata, trusted base: TrustedSet, timestamp bytes: [UInt8],
    files: MetadataFiles, directory: Path
  ) throws(RepositoryError) {
    var trusted = base
    let limits = Limits()
    timestamp = try checked(directory) { () throws(TUFError) in
      _ = try trusted.updateTimestamp(bytes)
      return try SignedMetadata(parsing: bytes, as: .timestamp, file: "timestamp.json")
    }
    let snapshotFile = try checked(directory) { () throws(TUFError) in
      try trusted.listedSnapshot()
    }
    let snapshotName = Role.snapshot.fileName(snapshotFile.version)
    let snapshotBytes = try files.require(
      snapshotName, limit: snapshotFile.length ?? limits.snapshotLength)
    snapshot = try checked(directory) { () throws(TUFError) in
      try trusted.updateSnapshot(snapshotBytes)
      return try SignedMetadata(parsing: snapshotBytes, as: .snapshot, file: snapshotName)
    }
    let targetsFile = try checked(directory) { () throws(TUFError) in
      try trusted.listed(Array(Role.targets.name.utf8))
    }
    let targetsName = Role.targets.fileName(targetsFile.version)
    let targetsBytes = try files.require(
      targetsName, limit: targetsFile.length ?? limits.targetsLength)
    targets = try checked(directory) { () throws(TUFError) in
      try trusted.updateTargets(targetsBytes)
      return try SignedMetadata(parsing: targetsBytes, as: .targets, file: targetsName)
    }
    self.root = root
  }

  /// The state that a client would come to from this one with a new timestamp, all expiries checked.
  ///
  /// Snapshot and targets are read back from the disk.
  func followed(
    by timestamp: [UInt8], root new: [UInt8]?, now: Int64, directory: Path
  ) throws(RepositoryError) -> RepositoryState {
    let trusted = try checked(directory) { () throws(TUFError) in
      var trusted = try TrustedSet(root: root.bytes, now: now)
      try trusted.loadTimestamp(self.timestamp.bytes)
      try trusted.loadSnapshot(snapshot.bytes)
      if let new { _ = try trusted.updateRoot(new, file: "\(root.version + 1).root.json") }
      try trusted.checkRootExpiry()
      return trusted
    }
    return try Self.state(
      root: new ?? root.bytes, trusted: trusted, timestamp: timestamp, directory: directory)
  }

  /// The state of a repository that is just being created.
  static func first(
    root: [UInt8], timestamp: [UInt8], now: Int64, directory: Path
  ) throws(RepositoryError) -> RepositoryState {
    let trusted = try checked(directory) { () throws(TUFError) in
      let trusted = try TrustedSet(root: root, file: "1.root.json", now: now)
      try trusted.checkRootExpiry()
      return trusted
    }
    return try state(root: root, trusted: trusted, timestamp: timestamp, directory: directory)
  }

  private static func state(
    root: [UInt8], trusted: TrustedSet, timestamp: [UInt8], directory: Path
  ) throws(RepositoryError) -> RepositoryState {
    let parsed = try checked(directory) { () throws(TUFError) in
      try SignedMetadata(parsing: root, as: .root, file: "root.json")
    }
    return try Self(
      root: parsed, trusted: trusted, timestamp: timestamp,
      files: MetadataFiles(RepositoryFolder.metadata(directory)), directory: directory)
  }

  /// The metadata of a top-level role.
  func metadata(of role: Role) -> SignedMetadata {
    switch role {
    case .root: root
    case .timestamp: timestamp
    case .snapshot: snapshot
    default: targets
    }
  }
}

/// The folder of metadata, read and written file by file.
struct MetadataFiles {
  let folder: Path

  init(_ folder: Path) {
    self.folder = folder
  }

  /// The bytes of a file; nil when there is none.
  func read(_ name: String, limit: Int64) throws(RepositoryError) -> [UInt8]? {
    do throws(FileError) {
      return try FileSystem.read(folder.appending(name), limit: Int(clamping: limit))
    } catch {
      if error.isMissing { return nil }
      throw .file(error)
    }
  }

  /// The bytes of a file that must be there.
  func require(_ name: String, limit: Int64) throws(RepositoryError) -> [UInt8] {
    try onDisk { () throws(FileError) in
      try FileSystem.read(folder.appending(name), limit: Int(clamping: limit))
    }
  }

  /// Writes a file; atomic, and durable on return.
  func write(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      try FileSystem.writeAtomically(bytes, to: folder.appending(name))
    }
  }
}
