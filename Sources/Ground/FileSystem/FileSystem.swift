import CPosix

/// The file system by path: thin functions over POSIX calls with typed errors.
public enum FileSystem {
  /// What a path leads to, through symbolic links. `stat(2)`
  public static func status(_ path: Path) throws(FileError) -> FileStatus {
    var raw = stat()
    try call(.status, path) { Int(path.withCString { posix_stat($0, &raw) }) }
    return FileStatus(raw)
  }

  /// What stands under a name, be it a symbolic link. `lstat(2)`
  public static func linkStatus(_ path: Path) throws(FileError) -> FileStatus {
    var raw = stat()
    try call(.status, path) { Int(path.withCString { posix_lstat($0, &raw) }) }
    return FileStatus(raw)
  }

  /// True when something stands under the name, be it a dangling symbolic link.
  ///
  /// - Throws: ``FileError`` when that can't be told, for instance in a folder that may not be searched.
  public static func exists(_ path: Path) throws(FileError) -> Bool {
    do throws(FileError) {
      _ = try linkStatus(path)
      return true
    } catch {
      if error.isMissing { return false }
      throw error
    }
  }

  /// Makes one folder, which must not exist. `mkdir(2)`
  public static func makeDirectory(
    _ path: Path, permissions: FileMode = 0o755
  ) throws(FileError) {
    try call(.makeDirectory, path) { Int(path.withCString { mkdir($0, permissions) }) }
  }

  /// Makes a folder and those above it where they are missing.
  public static func makeDirectories(_ path: Path) throws(FileError) {
    do throws(FileError) {
      try makeDirectory(path)
    } catch {
      if error.code == EEXIST {
        if try status(path).kind == .directory { return }
        throw error
      }
      guard error.code == ENOENT else { throw error }
      try makeDirectories(path.parent)
      try makeDirectory(path)
    }
  }

  /// Renames within one volume; atomic, and a file that has the new name is replaced. `rename(2)`
  ///
  /// Durable only after ``syncDirectory(_:)`` on both folders.
  public static func rename(_ old: Path, to new: Path) throws(FileError) {
    do throws(FileError) {
      try call(.rename, old) {
        Int(old.withCString { from in new.withCString { CPosix.rename(from, $0) } })
      }
    } catch {
      throw error.onRename(to: new)
    }
  }

  /// Removes a name that is no folder. `unlink(2)`
  public static func remove(_ path: Path) throws(FileError) {
    try call(.remove, path) { Int(path.withCString { unlink($0) }) }
  }

  /// Removes a name that is no folder, or finds it gone. `unlink(2)`
  public static func removeIfPresent(_ path: Path) throws(FileError) {
    do throws(FileError) { try remove(path) } catch { if !error.isMissing { throw error } }
  }

  /// Removes an empty folder. `rmdir(2)`
  public static func removeDirectory(_ path: Path) throws(FileError) {
    try call(.removeDirectory, path) { Int(path.withCString { rmdir($0) }) }
  }

  /// Makes a symbolic link; nothing may have its name. `symlink(2)`
  public static func makeSymbolicLink(_ path: Path, to target: Path) throws(FileError) {
    try call(.link, path) {
      Int(target.withCString { text in path.withCString { symlink(text, $0) } })
    }
  }

  /// Gives a file a second name on the same volume; nothing may have that name. `link(2)`
  public static func makeHardLink(_ path: Path, to file: Path) throws(FileError) {
    try call(.link, path) {
      Int(file.withCString { from in path.withCString { link(from, $0) } })
    }
  }

  /// What a symbolic link says. `readlink(2)`
  public static func readSymbolicLink(_ path: Path) throws(FileError) -> Path {
    var buffer = [UInt8](repeating: 0, count: Path.maximumLength)
    let count = try call(.readLink, path) {
      buffer.withUnsafeMutableBytes { space in
        path.withCString {
          readlink($0, space.baseAddress!.assumingMemoryBound(to: CChar.self), space.count)
        }
      }
    }
    return Path(Array(buffer[..<count]))
  }

  /// Sets the permission bits of what a path leads to. `chmod(2)`
  public static func setPermissions(_ path: Path, _ permissions: FileMode) throws(FileError) {
    try call(.changeMode, path) { Int(path.withCString { chmod($0, permissions) }) }
  }

  /// Returns once the names in a folder are on disk. `fsync(2)` on the folder
  public static func syncDirectory(_ path: Path) throws(FileError) {
    try File(path, .read).sync()
  }

  /// True when this process may run a file. `access(2)`
  public static func isExecutable(_ path: Path) -> Bool {
    path.withCString { access($0, X_OK) } == 0
  }

  /// Sees that this process may make, rename and remove names in a folder, as which user it goes by now.
  /// `faccessat(2)`
  ///
  /// - Throws: ``FileError`` with the reason why not, such as `EACCES` or `EROFS`.
  public static func checkWritable(_ folder: Path) throws(FileError) {
    try call(.create, folder) {
      Int(folder.withCString { faccessat(AT_FDCWD, $0, W_OK | X_OK, AT_EACCESS) })
    }
  }

  /// Bytes that an ordinary user may still write on the volume of a path. `statvfs(3)`
  public static func freeSpace(_ path: Path) throws(FileError) -> Int64 {
    Int64(try call(.space, path) { Int(path.withCString { posix_free_space($0) }) })
  }

  /// True where nobody writes on the volume of a path; false where that can't be told. `statvfs(3)`
  public static func isOnReadOnlyVolume(_ path: Path) -> Bool {
    path.withCString { posix_is_read_only($0) }
  }

  /// The path without symbolic links, `.` and `..`. `realpath(3)`
  public static func realPath(_ path: Path) throws(FileError) -> Path {
    guard let resolved = path.withCString({ realpath($0, nil) }) else {
      throw FileError(.status, path, code: posix_errno())
    }
    defer { free(resolved) }
    return Path(cString: resolved)
  }

  /// True for two paths that lead to one folder; false where one of them leads nowhere.
  public static func isSame(_ a: Path, _ b: Path) -> Bool {
    guard let a = try? realPath(a), let b = try? realPath(b) else { return false }
    return a == b
  }

  /// Reads a whole file of at most `limit` bytes.
  ///
  /// - Throws: ``FileError`` with `EFBIG` when the file holds more.
  public static func read(_ path: Path, limit: Int) throws(FileError) -> [UInt8] {
    let file = try File(path, .read)
    guard let bytes = try file.readAll(limit: limit) else {
      throw FileError(.read, path, code: EFBIG)
    }
    return bytes
  }
}
