import FileSystem

/// What an entry becomes on disk.
public enum EntryKind: Equatable, Sendable {
  /// A regular file.
  case file
  /// A folder.
  case directory
  /// A symbolic link with its target's bytes, checked to stay inside the archive's own folder.
  case symbolicLink(target: [UInt8])
}

/// How an entry's contents are held. (APPNOTE §4.4.5)
public enum CompressionMethod: UInt16, Sendable {
  /// As they are.
  case stored = 0
  /// By raw deflate, RFC 1951.
  case deflate = 8
}

/// One entry of an archive, as its central directory and its own header agree on it.
public struct ArchiveEntry: Sendable {
  /// Where it goes, below the folder that the archive is extracted into.
  public let path: EntryPath
  /// What it becomes.
  public let kind: EntryKind
  /// True for a file that its owner may execute: all that is kept of a mode.
  public let isExecutable: Bool
  /// The length of the contents in bytes.
  public let size: Int64
  /// The length in bytes that the contents take up in the archive.
  public let compressedSize: Int64
  /// The CRC-32 of the contents.
  public let crc32: UInt32
  /// How the contents are held.
  public let method: CompressionMethod
  /// The offset of the local header in the archive, in bytes.
  public let headerOffset: Int64
  /// The offset of the first byte of the contents in the archive, in bytes.
  public let dataOffset: Int64

  /// The permission bits that it gets on disk: 0755 for a folder and for a file that is executable, 0644 for any
  /// other file.
  ///
  /// Who may write an installation, and who may run it, is not for an archive to say.
  public var permissions: FileMode {
    switch kind {
    case .file: isExecutable ? 0o755 : 0o644
    case .directory: 0o755
    case .symbolicLink: 0o777
    }
  }

  var isLink: Bool {
    if case .symbolicLink = kind { return true }
    return false
  }
}
