import Bytes
import FileSystem

/// Text on the standard streams.
///
/// Names and reasons come from strangers, so what would steer a terminal is escaped.
enum Output {
  /// True when something that was to be written could not be.
  nonisolated(unsafe) private(set) static var isLost = false

  static func line(_ text: String) { write(PrintableText.escape(text) + [0x0a], to: .output) }

  static func error(_ text: String) { write(PrintableText.escape(text) + [0x0a], to: .error) }

  /// Text of the program's own, line breaks and all.
  static func text(_ text: StaticString) { write(text.bytes, to: .output) }

  private static func write(_ bytes: [UInt8], to stream: StandardStream) {
    if !stream.write(bytes) { isLost = true }
  }
}
