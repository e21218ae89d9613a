public import CPosix

/// An open folder, and the one way to walk below it: by names, never through symbolic links, never up.
///
/// Whatever writes, renames or removes where others can put links works through this type, so that no name
/// leads it elsewhere, whoever changes the tree meanwhile. Names are paths relative to the folder; each of
/// their components but the last must be a real folder. One that is a link counts as no folder: `ENOTDIR`.
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

  /// Opens a folder below this one; an empty name opens this one again. `openat2(2)`, else `openat(2)` for
  /// each component
  public func openDirectory(_ name: [UInt8]) throws(FileError) -> Directory {
    if name.isEmpty { return try openComponent([UInt8(ascii: ".")], as: path) }
    if !name.contains(UInt8(ascii: "/")) {
      return try openComponent(name, as: path.appending(name))
    }
    if let opened = try openBeneath(name) { return opened }
    var (first, rest) = Self.split(name)
    var current = try openDirectory(first)
    while !rest.isEmpty {
      (first, rest) = Self.split(rest)
      current = try current.openDirectory(first)
    }
    return current
  }

  /// Nil where the kernel has no such call, or a sandbox forbids it.
  private func openBeneath(_ name: [UInt8]) throws(FileError) -> Directory? {
    let child = path.appending(name)
    do throws(FileError) {
      let opened = try call(.open, child) {
        Int(Path(name).withCString { posix_open_beneath(descriptor, $0, Self.flags) })
      }
      return Directory(descriptor: CInt(opened), path: child)
    } catch {
      switch error.code {
      case ENOSYS, EPERM, EAGAIN: return nil
      case ELOOP: throw FileError(.open, child, code: ENOTDIR)
      default: throw error
      }
    }
  }

  private func openComponent(_ name: [UInt8], as child: Path) throws(FileError) -> Directory {
    let opened: Int
    do throws(FileError) {
      opened = try call(.open, child) {
        Int(Path(name).withCString { posix_openat(descriptor, $0, Self.flags, 0) })
      }
    } catch {
      // Systems differ on what they call a link where a folder was asked for.
      throw error.code == ELOOP ? FileError(.open, child, code: ENOTDIR) : error
    }
    return Directory(descriptor: CInt(opened), path: child)
  }

  private static func split(_ name: [UInt8]) -> (first: [UInt8], rest: [UInt8]) {
    guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else { return (name, []) }
    return (Array(name[..<slash]), Array(name[(slash + 1)...]))
  }

  /// Opens a folder below this one, and makes those that are missing on the way; durable on return.
  public func makeDirectories(_ name: [UInt8]) throws(FileError) -> Directory {
    do throws(FileError) {
      return try openDirectory(name)
    } catch {
      guard error.code == ENOENT else { throw error }
    }
    let place = Path(name)
    let parent = try makeDirectories(place.parentName)
    do throws(FileError) {
      try parent.makeDirectory(place.lastComponent, permissions: 0o755)
      try parent.sync()
    } catch {
      if !error.isTaken { throw error }
    }
    return try parent.openDirectory(place.lastComponent)
  }

  /// Calls `body` with the open folder that holds a name, and the name's last component.
  func inParent<Result: ~Copyable>(
    of name: [UInt8],
    _ body: (_ folder: CInt, _ component: Path, _ whole: Path) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    let whole = path.appending(name)
    guard name.contains(UInt8(ascii: "/")) else { return try body(descriptor, Path(name), whole) }
    let place = Path(name)
    let parent = try openDirectory(place.parentName)
    return try body(parent.descriptor, Path(place.lastComponent), whole)
  }

  /// What is known of this folder itself. `fstat(2)`
  public func status() throws(FileError) -> FileStatus {
    var raw = stat()
    try call(.status, path) { Int(fstat(descriptor, &raw)) }
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

extension Path {
  /// The path without its last component; empty where there is but one.
  fileprivate var parentName: [UInt8] {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return [] }
    return Array(bytes[..<slash])
  }
}
