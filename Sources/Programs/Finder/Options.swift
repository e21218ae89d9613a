import Bytes
import FileSystem

/// What the command line asks for that it can't have.
struct UsageError: Error {
  let text: String
}

/// The command line, read.
struct Options {
  enum Command {
    case status, check, update, cleanup, list, verify, background, help, version
  }

  private(set) var command = Command.help
  private(set) var root: Path?
  private(set) var updateURL: String?
  private(set) var json = false
  private(set) var quiet = false

  /// Reads the words behind the program's name; options may stand before and behind the command.
  init(_ words: [[UInt8]]) throws(UsageError) {
    var isChosen = false
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if Self.isWord(word, "--json") {
        json = true
      } else if Self.isWord(word, "--quiet") || Self.isWord(word, "-q") {
        quiet = true
      } else if Self.isWord(word, "--help") || Self.isWord(word, "-h") {
        command = .help
        return
      } else if Self.isWord(word, "--version") {
        command = .version
        return
      } else if let value = try Self.value("--root", word, words, &index) {
        root = Path(value)
      } else if let value = try Self.value("--update-url", word, words, &index) {
        updateURL = String(decoding: value, as: UTF8.self)
      } else {
        guard let named = Self.command(word) else {
          throw UsageError(
            text: "\"\(String(decoding: word, as: UTF8.self))\" is no command or option")
        }
        if isChosen { throw UsageError(text: "only one command at a time") }
        command = named
        isChosen = true
      }
    }
    if !isChosen { throw UsageError(text: "which command?") }
  }

  private static func command(_ word: [UInt8]) -> Command? {
    let known: [(StaticString, Command)] = [
      ("status", .status), ("check", .check), ("update", .update), ("cleanup", .cleanup),
      ("list", .list), ("verify", .verify), ("background", .background), ("help", .help),
    ]
    for (name, command) in known where isWord(word, name) { return command }
    return nil
  }

  /// The value of `--name VALUE` or `--name=VALUE`; nil when the word is another.
  private static func value(
    _ name: StaticString, _ word: [UInt8], _ words: [[UInt8]], _ index: inout Int
  ) throws(UsageError) -> [UInt8]? {
    if isWord(word, name) {
      guard index < words.count, !words[index].isEmpty else {
        throw UsageError(text: "\(name.description) needs a value")
      }
      index += 1
      return words[index - 1]
    }
    let prefix = name.bytes + [UInt8(ascii: "=")]
    guard word.starts(with: prefix) else { return nil }
    guard word.count > prefix.count else {
      throw UsageError(text: "\(name.description) needs a value")
    }
    return Array(word.dropFirst(prefix.count))
  }

  private static func isWord(_ word: [UInt8], _ name: StaticString) -> Bool {
    word == name.bytes
  }
}
