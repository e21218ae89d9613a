public import FileSystem

/// What keeps a repository's lock out of a git work tree around it.
extension RepositoryFolder {
  private static let ignored = Array("/lock\n".utf8)

  private static func ignorePath(in directory: Path) -> Path { directory.appending(".gitignore") }

  /// Writes a `.gitignore` that names the lock; one that is there stays as it is.
  public static func keepLockOutOfGit(_ directory: Path) throws(FileError) {
    let path = ignorePath(in: directory)
    if try !FileSystem.exists(path) { try FileSystem.writeAtomically(ignored, to: path) }
  }

  /// Removes it, unless somebody has changed it.
  static func removeIgnore(in directory: Path) throws(FileError) {
    let path = ignorePath(in: directory)
    if try FileSystem.exists(path), try FileSystem.read(path, limit: 1 << 20) == ignored {
      try FileSystem.removeIfPresent(path)
    }
  }
}
