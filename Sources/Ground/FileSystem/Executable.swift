import Bytes
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

  /// Where the library is that this code was loaded with, without symbolic links; in a program, the program. `dladdr(3)`
  public static func library() -> Path? {
    posix_image_path().flatMap { try? realPath(Path(cString: $0)) }
  }

  /// Where commands are looked for by their names: the folders in `PATH`, or the system's own without it. `execvp(3)`
  public static func commandFolders() -> [Path] {
    let value =
      ProcessEnvironment.value(of: "PATH") ?? ("/usr/local/bin:/usr/bin:/bin" as StaticString).bytes
    return value.split(separator: UInt8(ascii: ":")).map { Path(Array($0)) }
  }

  /// The working directory, absolute; nil when it is gone. `getcwd(3)`
  public static func workingDirectory() -> Path? {
    guard let text = getcwd(nil, 0) else { return nil }
    defer { free(text) }
    return Path(cString: text)
  }
}
