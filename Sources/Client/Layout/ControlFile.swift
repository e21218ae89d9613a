import Bytes
import FileSystem

/// A small control file of one `word value` line each, as launcher and tools read it.
///
/// ```
/// esky-bootstrap 1
/// program hello
/// program bin/hello-tool
/// end
/// ```
///
/// The first line says what the file is and which version of its format it follows; the last is `end`, so
/// that a file that was cut short is noticed. Lines with words that a reader does not know are for others.
public struct ControlFile: Sendable {
  /// The most bytes that a control file may have.
  public static let maximumLength = 256 << 10

  /// The lines between the first and the last, as word and value.
  public private(set) var lines: [(word: [UInt8], value: [UInt8])] = []

  /// Begins an empty file.
  public init() {}

  /// Reads a file's text.
  ///
  /// - Returns: nil when it is of another kind, of a format from 2 on, or cut short.
  public init?(_ text: [UInt8], kind: StaticString) {
    var place = 0
    guard let head = Self.line(text, &place), Self.isWord(head.word, kind),
      head.value.count == 1, head.value[0] == UInt8(ascii: "1")
    else { return nil }
    while let line = Self.line(text, &place) {
      if Self.isWord(line.word, "end") { return }
      lines.append(line)
    }
    return nil
  }

  /// Adds a line; a value may hold any bytes but a line break.
  public mutating func append(_ word: StaticString, _ value: [UInt8]) {
    lines.append((word.bytes, value))
  }

  /// The values of all lines with a word, in order.
  public func values(_ word: StaticString) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for line in lines where Self.isWord(line.word, word) { found.append(line.value) }
    return found
  }

  /// The value of the first line with a word.
  public func value(_ word: StaticString) -> [UInt8]? {
    for line in lines where Self.isWord(line.word, word) { return line.value }
    return nil
  }

  /// The text of the file.
  public func text(kind: StaticString) -> [UInt8] {
    var out = kind.bytes + [0x20, 0x31, 0x0a]
    for line in lines {
      out.append(contentsOf: line.word)
      out.append(0x20)
      out.append(contentsOf: line.value)
      out.append(0x0a)
    }
    out.append(contentsOf: [0x65, 0x6e, 0x64, 0x0a])
    return out
  }

  /// The next line, without its line break; nil where no whole line is left.
  private static func line(
    _ text: [UInt8], _ place: inout Int
  ) -> (word: [UInt8], value: [UInt8])? {
    let start = place
    var space = -1
    while place < text.count, text[place] != 0x0a {
      if text[place] == 0x20, space < 0 { space = place }
      place += 1
    }
    guard place < text.count else { return nil }
    let end = place
    place += 1
    if space < 0 { return (Array(text[start..<end]), []) }
    return (Array(text[start..<space]), Array(text[space + 1..<end]))
  }

  private static func isWord(_ bytes: [UInt8], _ word: StaticString) -> Bool {
    guard bytes.count == word.utf8CodeUnitCount else { return false }
    var index = 0
    while index < bytes.count {
      if bytes[index] != word.utf8Start[index] { return false }
      index += 1
    }
    return true
  }
}
