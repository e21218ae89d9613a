import CPosix

extension FileSystem {
  /// Removes a folder and all that is in it, or finds it gone.
  ///
  /// Symbolic links are not followed. Folders without permission to write are given it first. Safe to call again after a failure.
  public static func removeTree(_ path: Path) throws(FileError) {
    let kind: FileKind
    do throws(FileError) {
      kind = try linkStatus(path).kind
    } catch {
      if error.isMissing { return }
      throw error
    }
    guard kind == .directory else { return try removeIfPresent(path) }
    try setPermissions(path, 0o700)
    for entry in try list(path) {
      let child = path.appending(entry.name)
      if entry.kind == .directory || entry.kind == nil {
        try removeTree(child)
      } else {
        try removeIfPresent(child)
      }
    }
    do throws(FileError) { try removeDirectory(path) } catch { if !error.isMissing { throw error } }
  }
}
