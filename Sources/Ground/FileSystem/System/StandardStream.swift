import CPosix

/// A stream that a program answers on.
public enum StandardStream: CInt, Sendable {
  /// What was asked for.
  case output = 1
  /// What is said beside it.
  case error = 2

  /// Keeps every file that this program opens from becoming a standard stream that it was started without.
  ///
  /// For the start of a program.
  public static func hold() { posix_hold_streams() }

  /// Lets writing to a pipe that nobody reads, or beyond a limit on file sizes, fail in place of ending the process.
  public static func letWritesFail() { posix_let_writes_fail() }

  /// Lets writing beyond a limit on file sizes fail in place of ending the process.
  public static func letLongWritesFail() { posix_ignore_file_limit() }

  /// Writes out what C's streams hold back; false when some of what was printed to standard output is lost.
  /// `fflush(3)`
  @discardableResult
  public static func flush() -> Bool { posix_flush_output() }

  /// Writes all bytes at once, past what C's streams hold back. `write(2)`
  ///
  /// - Returns: false when some are lost, be it that a disk is full; that nobody listens any more is the listener's
  ///   affair.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        CPosix.write(rawValue, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count <= 0 { return posix_errno() == EPIPE }
      written += count
    }
    return true
  }

  /// True when somebody may be watching. `isatty(3)`
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The width of the terminal in characters; 0 where it is none, or does not tell. `ioctl(2)`, `TIOCGWINSZ`
  public var columns: Int { Int(posix_terminal_columns(rawValue)) }
}
