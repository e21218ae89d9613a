import FileSystem

/// Folders that a web server reads, whoever it runs as.
enum ServedFolder {
  /// Makes a folder and those above it where they are missing; what is made anybody may read, whatever
  /// this process's mask says.
  static func make(_ path: Path) throws(FileError) {
    if try FileSystem.exists(path) { return }
    if !path.parent.bytes.isEmpty, path.parent != path { try make(path.parent) }
    try FileSystem.makeDirectories(path)
    try FileSystem.setPermissions(path, 0o755)
  }
}
