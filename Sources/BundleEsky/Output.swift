import CPosix
import Repository
import TUF

/// What a command answers, on standard output.
enum Output {
  /// A line; names and reasons come from strangers, so control characters are escaped.
  static func line(_ text: String) {
    print(String(decoding: PrintableText.escape(text), as: UTF8.self))
  }

  /// One JSON value on a line of its own, for machines.
  static func json(_ value: JSONBuilder) throws {
    print(String(decoding: try Failure.naming { try value.text() }, as: UTF8.self))
  }

  /// Fails when something that was printed got lost, be it that a disk is full.
  static func finish() throws {
    if !posix_flush_output() { throw Failure("not all of the output could be written") }
  }
}
