import Bytes
import CPosix

// What is done to names in an open folder. A symbolic link is itself here, never what it leads to.
extension Directory {
  /// What stands under a name. `fstatat(2)`
  public func linkStatus(_ name: [UInt8]) throws(FileError) -> FileStatus {
    var raw = stat()
    try onName(.status, name) { posix_fstatat(descriptor, $0, &raw, AT_SYMLINK_NOFOLLOW) }
    return FileStatus(raw)
  }

  /// What kind of thing stands under a name; nil for nothing.
  ///
  /// - Throws: ``FileError`` when that can't be told, for instance in a folder that may not be searched.
  public func kind(_ name: [UInt8]) throws(FileError) -> FileKind? {
    do throws(FileError) {
      return try linkStatus(name).kind
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// The names in this folder without `.` and `..`, in no order. `readdir(3)`
  public func list() throws(FileError) -> [DirectoryEntry] {
    let again = try call(.list, path) {
      Int(posix_openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0))
    }
    guard let stream = fdopendir(CInt(again)) else {
      let error = FileError(.list, path, code: posix_errno())
      _ = close(CInt(again))
      throw error
    }
    defer { closedir(stream) }
    return FileSystem.entries(of: stream)
  }

  /// Makes a folder; nothing may have its name. `mkdirat(2)`
  public func makeDirectory(_ name: [UInt8], permissions: FileMode = 0o755) throws(FileError) {
    try onName(.makeDirectory, name) { mkdirat(descriptor, $0, permissions) }
  }

  /// Makes a symbolic link; nothing may have its name. `symlinkat(2)`
  public func makeSymbolicLink(_ name: [UInt8], to target: Path) throws(FileError) {
    try onName(.link, name) { name in target.withCString { symlinkat($0, descriptor, name) } }
  }

  /// Gives a file a second name in another folder of the volume; nothing may have that name. `linkat(2)`
  public func link(
    _ name: [UInt8], to other: borrowing Directory, _ new: [UInt8]
  ) throws(FileError) {
    let target = other.descriptor
    try onName(.link, name) { name in
      Path(new).withCString { linkat(descriptor, name, target, $0, 0) }
    }
  }

  /// Renames within one volume; atomic, and a file or link that has the new name is replaced. `renameat(2)`
  ///
  /// Durable only after ``sync()`` of both folders.
  public func rename(
    _ old: [UInt8], to other: borrowing Directory, _ new: [UInt8]
  ) throws(FileError) {
    let target = other.descriptor
    do throws(FileError) {
      try onName(.rename, old) { old in
        Path(new).withCString { renameat(descriptor, old, target, $0) }
      }
    } catch {
      throw error.onRename(to: other.path.appending(new))
    }
  }

  /// Renames in this folder to a name that nothing has yet. `renameat2(2)` with `RENAME_NOREPLACE`
  ///
  /// Where the system or the volume has no such call, somebody else can take the name between the look and
  /// the rename.
  ///
  /// - Throws: ``FileError``, with `EEXIST` where something has the name.
  public func renameNew(_ old: [UInt8], _ new: [UInt8]) throws(FileError) {
    do throws(FileError) {
      try onName(.rename, new) { new in
        Path(old).withCString { posix_rename(descriptor, $0, descriptor, new, posix_rename_new) }
      }
      return
    } catch {
      guard error.code == ENOSYS || error.code == EINVAL else { throw error }
    }
    if try kind(new) != nil { throw FileError(.rename, path.appending(new), code: EEXIST) }
    try rename(old, to: self, new)
  }

  /// Lets two names change places; atomic. `renameat2(2)` with `RENAME_EXCHANGE`
  ///
  /// Where the system or the volume has no such call, the second is put under the first's name with `.old` behind for
  /// a moment.
  public func exchange(
    _ name: [UInt8], with other: borrowing Directory, _ second: [UInt8]
  ) throws(FileError) {
    let target = other.descriptor
    do throws(FileError) {
      try onName(.rename, name) { name in
        Path(second).withCString {
          posix_rename(descriptor, name, target, $0, posix_rename_exchange)
        }
      }
      return
    } catch {
      guard error.code == ENOSYS || error.code == EINVAL else { throw error }
    }
    let aside = name + (".old" as StaticString).bytes
    try removeTree(aside)
    try other.rename(second, to: self, aside)
    try rename(name, to: other, second)
    try rename(aside, to: self, name)
  }

  /// Removes a name that is no folder. `unlinkat(2)`
  public func remove(_ name: [UInt8]) throws(FileError) {
    try onName(.remove, name) { unlinkat(descriptor, $0, 0) }
  }

  /// Removes a name that is no folder, or finds it gone. `unlinkat(2)`
  public func removeIfPresent(_ name: [UInt8]) throws(FileError) {
    do throws(FileError) { try remove(name) } catch { if !error.isMissing { throw error } }
  }

  /// Removes an empty folder. `unlinkat(2)` with `AT_REMOVEDIR`
  public func removeDirectory(_ name: [UInt8]) throws(FileError) {
    try onName(.removeDirectory, name) { unlinkat(descriptor, $0, AT_REMOVEDIR) }
  }

  /// Removes a folder and all that is in it, or a file or link; or finds it gone.
  ///
  /// Folders without permission to write are given it first. Safe to call again after a failure.
  public func removeTree(_ name: [UInt8]) throws(FileError) {
    guard let kind = try kind(name) else { return }
    guard kind == .directory else { return try removeIfPresent(name) }
    do throws(FileError) {
      try empty(name)
      try removeDirectory(name)
    } catch {
      if !error.isMissing { throw error }
    }
  }

  private func empty(_ name: [UInt8]) throws(FileError) {
    let folder = try openToEmpty(name)
    for entry in try folder.list() {
      if entry.kind == .directory || entry.kind == nil {
        try folder.removeTree(entry.name)
      } else {
        try folder.removeIfPresent(entry.name)
      }
    }
  }

  private func openToEmpty(_ name: [UInt8]) throws(FileError) -> Directory {
    do throws(FileError) {
      let folder = try openDirectory(name)
      // One of another user's that this one may write needs nothing, and takes nothing.
      if try folder.status().permissions & 0o700 != 0o700 { try folder.setPermissions(0o700) }
      return folder
    } catch {
      guard error.code == EACCES else { throw error }
    }
    // One that may not be read can't be opened to change that.
    try onName(.changeMode, name) { fchmodat(descriptor, $0, 0o700, AT_SYMLINK_NOFOLLOW) }
    return try openDirectory(name)
  }
}
