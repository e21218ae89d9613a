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
    var entries: [DirectoryEntry] = []
    while let entry = readdir(stream) {
      let name = Path(cString: posix_entry_name(entry)).bytes
      if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
      entries.append(
        DirectoryEntry(name: name, kind: FileKind(directoryEntry: entry.pointee.d_type)))
    }
    return entries
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
