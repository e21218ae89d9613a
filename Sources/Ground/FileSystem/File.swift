import CPosix

/// How a file is opened.
public enum OpenMode: Sendable {
  /// Must exist; read only, and a pipe of that name is not waited for.
  case read
  /// Must exist; read only, and if it is a pipe, as it comes.
  case stream
  /// Must exist; read and write.
  case update
  /// Made when missing, kept when there; read and write.
  case createOrUpdate
  /// Made when missing; every write goes to the end.
  case append
  /// Must not exist: fails with `EEXIST`, also on a dangling symbolic link.
  case createNew
}

/// An open file; closed when it goes out of scope.
public struct File: ~Copyable {
  /// The descriptor, which is closed on exec.
  public let descriptor: CInt
  /// The path it was opened by, for messages.
  public let path: Path

  /// Opens a file. `open(2)`
  public init(_ path: Path, _ mode: OpenMode, permissions: FileMode = 0o644) throws(FileError) {
    self.path = path
    descriptor = CInt(
      try call(mode == .read || mode == .stream ? .open : .create, path) {
        Int(path.withCString { posix_open($0, mode.flags | O_CLOEXEC, permissions) })
      })
  }

  init(adopting descriptor: CInt, path: Path) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  /// Reads up to `buffer.count` bytes at the current place; 0 at the end of the file. `read(2)`
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    try call(.read, path) { CPosix.read(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// Reads up to `buffer.count` bytes at an offset; 0 at the end of the file. `pread(2)`
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
  ) throws(FileError) -> Int {
    try call(.read, path) { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
  }

  /// Reads at most `limit` bytes from the current place to the end of the file.
  ///
  /// - Returns: nil when the file holds more.
  public func readAll(limit: Int) throws(FileError) -> [UInt8]? {
    let expected = Int(try status().size)
    if expected > limit { return nil }
    var bytes = [UInt8](repeating: 0, count: expected)
    var filled = 0
    while filled < expected {
      let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try read(
          into: UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: buffer[filled...])))
      }
      if count == 0 { break }
      filled += count
    }
    bytes.removeSubrange(filled...)
    return bytes
  }

  /// Reads from the current place to the end of the file, piece by piece; a piece is valid during the call of `body`, which
  /// ends the reading by false.
  public func readPieces(_ body: (UnsafeRawBufferPointer) -> Bool) throws(FileError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      if count == 0 || !body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { return }
    }
  }

  /// Writes all bytes at the current place. `write(2)`
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var written = 0
    while written < bytes.count {
      written += try call(.write, path) {
        CPosix.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      }
    }
  }

  /// Writes all bytes at the current place. `write(2)`
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Writes all bytes at an offset and leaves the current place where it is. `pwrite(2)`
  public func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
    var written = 0
    while written < bytes.count {
      written += try call(.write, path) {
        bytes.withUnsafeBytes {
          pwrite(
            descriptor, $0.baseAddress! + written, bytes.count - written,
            off_t(offset) + off_t(written))
        }
      }
    }
  }

  /// Moves the current place to an offset from the start. `lseek(2)`
  public func seek(to offset: Int64) throws(FileError) {
    try call(.seek, path) { Int(lseek(descriptor, off_t(offset), SEEK_SET)) }
  }

  /// Cuts or extends the file to a length in bytes. `ftruncate(2)`
  public func truncate(to length: Int64) throws(FileError) {
    try call(.truncate, path) { Int(ftruncate(descriptor, off_t(length))) }
  }

  /// Returns once the file's data and length are on disk. `fsync(2)`
  public func sync() throws(FileError) {
    try call(.sync, path) { Int(fsync(descriptor)) }
  }

  /// Returns once all that was written to this file's volume is on disk; false where the system has no such
  /// call. `syncfs(2)`
  public func syncVolume() throws(FileError) -> Bool {
    do throws(FileError) {
      try call(.sync, path) { Int(posix_sync_volume(descriptor)) }
      return true
    } catch {
      if error.code == ENOSYS { return false }
      throw error
    }
  }

  /// Sets the permission bits. `fchmod(2)`
  public func setPermissions(_ permissions: FileMode) throws(FileError) {
    try call(.changeMode, path) { Int(fchmod(descriptor, permissions)) }
  }

  /// Sets the time of last change to now. `futimens(2)`
  public func touch() throws(FileError) {
    try call(.changeTimes, path) { Int(futimens(descriptor, nil)) }
  }

  /// Gives the file to a user, which takes the rights of root. `fchown(2)`
  public func setOwner(_ user: UserID, group: GroupID) throws(FileError) {
    try call(.changeMode, path) { Int(fchown(descriptor, user, group)) }
  }

  /// What kind of file it is, its size and mode. `fstat(2)`
  public func status() throws(FileError) -> FileStatus {
    var raw = stat()
    try call(.status, path) { Int(fstat(descriptor, &raw)) }
    return FileStatus(raw)
  }
}

extension OpenMode {
  var flags: CInt {
    switch self {
    case .read: O_RDONLY | O_NONBLOCK
    case .stream: O_RDONLY
    case .update: O_RDWR
    case .createOrUpdate: O_RDWR | O_CREAT
    case .append: O_RDWR | O_CREAT | O_APPEND
    case .createNew: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
    }
  }
}
