import FileSystem

/// Keeps other runs out of a folder of trusted metadata while this one changes it.
///
/// A kernel lock on the file `lock` in it, which stays and is never stale. Nobody else may open that: a lock that a reader
/// of the folder could hold would keep its owner from updating.
struct FolderLock: ~Copyable {
  private let file: File

  /// How long another run is waited for by one that changes the folder, in seconds.
  private static let patience = 30
  /// How long by one that only reads: what is changed underneath it can be read for most of the time.
  private static let readersPatience = 3

  /// Locks a folder, which must exist.
  ///
  /// - Parameter shared: true for one that only reads, beside others that do; where nobody has changed the folder
  ///   yet, or the lock is another user's, this throws.
  init(_ path: Path, shared: Bool = false) throws(Failure) {
    let opened = try Self.open(path, shared: shared)
    try Self.wait(for: opened, path, shared ? .shared : .exclusive)
    file = opened
  }

  private static func open(_ path: Path, shared: Bool) throws(Failure) -> File {
    let place = FilePlace(path.appending("lock"))
    do throws(FileError) {
      if shared { return try place.open(.read) }
      let file = try place.open(.createOrUpdate, permissions: 0o600)
      let status = try file.status()
      // What root makes is for whose folder it is.
      let folder = try FileSystem.status(path)
      if EffectiveUser.isRoot, status.owner != folder.owner {
        try file.setOwner(folder.owner, group: folder.group)
      }
      if status.permissions != 0o600, status.owner == EffectiveUser.id {
        try file.setPermissions(0o600)
      }
      return file
    } catch {
      throw .file(error)
    }
  }

  private static func wait(
    for file: borrowing File, _ path: Path, _ kind: LockKind
  ) throws(Failure) {
    var tries = (kind == .shared ? Self.readersPatience : Self.patience) * 20
    while true {
      switch file.tryRecordLock(kind) {
      case .locked: return
      case .unsupported: throw .file(.noLocks(path))
      case .busy: if tries == 0 { throw .busy(path) }
      }
      tries -= 1
      SystemClock.sleep(milliseconds: 50)
    }
  }
}
