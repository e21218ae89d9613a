/// Eight bytes of a text in one word, the first of them lowest: looked at all at once.
struct EightBytes: Equatable {
  private let word: UInt64

  /// Takes the bytes from an offset on; there must be eight of them.
  init(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) {
    word = UInt64(
      littleEndian: UnsafeRawPointer(text.baseAddress! + at).loadUnaligned(as: UInt64.self))
  }

  private static let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

  /// The high bit of each byte that is this one when the bits of a mask are set or cleared in it first.
  private func marks(_ byte: UInt64, or: UInt64 = 0, and: UInt64 = 0xff) -> UInt64 {
    let every: UInt64 = 0x0101_0101_0101_0101
    let difference = ((word | (or &* every)) & (and &* every)) ^ (byte &* every)
    return ~((difference & Self.low) &+ Self.low | difference | Self.low)
  }

  /// How many are `,`, `:`, `[` or `{`, of which the last two differ in one bit.
  var separators: Int {
    (marks(0x2c) | marks(0x3a) | marks(0x7b, or: 0x20)).nonzeroBitCount
  }

  /// How many stand for themselves in a JSON string before the first that does not: a quotation mark, a
  /// backslash, a control character, or one that is not ASCII.
  var plainPrefix: Int {
    let special = marks(0x22) | marks(0x5c) | marks(0, and: 0xe0) | (word & ~Self.low)
    return special.trailingZeroBitCount / 8
  }
}
