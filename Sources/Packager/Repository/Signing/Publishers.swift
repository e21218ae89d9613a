import FileSystem

/// Who may publish: whoever the metadata belongs to, and its group where that may write it.
///
/// What one of them makes for all of them, the others can change; what root makes is theirs.
struct Publishers {
  private let metadata: FileStatus

  /// Looks at the metadata of a repository.
  init(of directory: Path) throws(FileError) {
    metadata = try FileSystem.status(RepositoryFolder.metadata(directory))
  }

  private var isGroup: Bool { metadata.permissions & 0o020 != 0 }

  /// The permission bits of a file that only they may open.
  var filePermissions: FileMode { isGroup ? 0o660 : 0o600 }

  private var folderPermissions: FileMode { isGroup ? 0o770 : 0o700 }

  /// Lets them, and nobody else, open a file that this user has made.
  func admit(to file: borrowing File) throws(FileError) {
    let status = try file.status()
    guard let (owner, group) = heirs(of: status) else { return }
    if owner != status.owner || group != status.group {
      try Self.tolerant { () throws(FileError) in try file.setOwner(owner, group: group) }
    }
    if status.permissions != filePermissions { try file.setPermissions(filePermissions) }
  }

  /// Lets them, and nobody else, work in a folder that this user has made.
  func admit(to path: Path) throws(FileError) {
    let folder = try Directory(path)
    let status = try folder.status()
    guard let (owner, group) = heirs(of: status) else { return }
    if owner != status.owner || group != status.group {
      try Self.tolerant { () throws(FileError) in try folder.setOwner(owner, group: group) }
    }
    if status.permissions & 0o777 != folderPermissions {
      try folder.setPermissions(folderPermissions)
    }
  }

  /// Whose something is to be; nil for what is not this user's to give.
  private func heirs(of status: FileStatus) -> (UserID, GroupID)? {
    let isRoot = EffectiveUser.isRoot
    guard isRoot || status.owner == EffectiveUser.id else { return nil }
    return (isRoot ? metadata.owner : status.owner, isGroup ? metadata.group : status.group)
  }

  /// The owner of a folder need not be in its group, and can't give that anything then.
  private static func tolerant(_ body: () throws(FileError) -> Void) throws(FileError) {
    do throws(FileError) {
      try body()
    } catch {
      guard error.isForbidden else { throw error }
    }
  }
}
