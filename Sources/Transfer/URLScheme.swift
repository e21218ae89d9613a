/// The schemes that are served here, and the first look at a URL.
enum URLScheme {
  case http, https, file

  /// The scheme of a URL, in letters of either case.
  ///
  /// Nil for any other scheme, and when the URL holds a space, a control character or a NUL: libraries
  /// differ in where they cut such a text, and a line break in it would start a header of its own. A `#` would
  /// cut off what is asked for.
  init?(of url: String) {
    for byte in url.utf8 where byte <= 0x20 || byte == 0x7f || byte == UInt8(ascii: "#") {
      return nil
    }
    if URLScheme.bytes(of: url, after: "http://") != nil {
      self = .http
    } else if URLScheme.bytes(of: url, after: "https://") != nil {
      self = .https
    } else if URLScheme.bytes(of: url, after: "file://") != nil {
      self = .file
    } else {
      return nil
    }
  }

  /// What follows a prefix in lower case that a URL has in letters of either case; nil without it.
  static func bytes(of url: String, after prefix: StaticString) -> [UInt8]? {
    var rest = Array(url.utf8)
    guard rest.count >= prefix.utf8CodeUnitCount else { return nil }
    for index in 0..<prefix.utf8CodeUnitCount
    where ASCII.lowercase(rest[index]) != prefix.utf8Start[index] { return nil }
    rest.removeFirst(prefix.utf8CodeUnitCount)
    return rest
  }

  /// Host and port of a URL, as a person is told of them; without user and password.
  static func host(of url: String) -> String {
    guard let rest = bytes(of: url, after: "http://") ?? bytes(of: url, after: "https://") else {
      return url
    }
    let end = rest.firstIndex { byte in
      byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }
    var authority = rest[..<(end ?? rest.endIndex)]
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      authority = authority[(at + 1)...]
    }
    return String(decoding: authority, as: UTF8.self)
  }
}

/// Bytes of protocol texts, which are ASCII whatever the locale says.
enum ASCII {
  static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// The value of a hexadecimal digit in either case.
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch lowercase(byte) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): lowercase(byte) - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
