/// Text that may come from strangers, made safe to show.
public enum PrintableText {
  /// The bytes with control characters as `\x1b`: none reaches a terminal, and a line stays one line.
  public static func escape(_ text: String) -> [UInt8] {
    var shown: [UInt8] = []
    shown.reserveCapacity(text.utf8.count + 1)
    for byte in text.utf8 {
      // U+0080 to U+009F are control characters too: C2 and one of 80 to 9F.
      let isSecondHalf = shown.last == 0xc2 && 0x80...0x9f ~= byte
      if isSecondHalf { shown.removeLast() }
      if byte < 0x20 || byte == 0x7f || isSecondHalf {
        shown += [0x5c, 0x78, Hex.digit(byte >> 4), Hex.digit(byte & 15)]
      } else {
        shown.append(byte)
      }
    }
    return shown
  }
}
