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

  static func quoted(_ value: [UInt8]) -> String {
    let digits: StaticString = "0123456789abcdef"
    var bytes: [UInt8] = [0x22]
    for byte in value {
      switch byte {
      case 0x22, 0x5c: bytes += [0x5c, byte]
      case 0..<0x20, 0x7f:
        bytes += [
          0x5c, 0x75, 0x30, 0x30, digits.utf8Start[Int(byte >> 4)],
          digits.utf8Start[Int(byte & 15)],
        ]
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
    return String(decoding: bytes, as: UTF8.self)
  }
}
