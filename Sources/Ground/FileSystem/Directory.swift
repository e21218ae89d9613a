import CPosix

/// An open folder, and the one way to walk below it: by names, never through symbolic links, never up.
///
/// Whatever writes, renames or removes where others can put links works through this type, so that no name
/// leads it elsewhere, whoever changes the tree meanwhile. A name is one component; what lies deeper is reached by
/// ``openDirectory(_:)``, to which a link is no folder: `ENOTDIR`.
public struct Directory: ~Copyable {
  let descriptor: CInt
  /// The path it was opened by, for messages.
  public let path: Path

  /// Opens a folder by path.
  ///
  /// - Parameter followingLink: true lets the last component be a symbolic link; for folders that somebody
  ///   named who may choose where they lead.
  public init(_ path: Path, followingLink: Bool = false) throws(FileError) {
    self.path = path
    let flags = Self.flags & (followingLink ? ~O_NOFOLLOW : ~0)
    descriptor = CInt(
      try call(.open, path) { Int(path.withCString { posix_open($0, flags, 0) }) })
  }

  private init(descriptor: CInt, path: Path) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

  /// Opens a folder below this one by a path relative to it; an empty one opens this one again.
  /// `openat2(2)`, else `openat(2)` for each component
  public func openDirectory(_ path: [UInt8]) throws(FileError) -> Directory {
    if path.contains(UInt8(ascii: "/")) {
      if let opened = try openBeneath(path) { return opened }
      let (first, rest) = Self.split(path)
      return try openDirectory(first).openDirectory(rest)
    }
    let name = path.isEmpty ? [UInt8(ascii: ".")] : path
    return Directory(
      descriptor: CInt(
        try onName(.open, name) { posix_openat(descriptor, $0, Self.flags, 0) }),
      path: self.path.appending(path))
  }

  /// Nil where the kernel has no such call, or a sandbox forbids it.
  private func openBeneath(_ path: [UInt8]) throws(FileError) -> Directory? {
    do throws(FileError) {
      let opened = try onName(.open, path) { posix_open_beneath(descriptor, $0, Self.flags) }
      return Directory(descriptor: CInt(opened), path: self.path.appending(path))
    } catch {
      switch error.code {
      case ENOSYS, EPERM, EAGAIN: return nil
      default: throw error
      }
    }
  }

  /// Makes a system call on a name in this folder.
  ///
  /// Systems differ on what they call a link where a folder is asked for; here it is `ENOTDIR`.
  @inline(never)
  @discardableResult
  func onName(
    _ operation: FileOperation, _ name: [UInt8], _ body: (UnsafePointer<CChar>) -> CInt
  ) throws(FileError) -> Int {
    do throws(FileError) {
      return try call(operation, path) { Int(Path(name).withCString(body)) }
    } catch {
      let code = operation == .open && error.code == ELOOP ? ENOTDIR : error.code
      throw FileError(operation, path.appending(name), code: code)
    }
  }

  private static func split(_ path: [UInt8]) -> (first: [UInt8], rest: [UInt8]) {
    guard let slash = path.firstIndex(of: UInt8(ascii: "/")) else { return (path, []) }
    return (Array(path[..<slash]), Array(path[(slash + 1)...]))
  }

  /// Opens a folder below this one by a path relative to it, and makes those that are missing on the way;
  /// durable on return.
  public func makeDirectories(_ path: [UInt8]) throws(FileError) -> Directory {
    do throws(FileError) {
      return try openDirectory(path)
    } catch {
      guard error.code == ENOENT else { throw error }
    }
    let (first, rest) = Self.split(path)
    do throws(FileError) {
      try makeDirectory(first)
      try sync()
    } catch {
      if !error.isTaken { throw error }
    }
    let made = try openDirectory(first)
    return rest.isEmpty ? made : try made.makeDirectories(rest)
  }

  /// What is known of this folder itself. `fstat(2)`
  public func status() throws(FileError) -> FileStatus {
    var raw = stat()
    try call(.status, path) { Int(fstat(descriptor, &raw)) }
    return FileStatus(raw)
  }

  /// Sets the permission bits of this folder. `fchmod(2)`
  public func setPermissions(_ permissions: FileMode) throws(FileError) {
    try call(.changeMode, path) { Int(fchmod(descriptor, permissions)) }
  }

  /// Gives this folder to a user and a group. `fchown(2)`
  public func setOwner(_ user: uid_t, group: gid_t) throws(FileError) {
    try call(.changeMode, path) { Int(fchown(descriptor, user, group)) }
  }

  /// Returns once the names in this folder are on disk. `fsync(2)`
  public func sync() throws(FileError) {
    try call(.sync, path) { Int(fsync(descriptor)) }
  }
}
