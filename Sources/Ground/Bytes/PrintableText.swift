/// Text that may come from strangers, made safe to show.
///
/// What shows nothing of itself, steers a terminal, or moves other text about is written as an escape:
/// control characters (Cc), format characters (Cf) such as U+202E, which turns text round, the line and
/// paragraph separators, and bytes that are not UTF-8. A line stays one line.
public enum PrintableText {
  /// How an escape is written.
  public enum Form {
    /// For people: `\x1b` below 80 and for a byte that is not UTF-8, else `\u202e` or `\U000e0001`.
    case plain
    /// As JSON has it: `\u001b`, and two of them beyond FFFF. A byte that is not UTF-8 is U+FFFD. A JSON text
    /// means the same afterwards.
    case json
  }

  /// The bytes with escapes.
  public static func escape(_ bytes: [UInt8], as form: Form = .plain) -> [UInt8] {
    var shown: [UInt8] = []
    shown.reserveCapacity(bytes.count + 1)
    var place = 0
    while place < bytes.count {
      guard let scalar = bytes.withUnsafeBufferPointer({ UTF8Scalar($0, at: place) }) else {
        switch form {
        case .plain: append(UInt32(bytes[place]), UInt8(ascii: "x"), digits: 2, to: &shown)
        case .json: append(0xfffd, UInt8(ascii: "u"), digits: 4, to: &shown)
        }
        place += 1
        continue
      }
      if isHidden(scalar.value) {
        append(scalar.value, form, to: &shown)
      } else {
        for byte in bytes[place..<place + scalar.count] { shown.append(byte) }
      }
      place += scalar.count
    }
    return shown
  }

  /// The text with escapes, in UTF-8.
  public static func escape(_ text: String, as form: Form = .plain) -> [UInt8] {
    escape(Array(text.utf8), as: form)
  }

  /// True for the general categories Cc, Cf, Zl and Zp, by their list in Unicode 17.
  static func isHidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20: true
    case 0..<0x7f: false
    case 0x7f...0x9f, 0xad, 0x600...0x605, 0x61c, 0x6dd, 0x70f, 0x890...0x891, 0x8e2, 0x180e,
      0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb,
      0x1_10bd, 0x1_10cd, 0x1_3430...0x1_343f, 0x1_bca0...0x1_bca3, 0x1_d173...0x1_d17a,
      0xe_0001...0xe_007f:
      true
    default: false
    }
  }

  private static func append(_ scalar: UInt32, _ form: Form, to shown: inout [UInt8]) {
    switch form {
    case .plain where scalar < 0x80: append(scalar, UInt8(ascii: "x"), digits: 2, to: &shown)
    case .plain where scalar > 0xffff: append(scalar, UInt8(ascii: "U"), digits: 8, to: &shown)
    case .json where scalar > 0xffff:
      // UTF-16, RFC 8259 §7
      append(0xd7c0 + (scalar >> 10), UInt8(ascii: "u"), digits: 4, to: &shown)
      append(0xdc00 + (scalar & 0x3ff), UInt8(ascii: "u"), digits: 4, to: &shown)
    default: append(scalar, UInt8(ascii: "u"), digits: 4, to: &shown)
    }
  }

  /// Never inlined: this is in the launcher, and called from six places.
  @inline(never)
  private static func append(
    _ value: UInt32, _ letter: UInt8, digits: UInt32, to shown: inout [UInt8]
  ) {
    shown.append(UInt8(ascii: "\\"))
    shown.append(letter)
    var left = digits
    while left > 0 {
      left -= 1
      let digit = UInt8(truncatingIfNeeded: value >> (left * 4)) & 15
      shown.append(Hex.digit(digit))
    }
  }
}
