import Bytes

/// The text inside JSON strings: checking, unescaping and escaping.
enum JSONText {
  /// Checks one escape, of a surrogate pair both halves; the offset behind it. RFC 8259 §7
  static func checkEscape(
    _ text: UnsafeBufferPointer<UInt8>, _ at: Int
  ) throws(JSONError) -> Int {
    guard at + 1 < text.count else { throw .unexpectedEnd }
    switch text[at + 1] {
    case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: return at + 2
    case 0x75:
      guard let unit = codeUnit(text, at) else { throw .unexpected(offset: at) }
      if 0xdc00...0xdfff ~= unit { throw .badText(offset: at) }
      guard 0xd800...0xdbff ~= unit else { return at + 6 }
      guard let low = codeUnit(text, at + 6), 0xdc00...0xdfff ~= low else {
        throw .badText(offset: at)
      }
      return at + 12
    default: throw .unexpected(offset: at)
    }
  }

  /// The UTF-16 code unit that `\uXXXX` at an offset stands for.
  private static func codeUnit(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32? {
    guard text.count - at >= 6, text[at] == 0x5c, text[at + 1] == 0x75 else { return nil }
    var unit: UInt32 = 0
    var index = 2
    while index < 6 {
      guard let digit = Hex.value(text[at + index]) else { return nil }
      unit = unit << 4 | UInt32(digit)
      index += 1
    }
    return unit
  }

  /// The bytes that checked text with escapes stands for.
  static func unescape(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(raw.count)
    var bytes = Unescaped(raw)
    while let byte = bytes.next() { out.append(byte) }
    return out
  }

  /// The bytes that checked text with escapes stands for, one after the other.
  struct Unescaped {
    private let text: UnsafeBufferPointer<UInt8>
    private var at = 0
    /// UTF-8 of an escaped character, its next byte lowest, and how many bytes of it are left.
    private var pending: UInt32 = 0
    private var left = 0

    init(_ raw: Slice<UnsafeBufferPointer<UInt8>>) {
      text = UnsafeBufferPointer(rebasing: raw)
    }

    /// The next byte; nil behind the last.
    mutating func next() -> UInt8? {
      if left > 0 {
        left -= 1
        defer { pending >>= 8 }
        return UInt8(truncatingIfNeeded: pending)
      }
      guard at < text.count else { return nil }
      guard text[at] == 0x5c else {
        defer { at += 1 }
        return text[at]
      }
      let letter = text[at + 1]
      at += 2
      switch letter {
      case 0x62: return 0x08
      case 0x66: return 0x0c
      case 0x6e: return 0x0a
      case 0x72: return 0x0d
      case 0x74: return 0x09
      case 0x75: return character()
      default: return letter
      }
    }

    /// The first byte of the character whose `\u` has been read; the others wait.
    private mutating func character() -> UInt8 {
      var scalar = codeUnit(text, at - 2) ?? 0
      at += 4
      if scalar >= 0xd800, scalar <= 0xdbff {
        scalar = 0x10000 + (scalar - 0xd800) << 10 + ((codeUnit(text, at) ?? 0xdc00) - 0xdc00)
        at += 6
      }
      func tail(_ shift: UInt32) -> UInt32 { 0x80 | (scalar >> shift & 0x3f) }
      switch scalar {
      case 0..<0x80: return UInt8(truncatingIfNeeded: scalar)
      case 0x80..<0x800:
        (pending, left) = (tail(0), 1)
        return UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6)
      case 0x800..<0x10000:
        (pending, left) = (tail(6) | tail(0) << 8, 2)
        return UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12)
      default:
        (pending, left) = (tail(12) | tail(6) << 8 | tail(0) << 16, 3)
        return UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18)
      }
    }
  }
}
