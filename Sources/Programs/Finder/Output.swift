import Bytes
import CPosix
import FileSystem

/// Text on the standard streams.
///
/// Names and reasons come from strangers, so what would steer a terminal is escaped in lines.
enum Output {
  /// What can't be written is lost, and the exit status says so.
  static func line(_ text: String) {
    if !write(PrintableText.escape(text) + [0x0a], to: 1) { isLost = true }
  }

  /// A publisher's text of several lines, indented.
  static func notes(_ text: [UInt8]) {
    for part in text.split(separator: 0x0a) {
      line("  " + String(decoding: part, as: UTF8.self))
    }
  }

  /// Text of the program's own, line breaks and all.
  static func text(_ text: String) { if !write(Array(text.utf8), to: 1) { isLost = true } }

  /// True when a line on standard output was lost, other than to a reader that went away.
  ///
  /// One thread writes it and reads it.
  nonisolated(unsafe) private(set) static var isLost = false

  static func error(_ text: String) { write(PrintableText.escape(text) + [0x0a], to: 2) }

  /// What draws on a terminal by control characters.
  static func draw(_ text: String) { write(Array(text.utf8), to: 2) }

  /// False when not all could be written, be it that a disk is full.
  @discardableResult
  private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        CPosix.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count <= 0 { return posix_errno() == EPIPE }  // nobody listens any more
      written += count
    }
    return true
  }

  static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }
}
