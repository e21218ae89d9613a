import Bytes
import CPosix

// Files below an open folder. Only regular files are opened, and never through a link: what else has the name of
// one, a pipe that nobody writes for instance, is refused and not waited for.
extension Directory {
  /// Opens a regular file. `openat(2)`
  ///
  /// - Throws: ``FileError``; with ``FileOperation/takeForFile`` where something else has the name.
  public func open(
    _ name: [UInt8], _ mode: OpenMode, permissions: FileMode = 0o644
  ) throws(FileError) -> File {
    let flags = mode.flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let operation = mode == .read || mode == .stream ? FileOperation.open : .create
    let whole = path.appending(name)
    let descriptor: Int
    do throws(FileError) {
      descriptor = try onName(operation, name) {
        posix_openat(self.descriptor, $0, flags, permissions)
      }
    } catch {
      switch error.code {
      // A link; a folder, socket or pipe that is to be written.
      case ELOOP, EMLINK, ENOTDIR, EISDIR, ENXIO:
        throw FileError(.takeForFile, whole, code: error.code)
      default: throw error
      }
    }
    let file = File(adopting: CInt(descriptor), path: whole)
    guard try file.status().kind == .regular else {
      throw FileError(.takeForFile, whole, code: EINVAL)
    }
    return file
  }

  /// Makes a file; nothing may have its name. `openat(2)` with `O_EXCL`
  public func createFile(
    _ name: [UInt8], permissions: FileMode = 0o644
  ) throws(FileError) -> File {
    let flags = OpenMode.createNew.flags | O_CLOEXEC
    let descriptor = try onName(.create, name) {
      posix_openat(self.descriptor, $0, flags, permissions)
    }
    return File(adopting: CInt(descriptor), path: path.appending(name))
  }

  /// Makes a file in place of whatever link or file has the name, which is removed first.
  public func replaceFile(
    _ name: [UInt8], permissions: FileMode = 0o644
  ) throws(FileError) -> File {
    try removeIfPresent(name)
    return try createFile(name, permissions: permissions)
  }

  /// Reads a whole regular file of at most `limit` bytes.
  ///
  /// - Throws: ``FileError`` with `EFBIG` when the file holds more.
  public func read(_ name: [UInt8], limit: Int) throws(FileError) -> [UInt8] {
    let file = try open(name, .read)
    guard let bytes = try file.readAll(limit: limit) else {
      throw FileError(.read, file.path, code: EFBIG)
    }
    return bytes
  }

  /// Writes a file so that its name stands for the old bytes or the new, never for half of either.
  ///
  /// Durable on return: a file beside it is made anew, synced and renamed, then the folder is synced. What a
  /// crashed run left under the temporary name is removed.
  ///
  /// - Parameter temporary: the name of the file beside it, one component; nil for its own with `.new` behind.
  /// - Throws: ``FileError``; the old file is untouched then.
  public func writeAtomically(
    _ bytes: [UInt8], to name: [UInt8], temporary: [UInt8]? = nil, permissions: FileMode = 0o644
  ) throws(FileError) {
    let temporary = temporary ?? name + (".new" as StaticString).bytes
    do throws(FileError) {
      try writeDurably(bytes, to: temporary, permissions: permissions)
      try rename(temporary, to: self, name)
    } catch {
      // The write has failed already; a leftover under the temporary name harms nobody.
      do throws(FileError) { try removeIfPresent(temporary) } catch {}
      throw error
    }
    try sync()
  }

  /// Writes a new file under its own name and syncs it; the folder is the caller's to sync.
  func writeDurably(
    _ bytes: [UInt8], to name: [UInt8], permissions: FileMode
  ) throws(FileError) {
    let file = try replaceFile(name, permissions: permissions)
    try file.setPermissions(permissions)
    try file.write(bytes)
    try file.sync()
  }
}
