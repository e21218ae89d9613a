import ArgumentParser
import Bytes
import FileSystem
import JSON
import Repository

/// What a command answers, on standard output.
enum Output {
  /// A line; names and reasons come from strangers, so what would steer a terminal is escaped.
  static func line(_ text: String) {
    Swift.print(String(decoding: PrintableText.escape(text), as: UTF8.self))
  }

  /// One JSON value on a line of its own, for machines.
  static func json(_ value: JSONBuilder) throws {
    let text = try Failure.naming { try value.text() }
    Swift.print(String(decoding: PrintableText.escape(text, as: .json), as: UTF8.self))
  }

  /// Ends the program with the text of an error, or of help, which has lines of its own.
  static func end(code: ExitCode, text: String) -> Never {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !text.isEmpty {
      if code.isSuccess { self.line(String(line)) } else { Diagnostics.error(String(line)) }
    }
    let isWhole = StandardStream.flush()
    ThisProcess.exit(code.isSuccess && !isWhole ? ExitCode.failure.rawValue : code.rawValue)
  }

  /// Fails when something that was printed got lost, be it that a disk is full.
  static func finish() throws {
    if !StandardStream.flush() { throw Failure("not all of the output could be written") }
  }
}

/// Prints a line as ``Output/line(_:)`` does.
///
/// It stands before Swift's own `print` in this module, so that no command can forget to escape.
func print(_ text: String) { Output.line(text) }
