import Bytes

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
    where rest[index].lowered != prefix.utf8Start[index] { return nil }
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
