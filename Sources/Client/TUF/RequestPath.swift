/// Texts of URLs, put together byte by byte.
public enum RequestPath {
  /// A base URL or folder and a path, with exactly one slash between them.
  ///
  /// Slashes at the end of the base and at the start of the path count as that one, save for those of
  /// `file:///`. An empty base gives the path as it is. Nothing is encoded or resolved.
  public static func join(_ base: String, _ path: String) -> String {
    let slash = UInt8(ascii: "/")
    var joined = Array(base.utf8)
    if joined.isEmpty { return path }
    while joined.last == slash { joined.removeLast() }
    // A base of scheme and slashes alone: they are no separators.
    if joined.last == UInt8(ascii: ":") { joined += [slash, slash] }
    joined.append(slash)
    joined.append(contentsOf: path.utf8.drop { $0 == slash })
    return String(decoding: joined, as: UTF8.self)
  }

  /// A URL as others may see it: without user and password.
  public static func withoutPassword(_ url: String) -> String {
    let bytes = Array(url.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[(colon + 1)...].starts(with: [0x2f, 0x2f])
    else { return url }
    let rest = bytes[(colon + 3)...]
    let end = rest.firstIndex { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 } ?? rest.endIndex
    guard let at = rest[..<end].lastIndex(of: UInt8(ascii: "@")) else { return url }
    return String(decoding: bytes[..<(colon + 3)] + bytes[(at + 1)...], as: UTF8.self)
  }

  /// A target path with a hash, in hexadecimal digits, before its last component (TUF 1.0.34 §6.2).
  public static func hashed(_ path: [UInt8], _ digits: [UInt8]) -> [UInt8] {
    var named = path
    let place = (named.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    named.insert(contentsOf: digits + [UInt8(ascii: ".")], at: place)
    return named
  }
}
