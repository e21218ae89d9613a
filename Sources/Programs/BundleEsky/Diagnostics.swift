import Bytes
import FileSystem

/// What is said beside the result.
enum Diagnostics {
  /// A line for whoever waits at a terminal.
  static func progress(_ text: String) {
    if StandardStream.error.isTerminal { error("bundle-esky: \(text)") }
  }

  /// A line on standard error; names and reasons come from strangers, so they are escaped.
  static func error(_ text: String) {
    StandardStream.error.write(PrintableText.escape(text) + [0x0a])
  }
}
