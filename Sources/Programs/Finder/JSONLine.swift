import Bytes
import FileSystem

/// One JSON object on one line, built field by field.
struct JSONLine {
  private var text = "{"
  private var isFirst = true

  mutating func add(_ name: StaticString, _ value: String) {
    addRaw(name, JSONLine.quoted(Array(value.utf8)))
  }

  mutating func add(_ name: StaticString, _ value: [UInt8]) {
    addRaw(name, JSONLine.quoted(value))
  }

  mutating func add(_ name: StaticString, _ value: Int64) {
    addRaw(name, "\(value)")
  }

  mutating func add(_ name: StaticString, _ value: Bool) {
    addRaw(name, value ? "true" : "false")
  }

  /// Adds a value that is JSON already.
  mutating func addRaw(_ name: StaticString, _ value: String) {
    if !isFirst { text += "," }
    isFirst = false
    text += "\"\(name.description)\":"
    text += value
  }

  var closed: String { text + "}" }

  static func array(_ values: [String]) -> String {
    var text = "["
    for (index, value) in values.enumerated() {
      if index > 0 { text += "," }
      text += value
    }
    return text + "]"
  }

  /// A value as a JSON string, with escapes for what would steer a terminal.
  static func quoted(_ value: [UInt8]) -> String {
    var bytes: [UInt8] = [0x22]
    for byte in value {
      if byte == 0x22 || byte == 0x5c { bytes.append(0x5c) }
      bytes.append(byte)
    }
    bytes.append(0x22)
    return String(decoding: PrintableText.escape(bytes, as: .json), as: UTF8.self)
  }
}
