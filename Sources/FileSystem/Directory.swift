public import CPosix

/// An open folder: names are looked up in it alone, and symbolic links are not followed.
///
/// What unpacks untrusted archives works through this type, so that no name can lead it elsewhere.
public struct Directory: ~Copyable {
  let descriptor: CInt
  /// The path it was opened by, for messages.
  public let path: Path

  /// Opens a folder by path; its last component may be no symbolic link.
  public init(_ path: Path) throws(FileError) {
    self.path = path
    descriptor = CInt(
      try call(.open, path) {
        Int(path.withCString { posix_open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0) })
      })
  }

  private init(descriptor: CInt, path: Path) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  /// Opens a folder in this one; one component, no symbolic link. `openat(2)`
  public func openDirectory(_ name: [UInt8]) throws(FileError) -> Directory {
    let child = path.appending(name)
    let opened = try call(.open, child) {
      Int(
        Path(name).withCString {
          posix_openat(descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
        })
    }
    return Directory(descriptor: CInt(opened), path: child)
  }

  /// Makes a folder in this one; nothing may have its name. `mkdirat(2)`
  public func makeDirectory(_ name: [UInt8], permissions: mode_t) throws(FileError) {
    try call(.makeDirectory, path.appending(name)) {
      Int(Path(name).withCString { mkdirat(descriptor, $0, permissions) })
    }
  }

  /// Makes a file in this folder; nothing may have its name. `openat(2)`
  public func createFile(_ name: [UInt8], permissions: mode_t) throws(FileError) -> File {
    let child = path.appending(name)
    let opened = try call(.create, child) {
      Int(
        Path(name).withCString {
          posix_openat(
            descriptor, $0, OpenMode.createNew.flags | O_CLOEXEC, permissions)
        })
    }
    return File(adopting: CInt(opened), path: child)
  }

  /// Makes a symbolic link in this folder; nothing may have its name. `symlinkat(2)`
  public func makeSymbolicLink(_ name: [UInt8], to target: Path) throws(FileError) {
    try call(.link, path.appending(name)) {
      Int(
        target.withCString { text in Path(name).withCString { symlinkat(text, descriptor, $0) } })
    }
  }

  /// What stands under a name in this folder, be it a symbolic link. `fstatat(2)`
  public func linkStatus(_ name: [UInt8]) throws(FileError) -> FileStatus {
    var raw = stat()
    try call(.status, path.appending(name)) {
      Int(
        Path(name).withCString { posix_fstatat(descriptor, $0, &raw, AT_SYMLINK_NOFOLLOW) })
    }
    return FileStatus(raw)
  }

  /// Sets the permission bits of this folder. `fchmod(2)`
  public func setPermissions(_ permissions: mode_t) throws(FileError) {
    try call(.changeMode, path) { Int(fchmod(descriptor, permissions)) }
  }

  /// Returns once the names in this folder are on disk. `fsync(2)`
  public func sync() throws(FileError) {
    try call(.sync, path) { Int(fsync(descriptor)) }
  }
}
