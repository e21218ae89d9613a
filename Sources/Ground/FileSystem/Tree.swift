extension FileSystem {
  /// Removes a folder and all that is in it, or finds it gone.
  ///
  /// Symbolic links are not followed. Folders without permission to write are given it first. Safe to call again after a failure.
  public static func removeTree(_ path: Path) throws(FileError) {
    do throws(FileError) {
      try Directory(path.parent, followingLink: true).removeTree(path.lastComponent)
    } catch {
      if !error.isMissing { throw error }
    }
  }
}
