import TUF

/// How a row of hashed bins is called, and which of them a path belongs to (TAP 15).
///
/// There are 2 to the power of `bits`, from 1 to 32; each is called by the prefix, `-`, and its number in
/// as many hexadecimal digits as the last one needs.
struct BinNames: Equatable, Sendable {
  let prefix: String
  let bits: Int

  /// The hexadecimal digits of a number.
  var digits: Int { (bits + 3) / 4 }

  /// All of them, in the order of their numbers.
  var all: [Role] { (0..<(1 << bits)).map(role) }

  /// The bin with a number.
  func role(_ number: Int) -> Role { Role("\(prefix)-\(Self.padded(number, to: digits))") }

  /// The bin that a path belongs to: the first bits of its SHA-256.
  func role(for path: [UInt8]) -> Role {
    let head = Digest(.sha256, of: path).bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    return role(head >> (32 - bits))
  }

  /// True for the name of one of them.
  func hold(_ role: Role) -> Bool {
    guard role.name.hasPrefix(prefix + "-"),
      let number = Int(role.name.dropFirst(prefix.count + 1), radix: 16), number >> bits == 0
    else { return false }
    return self.role(number) == role
  }

  /// What a bin's paths begin with, by their SHA-256: all values of as many digits as its number has.
  func hashPrefixes(_ number: Int) -> [String] {
    let share = 1 << (digits * 4 - bits)
    return (0..<share).map { Self.padded(number * share + $0, to: digits) }
  }

  private static func padded(_ number: Int, to digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
