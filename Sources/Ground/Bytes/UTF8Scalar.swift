/// One character of a UTF-8 text.
public struct UTF8Scalar {
  /// The code point.
  public let value: UInt32
  /// Of how many bytes it is, 1 to 4.
  public let count: Int

  /// Reads the one that begins at a place; nil where the bytes are not UTF-8.
  ///
  /// Overlong forms, surrogates and values above U+10FFFF are none. RFC 3629 §4; The Unicode Standard, table 3-7
  public init?(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) {
    let first = bytes[place]
    let least: UInt32
    switch first {
    case 0..<0x80:
      value = UInt32(first)
      count = 1
      return
    case 0xc2...0xdf: (count, least) = (2, 0x80)
    case 0xe0...0xef: (count, least) = (3, 0x800)
    case 0xf0...0xf4: (count, least) = (4, 0x1_0000)
    default: return nil
    }
    guard count <= bytes.count - place else { return nil }
    var value = UInt32(first) & (0x7f >> UInt32(count))
    var index = place + 1
    while index < place + count {
      guard bytes[index] & 0xc0 == 0x80 else { return nil }
      value = value << 6 | UInt32(bytes[index] & 0x3f)
      index += 1
    }
    guard least...0x10_ffff ~= value, !(0xd800...0xdfff ~= value) else { return nil }
    self.value = value
  }
}
