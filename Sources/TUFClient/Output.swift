import CPosix

/// Text on the standard streams.
///
/// Names and reasons come from strangers, so control characters are shown as `\x1b`: none reaches a
/// terminal, and a line stays one line.
enum Output {
  static func line(_ text: String) { write(printable(text.utf8) + [0x0a], to: 1) }

  static func error(_ text: String) { write(printable(text.utf8) + [0x0a], to: 2) }

  /// Text of the program's own, line breaks and all.
  static func text(_ text: StaticString) {
    write(Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)), to: 1)
  }

  private static func printable(_ text: String.UTF8View) -> [UInt8] {
    var shown: [UInt8] = []
    shown.reserveCapacity(text.count + 1)
    for byte in text {
      // U+0080 to U+009F are control characters too: C2 and one of 80 to 9F.
      let isSecondHalf = shown.last == 0xc2 && 0x80...0x9f ~= byte
      if isSecondHalf { shown.removeLast() }
      if byte < 0x20 || byte == 0x7f || isSecondHalf {
        shown += [0x5c, 0x78, digit(byte >> 4), digit(byte & 15)]
      } else {
        shown.append(byte)
      }
    }
    return shown
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  private static func write(_ bytes: [UInt8], to descriptor: CInt) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        CPosix.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count <= 0 { return }  // nobody listens
      written += count
    }
  }
}
