import CPosix

extension FileSystem {
  /// Where the program of this process is, without symbolic links; nil where the system does not tell.
  ///
  /// A program that was replaced while it runs is still where it was started from.
  public static func executable() -> Path? {
    if var path = try? readSymbolicLink("/proc/self/exe") {
      let deleted = (" (deleted)" as StaticString).bytes
      if path.bytes.count > deleted.count, path.bytes.suffix(deleted.count).elementsEqual(deleted),
        !isExecutable(path)
      {
        path = Path(Array(path.bytes.dropLast(deleted.count)))
      }
      return path
    }
    guard let name = posix_executable_path() else { return nil }
    return try? realPath(Path(cString: name))
  }

  /// The working directory, absolute; nil when it is gone. `getcwd(3)`
  public static func workingDirectory() -> Path? {
    guard let text = getcwd(nil, 0) else { return nil }
    defer { free(text) }
    return Path(cString: text)
  }
}
