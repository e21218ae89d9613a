import Bytes
import FileSystem

/// Paths in `file:` URLs. RFC 8089 §2
enum FilePath {
  /// The path that a URL names, percent-decoded.
  ///
  /// Nil for a host other than none or `localhost`, for a query or fragment, for a broken escape, an
  /// escaped NUL, and for a `..` that comes out of escapes: web servers don't let such a name climb either.
  static func decode(_ url: String) -> Path? {
    guard URLScheme(of: url) == .file,
      let encoded = URLScheme.bytes(of: url, after: "file://localhost/")
        ?? URLScheme.bytes(of: url, after: "file:///")
    else { return nil }
    var path: [UInt8] = []
    for component in encoded.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let name = decodeComponent(component) else { return nil }
      if name.count != component.count, climbs(name) { return nil }
      path.append(UInt8(ascii: "/"))
      path.append(contentsOf: name)
    }
    return Path(path)
  }

  private static func decodeComponent(_ encoded: ArraySlice<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    var rest = encoded
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "?"), UInt8(ascii: "#"):
        return nil
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(Hex.value),
          let low = rest.popFirst().flatMap(Hex.value), high | low != 0
        else { return nil }
        decoded.append(high << 4 | low)
      default:
        decoded.append(byte)
      }
    }
    return decoded
  }

  /// True when a decoded component holds `..` as one of what may have become several components.
  private static func climbs(_ name: [UInt8]) -> Bool {
    let dot = UInt8(ascii: ".")
    for part in name.split(separator: UInt8(ascii: "/")) where part.elementsEqual([dot, dot]) {
      return true
    }
    return false
  }
}
