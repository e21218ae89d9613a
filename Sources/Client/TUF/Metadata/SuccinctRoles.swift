import Bytes
import FileSystem
import JSON

/// Hashed bins written in the length of one role (TAP 15).
struct SuccinctRoles: Sendable {
  let keys: RoleKeys
  private let bitLength: Int
  private let prefix: [UInt8]

  init(_ value: JSONValue, keys: JSONIndex, _ reader: Reader) throws(TUFError) {
    self.keys = try RoleKeys(value, keys: keys, reader)
    let bits = try reader.integer(value, "bit_length", atLeast: 1)
    guard bits <= 32 else { throw reader.missing("bit_length", "1 to 32") }
    bitLength = Int(bits)
    prefix = try reader.text(value, "name_prefix")
  }

  /// The one bin that may speak for a path: the first bits of its SHA-256, in as many digits as the
  /// last bin needs.
  func role(for path: [UInt8]) -> [UInt8] {
    let hash = Digest(.sha256, of: path).bytes
    let head =
      UInt32(hash[0]) << 24 | UInt32(hash[1]) << 16 | UInt32(hash[2]) << 8 | UInt32(hash[3])
    let number = head >> UInt32(32 - bitLength)
    var name = prefix + [UInt8(ascii: "-")]
    var place = (bitLength + 3) / 4 - 1
    while place >= 0 {
      name.append(Hex.digit(UInt8(truncatingIfNeeded: number >> UInt32(place * 4) & 15)))
      place -= 1
    }
    return name
  }

  /// True for the name of one of the bins.
  func holds(_ name: [UInt8]) -> Bool {
    let digits = name.dropFirst(prefix.count + 1)
    guard name.starts(with: prefix + [UInt8(ascii: "-")]), digits.count == (bitLength + 3) / 4
    else { return false }
    var number: UInt64 = 0
    for digit in digits {
      guard let value = Hex.value(digit), Hex.digit(value) == digit else { return false }
      number = number << 4 | UInt64(value)
    }
    return number >> UInt64(bitLength) == 0
  }

  static func topLevel(_ name: [UInt8]) -> Bool {
    for type in [MetadataType.root, .timestamp, .snapshot, .targets]
    where name.elementsEqual(type.name.bytes) { return true }
    return false
  }
}
