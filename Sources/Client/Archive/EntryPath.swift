import Bytes
import FileSystem

/// The path of an entry: relative, clean, and safe to join to a folder one component after the other.
///
/// Checked once, here; whoever holds one needs no further check. Components are separated by `/`, in
/// valid UTF-8, without a trailing separator even when the entry is a folder. (APPNOTE §4.4.17)
public struct EntryPath: Equatable, Sendable {
  /// The bytes, without the trailing `/` that a folder has in the archive.
  public let bytes: [UInt8]

  /// The longest component in bytes: `NAME_MAX` of the usual file systems.
  public static let componentLimit = 255
  /// The longest path in bytes.
  public static let limit = 4096

  /// Checks bytes.
  ///
  /// - Throws: ``ArchiveError/path(_:_:)`` with the first ``PathProblem`` found.
  public init(checking bytes: [UInt8]) throws(ArchiveError) {
    if let problem = EntryPath.problem(in: bytes) { throw .path(bytes, problem) }
    self.bytes = bytes
  }

  /// Takes bytes that were checked before.
  init(checked bytes: [UInt8]) { self.bytes = bytes }

  /// The components from the top down; at least one.
  public var components: [[UInt8]] { splitComponents(bytes) }

  /// The last component.
  var name: [UInt8] { Path(bytes).lastComponent }

  private static func problem(in bytes: [UInt8]) -> PathProblem? {
    if bytes.isEmpty { return .empty }
    if bytes.count > limit { return .tooLong }
    if bytes[0] == slash { return .absolute }
    if let problem = characterProblem(in: bytes) { return problem }
    for component in splitComponents(bytes) {
      if component.isEmpty { return .emptyComponent }
      if component == dot || component == dotDot { return .dotComponent }
      if component.count > componentLimit { return .componentTooLong }
    }
    return nil
  }

  /// What no name in an archive and no target of a link may hold.
  static func characterProblem(in bytes: [UInt8]) -> PathProblem? {
    for byte in bytes {
      switch byte {
      case 0: return .nul
      case 1..<0x20, 0x7F: return .controlCharacter
      // A separator on Windows, and to readers that mean to be kind.
      case UInt8(ascii: "\\"): return .backslash
      default: continue
      }
    }
    return isUTF8(bytes) ? nil : .notUTF8
  }
}

let slash = UInt8(ascii: "/")
let dot = [UInt8(ascii: ".")]
let dotDot = [UInt8(ascii: "."), UInt8(ascii: ".")]

/// The parts of a path between its separators; empty parts are kept.
func splitComponents(_ bytes: [UInt8]) -> [[UInt8]] {
  var parts: [[UInt8]] = []
  var part: [UInt8] = []
  for byte in bytes {
    if byte == slash {
      parts.append(part)
      part = []
    } else {
      part.append(byte)
    }
  }
  parts.append(part)
  return parts
}

/// True for well-formed UTF-8 that has no C1 control characters either.
///
/// Overlong forms, surrogates and values above U+10FFFF are refused. (RFC 3629 §4)
func isUTF8(_ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBufferPointer { text in
    var place = 0
    while place < text.count {
      guard let scalar = UTF8Scalar(text, at: place), !(0x80...0x9f ~= scalar.value) else {
        return false
      }
      place += scalar.count
    }
    return true
  }
}
