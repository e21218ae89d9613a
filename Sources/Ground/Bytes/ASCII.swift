/// What is asked of a byte of a text that is ASCII whatever the locale says: names, versions, protocols.
extension UInt8 {
  /// `0` to `9`.
  @inlinable public var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  /// `a` to `z` or `A` to `Z`.
  @inlinable public var isLetter: Bool { lowered >= 0x61 && lowered <= 0x7A }

  /// The byte itself, with `A` to `Z` made small.
  @inlinable public var lowered: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension StaticString {
  /// The UTF-8 bytes of a literal.
  public var bytes: [UInt8] {
    Array(UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
  }

  /// Whether `bytes[start..<end]` begins with this text, `A` to `Z` counting as `a` to `z`.
  ///
  /// The text itself is written in small letters.
  public func begins(_ bytes: [UInt8], at start: Int, end: Int) -> Bool {
    guard end - start >= utf8CodeUnitCount else { return false }
    for offset in 0..<utf8CodeUnitCount
    where bytes[start + offset].lowered != utf8Start[offset] {
      return false
    }
    return true
  }
}
