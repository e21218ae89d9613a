import JSON
import TUF

/// The name of a target that has been checked: components with `/` between them.
///
/// None is empty, `.` or `..`, and there are no control characters, no `\`, `%`, `?` and `#`: the name is a path on
/// servers and on the machines of users. What single systems or volumes refuse beyond that is theirs to say.
public struct TargetName: Hashable, Sendable {
  /// The UTF-8 bytes.
  public let bytes: [UInt8]

  /// Checks a name.
  public init(_ text: String) throws(RepositoryError) {
    let bytes = Array(text.utf8)
    if bytes.isEmpty { throw .badTargetName(text, reason: "it is empty") }
    if bytes.count > 1024 {
      throw .badTargetName(text, reason: "it is longer than 1024 bytes")
    }
    for byte in bytes {
      switch byte {
      case ..<0x20, 0x7f, UInt8(ascii: "\\"):
        throw .badTargetName(text, reason: "it holds a control character or a backslash")
      case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"):
        throw .badTargetName(
          text, reason: "it holds %, ? or #, which clients take for parts of a URL")
      default: break
      }
    }
    for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if part.isEmpty {
        throw .badTargetName(text, reason: "it begins or ends with a slash, or has two together")
      }
      if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
        throw .badTargetName(text, reason: "a component of it is . or ..")
      }
      // A hash of 64 digits and a dot come before the last one; file systems allow 255 bytes.
      if part.count > 190 {
        throw .badTargetName(text, reason: "a component of it is longer than 190 bytes")
      }
    }
    self.bytes = bytes
  }

  /// All bytes at once: there may be a million names.
  public func hash(into hasher: inout Swift.Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// The name for a person.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The paths in the repository under which its file may stand, by what metadata says of it.
  func files(_ listed: JSONValue?) -> [[UInt8]] {
    var found: [[UInt8]] = []
    guard let hashes = listed?["hashes"] else { return found }
    for hash in hashes.members {
      guard let digits = hash.value.text else { continue }
      found.append(Array("targets/".utf8) + RequestPath.hashed(bytes, digits))
    }
    return found
  }

  /// The path below the folder of targets: the hash stands before the last component (TUF 1.0.34 §6.2).
  func path(sha256 digits: [UInt8]) -> [UInt8] {
    RequestPath.hashed(bytes, digits)
  }

  /// The same path without the hash that its last component begins with: before consistent snapshots.
  static func plainPath(_ hashed: [UInt8]) -> [UInt8] {
    let start = hashed.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let dot = hashed[start...].firstIndex(of: UInt8(ascii: ".")) ?? start - 1
    return Array(hashed[..<start] + hashed[(dot + 1)...])
  }
}
