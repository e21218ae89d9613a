public import FileSystem

/// What can be told of a program without running it.
public enum ProgramFile {
  /// True when nothing speaks against the program: a path leads to a regular file that may be executed, it
  /// is for this kind of machine, and the interpreter or loader that it names may be executed as well.
  ///
  /// The libraries that it loads are not looked at, and nor are commands that it looks for: nobody but the app knows
  /// where.
  public static func isRunnable(_ path: Path) -> Bool {
    guard isExecutableFile(path) else { return false }
    // A program that may be executed and not read runs all the same.
    guard let image = try? image(of: path) else { return true }
    return image.runs(on: .current) && (image.needs.map { isExecutableFile($0) } ?? true)
  }

  /// True when a path leads to a regular file that may be executed.
  public static func isExecutableFile(_ path: Path) -> Bool {
    (try? FileSystem.status(path))?.kind == .regular && FileSystem.isExecutable(path)
  }

  /// True when what a program needs can be executed here: the file that a path with a slash leads to, else the command
  /// that is found by its name.
  public static func isThere(_ needed: Path) -> Bool {
    if needed.bytes.contains(UInt8(ascii: "/")) { return isExecutableFile(needed) }
    return FileSystem.commandFolders().contains { isExecutableFile($0.appending(needed.bytes)) }
  }

  private static func image(of path: Path) throws(FileError) -> ProgramImage {
    let file = try File(path, .read)
    return try ProgramImage(length: try file.status().size) { (offset, count) throws(FileError) in
      var bytes = [UInt8](repeating: 0, count: count)
      let found = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      }
      bytes.removeSubrange(found...)
      return bytes
    }
  }
}
