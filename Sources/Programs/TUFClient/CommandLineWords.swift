import Bytes
import FileSystem

/// The words of a command line, sorted into options with values, switches and operands.
struct CommandLineWords {
  private(set) var operands: [[UInt8]] = []
  private(set) var isVerbose = false
  private(set) var isForced = false
  private(set) var isHelp = false
  private(set) var isVersion = false
  private var values: [(name: StaticString, value: [UInt8])] = []

  private static let names: [StaticString] = [
    "--metadata-dir", "--metadata-url", "--target-name", "--target-dir", "--target-base-url",
    "--max-root-rotations", "--max-delegations", "--max-root-length", "--max-timestamp-length",
    "--max-snapshot-length", "--max-targets-length", "--max-listed-length", "--max-memory",
    "--max-json-depth", "--max-redirects", "--connect-seconds", "--base-seconds", "--average-speed",
    "--min-speed", "--min-speed-seconds", "--ca-file",
  ]

  /// Sorts the words; `--` makes operands of all that follow it.
  init(_ words: [[UInt8]]) throws(Failure) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if Self.isWord(word, "--") {
        operands += rest
        return
      } else if Self.isWord(word, "-v") || Self.isWord(word, "--verbose") {
        isVerbose = true
      } else if Self.isWord(word, "--force") {
        isForced = true
      } else if Self.isWord(word, "-h") || Self.isWord(word, "--help") {
        isHelp = true
      } else if Self.isWord(word, "--version") {
        isVersion = true
      } else if let (name, attached) = Self.option(word) {
        guard let value = attached ?? rest.popFirst(), !value.isEmpty else {
          throw .usage("\(name.description) needs a value")
        }
        values.append((name, value))
      } else if word.count > 1, word[0] == UInt8(ascii: "-") {
        throw .usage("\"\(String(decoding: word, as: UTF8.self))\" is no option")
      } else {
        operands.append(word)
      }
    }
  }

  /// Takes the values of an option out, in their order.
  mutating func take(_ name: StaticString) -> [[UInt8]] {
    let wanted = name.bytes
    var taken: [[UInt8]] = []
    for entry in values where entry.name.bytes == wanted { taken.append(entry.value) }
    values.removeAll { $0.name.bytes == wanted }
    return taken
  }

  /// Takes the last value of an option out as a number of at least 0; nil without the option.
  mutating func number(_ name: StaticString) throws(Failure) -> Int64? {
    guard let digits = take(name).last else { return nil }
    guard let number = Int64(digits: digits) else {
      throw .usage("\(name.description) needs a number from 0 to \(Int64.max)")
    }
    return number
  }

  /// The name of an option that nobody took.
  var left: String? { values.first?.name.description }

  /// The option that a word is, and the value behind its `=` if it has one.
  private static func option(_ word: [UInt8]) -> (name: StaticString, value: [UInt8]?)? {
    for name in names {
      if isWord(word, name) { return (name, nil) }
      let prefix = name.bytes + [UInt8(ascii: "=")]
      if word.starts(with: prefix) { return (name, Array(word.dropFirst(prefix.count))) }
    }
    return nil
  }

  private static func isWord(_ word: [UInt8], _ name: StaticString) -> Bool {
    word == name.bytes
  }
}
