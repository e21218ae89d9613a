import Bytes
import CPosix

/// A path as the kernel sees it: bytes, separated by `/`, without a NUL.
///
/// Nothing is resolved or normalised; two paths are equal when their bytes are.
public struct Path: Equatable, Sendable {
  /// The bytes, without a terminating NUL.
  public private(set) var bytes: [UInt8]

  /// The bytes of the longest path that the system takes, with a terminating NUL. `PATH_MAX`
  public static var maximumLength: Int { Int(PATH_MAX) }

  /// Takes bytes as they are; a NUL ends the path, as it would in C.
  public init(_ bytes: [UInt8]) {
    var kept = bytes
    if let end = bytes.firstIndex(of: 0) { kept.removeSubrange(end...) }
    self.bytes = kept
  }

  /// Takes the UTF-8 bytes of a text.
  public init(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// Takes a NUL-terminated C string.
  public init(cString: UnsafePointer<CChar>) {
    var length = 0
    while cString[length] != 0 { length += 1 }
    bytes = cString.withMemoryRebound(to: UInt8.self, capacity: length) {
      Array(UnsafeBufferPointer(start: $0, count: length))
    }
  }

  /// This path with one more component, or several, behind exactly one separator.
  public func appending(_ component: [UInt8]) -> Path {
    var joined = bytes
    joined.reserveCapacity(bytes.count + component.count + 1)
    if let last = joined.last, last != UInt8(ascii: "/") { joined.append(UInt8(ascii: "/")) }
    joined.append(contentsOf: component)
    return Path(joined)
  }

  /// This path with one more component, or several, behind exactly one separator.
  public func appending(_ component: StaticString) -> Path {
    appending(component.bytes)
  }

  /// This path with one more component, or several, behind exactly one separator.
  ///
  /// Disfavoured, so that a literal stays a `StaticString`: the launcher must not pull `String` in.
  @_disfavoredOverload
  public func appending(_ component: String) -> Path {
    appending(Array(component.utf8))
  }

  /// The same path with bytes put straight behind it, in the same component.
  public func appendingSuffix(_ suffix: StaticString) -> Path {
    Path(bytes + suffix.bytes)
  }

  /// The path without its last component: `/` of `/a`, `.` of `a`.
  public var parent: Path {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return Path(".") }
    return slash == 0 ? Path("/") : Path(Array(bytes[..<slash]))
  }

  /// What stands behind the last separator.
  public var lastComponent: [UInt8] {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes }
    return Array(bytes[(slash + 1)...])
  }

  /// True when the path begins at the root of the file system.
  public var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

  /// The path as text for a person; bytes that are not UTF-8 show as replacement characters.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The path as one word for a shell.
  ///
  /// What can't be shown as it is, is written in octal, as shells take it in `$'…'` (POSIX.1-2024 §2.2.4).
  public var quoted: String {
    if PrintableText.escape(bytes) != bytes { return quotedInOctal }
    var word: [UInt8] = [UInt8(ascii: "'")]
    for byte in bytes {
      if byte == UInt8(ascii: "'") { word += ("'\\'" as StaticString).bytes }
      word.append(byte)
    }
    return String(decoding: word + [UInt8(ascii: "'")], as: UTF8.self)
  }

  private var quotedInOctal: String {
    var word = ("$'" as StaticString).bytes
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"): word += [UInt8(ascii: "\\"), byte]
      case 0x20..<0x7f: word.append(byte)
      default:
        word.append(UInt8(ascii: "\\"))
        for shift in [6, 3, 0] as [UInt8] { word.append(UInt8(ascii: "0") + byte >> shift & 7) }
      }
    }
    return String(decoding: word + [UInt8(ascii: "'")], as: UTF8.self)
  }

  /// Calls `body` with the path as a NUL-terminated C string, valid during the call.
  @inline(__always)
  public func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = bytes
    terminated.append(0)
    return terminated.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
    }
  }
}

// Literals are StaticStrings because String costs the launcher more than all its other code.
extension Path: ExpressibleByStringLiteral {
  /// Takes the UTF-8 bytes of a literal.
  public init(stringLiteral text: StaticString) {
    self.init(text.bytes)
  }
}
