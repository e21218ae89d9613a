/// Bytes as text for URLs. RFC 3986 §2.1
public enum PercentEncoding {
  /// All but `A-Z a-z 0-9 _ . - ~` become `%` and two upper-case digits. RFC 3986 §2.3
  ///
  /// - Parameter keepingSlashes: true lets a `/` stay, too: a path with several components.
  public static func encode(_ bytes: [UInt8], keepingSlashes: Bool) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count)
    for byte in bytes {
      if isUnreserved(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
        encoded.append(byte)
      } else {
        encoded.append(UInt8(ascii: "%"))
        encoded.append(upper(Hex.digit(byte >> 4)))
        encoded.append(upper(Hex.digit(byte & 15)))
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// The bytes that such a text stands for; nil for a broken escape.
  public static func decode(_ encoded: ArraySlice<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    var rest = encoded
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "%") {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(Hex.value),
        let low = rest.popFirst().flatMap(Hex.value)
      else { return nil }
      decoded.append(high << 4 | low)
    }
    return decoded
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "~"): true
    default: byte.isLetter || byte.isDigit
    }
  }

  private static func upper(_ digit: UInt8) -> UInt8 { digit.isDigit ? digit : digit & ~0x20 }
}
