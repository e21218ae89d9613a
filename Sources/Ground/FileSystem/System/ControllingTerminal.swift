import CPosix

/// The terminal of whoever started this process, whatever its standard streams are. `/dev/tty`
public struct ControllingTerminal: ~Copyable {
  private let file: File

  /// Opens it.
  ///
  /// - Throws: ``FileError`` where there is none.
  public init() throws(FileError) {
    file = try File("/dev/tty", .update)
  }

  /// Asks for a line.
  ///
  /// - Parameters:
  ///   - isSecret: true to show nothing of what is typed; a signal that ends the program lets the terminal show it
  ///     again. One such question at a time.
  ///   - limit: how many bytes of an answer are taken.
  /// - Returns: the answer, up to the first line break or the end.
  public func ask(
    _ prompt: [UInt8], isSecret: Bool, limit: Int
  ) throws(FileError) -> [UInt8] {
    if !isSecret { return try answer(to: prompt, limit: limit) }
    var settings = termios()
    tcgetattr(file.descriptor, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    EchoRestorer.begin(file.descriptor, settings)
    tcsetattr(file.descriptor, TCSAFLUSH, &silent)
    defer {
      tcsetattr(file.descriptor, TCSAFLUSH, &settings)
      EchoRestorer.end()
      // The line break that was typed was not shown either.
      show([0x0a])
    }
    return try answer(to: prompt, limit: limit)
  }

  private func answer(to prompt: [UInt8], limit: Int) throws(FileError) -> [UInt8] {
    show(prompt)
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < limit {
      let count = try withUnsafeMutableBytes(of: &byte) { (space) throws(FileError) in
        try file.read(into: space)
      }
      if count == 0 || byte == 0x0a { break }
      line.append(byte)
    }
    return line
  }

  /// What can't be shown is missed; the answer counts.
  private func show(_ bytes: [UInt8]) {
    _ = try? file.write(bytes)
  }
}
