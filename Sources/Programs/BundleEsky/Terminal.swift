import CPosix

/// Questions to whoever sits at the terminal, whatever the standard streams are.
enum Terminal {
  /// The most bytes of an answer.
  private static let longest = 4096

  /// Asks for a line.
  ///
  /// - Parameters:
  ///   - isSecret: true to show nothing of what is typed.
  ///   - complaint: what to fail with where there is no terminal.
  static func ask(
    _ prompt: String, isSecret: Bool = false, orElse complaint: String
  ) throws -> [UInt8] {
    let terminal = posix_open("/dev/tty", O_RDWR, 0)
    guard terminal >= 0 else { throw Failure(complaint) }
    defer { close(terminal) }
    if !isSecret {
      write(terminal, prompt, prompt.utf8.count)
      return try line(from: terminal)
    }
    var settings = termios()
    tcgetattr(terminal, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    EchoRestorer.begin(terminal, settings)
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &settings)
      EchoRestorer.end()
      write(terminal, "\n", 1)
    }
    write(terminal, prompt, prompt.utf8.count)
    return try line(from: terminal)
  }

  /// Reads up to the first line break or the end.
  private static func line(from terminal: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < longest {
      let count = read(terminal, &byte, 1)
      if count < 0 {
        throw Failure("can't read from the terminal: \(String(cString: strerror(posix_errno())))")
      }
      if count == 0 || byte == 0x0a { break }
      bytes.append(byte)
    }
    return bytes
  }
}
