import Bytes
import FileSystem

/// Text on the standard streams.
///
/// Names and reasons come from strangers, so what would steer a terminal is escaped in lines.
enum Output {
  /// What can't be written is lost, and the exit status says so.
  static func line(_ text: String) {
    if !StandardStream.output.write(PrintableText.escape(text) + [0x0a]) { isLost = true }
  }

  /// A publisher's text of several lines, indented.
  static func notes(_ text: [UInt8]) {
    for part in text.split(separator: 0x0a) {
      line("  " + String(decoding: part, as: UTF8.self))
    }
  }

  /// Text of the program's own, line breaks and all.
  static func text(_ text: String) {
    if !StandardStream.output.write(Array(text.utf8)) { isLost = true }
  }

  /// True when a line on standard output was lost, other than to a reader that went away.
  ///
  /// One thread writes it and reads it.
  nonisolated(unsafe) private(set) static var isLost = false

  static func error(_ text: String) {
    StandardStream.error.write(PrintableText.escape(text) + [0x0a])
  }

  /// What draws on a terminal by control characters.
  static func draw(_ text: String) { StandardStream.error.write(Array(text.utf8)) }
}
