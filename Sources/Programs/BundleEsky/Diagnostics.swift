import Bytes
import CPosix
import FileSystem

/// What is said beside the result.
enum Diagnostics {
  /// A line for whoever waits at a terminal.
  static func progress(_ text: String) {
    if isatty(2) == 1 { error("bundle-esky: \(text)") }
  }

  /// A line on standard error; names and reasons come from strangers, so they are escaped.
  static func error(_ text: String) {
    let line = PrintableText.escape(text) + [0x0a]
    _ = line.withUnsafeBufferPointer { write(2, $0.baseAddress, $0.count) }
  }
}
