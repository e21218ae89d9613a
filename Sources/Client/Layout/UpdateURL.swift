import Bytes

/// Where updates come from: `https://HOST[:PORT][/PATH]`, the same with `http`, or `file:///PATH`.
///
/// A name is asked for below it, so it has no query and no fragment; a port is 1 to 65535, escapes are whole, and of a
/// name in another alphabet it has the form that DNS knows. RFC 3986 §3, RFC 8089 §2
public enum UpdateURL {
  /// True for one that finders can fetch from, as far as its text tells.
  public static func isUsable(_ url: [UInt8]) -> Bool {
    // What RFC 3986 has no place for, and what would end the path.
    for byte in url where byte <= 0x20 || byte >= 0x7f || Self.misfits.bytes.contains(byte) {
      return false
    }
    if let path = rest(of: url, after: "file:///") { return !path.isEmpty && hasWholeEscapes(path) }
    guard let rest = rest(of: url, after: "https://") ?? rest(of: url, after: "http://") else {
      return false
    }
    let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    return isAuthority(rest[..<end]) && hasWholeEscapes(rest[end...])
  }

  /// True for two that lead to one place: a slash at the end makes no difference.
  public static func isSame(_ a: [UInt8]?, _ b: [UInt8]?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return trimmed(a).elementsEqual(trimmed(b))
  }

  private static let misfits: StaticString = "#?\\\"<>^`{|}"

  private static func rest(of url: [UInt8], after scheme: StaticString) -> ArraySlice<UInt8>? {
    scheme.begins(url, at: 0, end: url.count) ? url[scheme.utf8CodeUnitCount...] : nil
  }

  /// True for `[USER@]HOST[:PORT]`.
  private static func isAuthority(_ text: ArraySlice<UInt8>) -> Bool {
    var host = text
    if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
    // Of an address in brackets, the colon behind them.
    let inside = host.lastIndex(of: UInt8(ascii: "]")) ?? host.startIndex
    if let colon = host[inside...].firstIndex(of: UInt8(ascii: ":")) {
      guard let port = Int64(digits: host[(colon + 1)...]), 1...65_535 ~= port else { return false }
      host = host[..<colon]
    }
    if host.first == UInt8(ascii: "[") {
      return host.count > 3 && host.last == UInt8(ascii: "]")
        && host.dropFirst().dropLast().allSatisfy {
          Hex.value($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
        }
    }
    return !host.isEmpty
      && host.allSatisfy {
        $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: "_")
      }
  }

  /// True where each `%` begins an escape, of anything but NUL.
  private static func hasWholeEscapes(_ text: ArraySlice<UInt8>) -> Bool {
    PercentEncoding.decode(text).map { !$0.contains(0) } ?? false
  }

  private static func trimmed(_ url: [UInt8]) -> ArraySlice<UInt8> {
    var text = url[...]
    while text.last == UInt8(ascii: "/") { text.removeLast() }
    return text
  }
}
