public import FileSystem

/// What can be told of a program without running it.
public enum ProgramFile {
  /// True when nothing speaks against the program: a path leads to a regular file that may be executed, it
  /// is for this kind of machine, and the interpreter or loader that it names runs as well.
  ///
  /// The libraries that it loads are not looked at, and nor are commands that it looks for: nobody but the app knows
  /// where.
  public static func isRunnable(_ path: Path) -> Bool { runs(path, at: 0, findingCommands: false) }

  /// True when a path leads to a regular file that may be executed.
  public static func isExecutableFile(_ path: Path) -> Bool {
    (try? FileSystem.status(path))?.kind == .regular && FileSystem.isExecutable(path)
  }

  /// The first that a program needs and that can't be executed here: its interpreter or loader, or the command that is
  /// found by its name; nil for none.
  public static func lack(of image: ProgramImage) -> Path? {
    lack(of: image, at: 0, findingCommands: true)
  }

  /// True when what a program lacked can be executed here.
  public static func isThere(_ needed: Path) -> Bool { runs(needed, at: 1, findingCommands: true) }

  /// Interpreters may be scripts in turn, four of them; the one after them is none. Linux, `exec_binprm()`
  private static let deepest = 5

  private static func lack(
    of image: ProgramImage, at depth: Int, findingCommands: Bool
  ) -> Path? {
    switch image {
    case .script(let line):
      if !runs(line.interpreter, at: depth + 1, findingCommands: findingCommands) {
        return line.interpreter
      }
      guard findingCommands, let command = line.command else { return nil }
      return runs(command, at: depth + 1, findingCommands: true) ? nil : command
    case .elf(let machine, let loader?): return isLoader(loader, for: machine) ? nil : loader
    case .elf, .other, .brokenScript, .damaged: return nil
    }
  }

  /// A loader is a program of the same machine; what it names as its own is not looked at. Linux, `load_elf_binary()`
  private static func isLoader(_ path: Path, for machine: UInt64) -> Bool {
    guard isExecutableFile(path) else { return false }
    guard let image = try? image(of: path) else { return true }
    if case .elf(machine, _) = image { return true }
    return false
  }

  /// - Parameters:
  ///   - needed: a path, or the name of a command.
  ///   - depth: how many programs were executed on the way to this one.
  private static func runs(_ needed: Path, at depth: Int, findingCommands: Bool) -> Bool {
    guard depth <= deepest, let path = file(needed), isExecutableFile(path) else { return false }
    // A program that may be executed and not read runs all the same.
    guard let image = try? image(of: path) else { return true }
    return image.runs(on: .current)
      && lack(of: image, at: depth, findingCommands: findingCommands) == nil
  }

  /// The file that a path leads to, else the command that is found by its name.
  private static func file(_ needed: Path) -> Path? {
    if needed.bytes.contains(UInt8(ascii: "/")) { return needed }
    return FileSystem.commandFolders().map { $0.appending(needed.bytes) }.first {
      isExecutableFile($0)
    }
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
