public import CPosix

/// The permission bits of a file, with setuid, setgid and sticky: the low twelve bits of a mode.
public typealias FileMode = mode_t

/// What a name stands for.
public enum FileKind: Sendable {
  case regular, directory, symbolicLink, other
}

/// What the system tells about a file. `stat(2)`
public struct FileStatus: Sendable {
  /// What it is.
  public let kind: FileKind
  /// The size in bytes.
  public let size: Int64
  /// Permission bits, with setuid, setgid and sticky.
  public let permissions: FileMode
  /// The user id of the owner.
  public let owner: UserID
  /// The id of the group.
  public let group: GroupID
  /// When it was last changed, in seconds since 1970 UTC.
  public let modified: Int64
  /// Nanoseconds of that second.
  public let modifiedNanoseconds: Int64
  /// When its contents or its attributes were last changed, in seconds since 1970 UTC.
  public let changed: Int64
  /// Nanoseconds of that second.
  public let changedNanoseconds: Int64
  /// The number of the volume.
  public let device: UInt64
  /// The number of the file on its volume.
  public let inode: UInt64

  init(_ raw: stat) {
    switch posix_file_type(raw.st_mode) {
    case UInt32(S_IFREG): kind = .regular
    case UInt32(S_IFDIR): kind = .directory
    case UInt32(S_IFLNK): kind = .symbolicLink
    default: kind = .other
    }
    size = Int64(raw.st_size)
    permissions = raw.st_mode & 0o7777
    owner = raw.st_uid
    group = raw.st_gid
    var copy = raw
    modified = posix_modified(&copy)
    modifiedNanoseconds = posix_modified_nanoseconds(&copy)
    changed = posix_changed(&copy)
    changedNanoseconds = posix_changed_nanoseconds(&copy)
    device = UInt64(truncatingIfNeeded: raw.st_dev)
    inode = UInt64(raw.st_ino)
  }
}
