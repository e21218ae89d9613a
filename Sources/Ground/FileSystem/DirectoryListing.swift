import CPosix

/// A name in a folder, and what stands under it.
public struct DirectoryEntry: Sendable {
  /// The name, one component.
  public let name: [UInt8]
  /// What it stands for, or nil where the file system does not say in its listing.
  public let kind: FileKind?
}

extension FileSystem {
  /// The names in a folder without `.` and `..`, in no order. `readdir(3)`
  public static func list(_ path: Path) throws(FileError) -> [DirectoryEntry] {
    #if DEBUG
      if let code = Fault.next() { throw FileError(.list, path, code: code) }
    #endif
    guard let stream = path.withCString({ opendir($0) }) else {
      throw FileError(.list, path, code: posix_errno())
    }
    defer { closedir(stream) }
    return entries(of: stream)
  }

  /// All that a stream has left to tell.
  #if os(Linux)
    static func entries(of stream: OpaquePointer) -> [DirectoryEntry] {
      readAll { readdir(stream) }
    }
  #else
    static func entries(of stream: UnsafeMutablePointer<DIR>) -> [DirectoryEntry] {
      readAll { readdir(stream) }
    }
  #endif

  private static func readAll(_ next: () -> UnsafeMutablePointer<dirent>?) -> [DirectoryEntry] {
    var entries: [DirectoryEntry] = []
    entries.reserveCapacity(32)
    while let entry = next() {
      guard let name = posix_entry_name(entry), !isSelfOrParent(name) else { continue }
      entries.append(
        DirectoryEntry(
          name: Path(cString: name).bytes, kind: FileKind(directoryEntry: entry.pointee.d_type)))
    }
    return entries
  }

  /// True for `.` and `..`.
  private static func isSelfOrParent(_ name: UnsafePointer<CChar>) -> Bool {
    name[0] == 0x2e && (name[1] == 0 || (name[1] == 0x2e && name[2] == 0))
  }
}

extension FileKind {
  init?(directoryEntry type: UInt8) {
    switch Int(type) {
    case Int(DT_REG): self = .regular
    case Int(DT_DIR): self = .directory
    case Int(DT_LNK): self = .symbolicLink
    case Int(DT_UNKNOWN): return nil
    default: self = .other
    }
  }
}
