import Bytes
import FileSystem

/// The name of an app: of its launcher, its executable, and the front of its version directories.
///
/// **Grammar.** 1 to `maximumLength` ASCII letters, digits, `-`, `_` and `.`, the first and the last
/// of them a letter or a digit. Not `updates`, which is the work area's name, and not beginning with
/// `esky-`, which is for the layout's own files; neither in capitals, since some file systems don't
/// tell those apart.
public struct AppName: Equatable, Sendable {
  /// The greatest length of a name, in bytes.
  public static let maximumLength = 64

  /// The name.
  public let bytes: [UInt8]

  /// Takes a name that follows the grammar.
  ///
  /// - Throws: `NameError`, one of its cases about app names.
  public init(_ bytes: [UInt8]) throws(NameError) {
    guard !bytes.isEmpty else { throw .emptyAppName }
    guard bytes.count <= AppName.maximumLength else {
      throw .appNameTooLong(bytes, limit: AppName.maximumLength)
    }
    for byte in bytes where !AppName.allows(byte) {
      throw .characterInAppName(bytes, byte)
    }
    guard AppName.allowsAtEdge(bytes[0]), AppName.allowsAtEdge(bytes[bytes.count - 1]) else {
      throw .edgeOfAppName(bytes)
    }
    guard !AppName.isReserved(bytes, end: bytes.count) else { throw .reservedAppName(bytes) }
    self.bytes = bytes
  }

  /// Takes a name that follows the grammar.
  ///
  /// - Throws: `NameError`, one of its cases about app names.
  public init(_ text: String) throws(NameError) {
    try self.init(Array(text.utf8))
  }

  /// Takes bytes that were found to be a name.
  init(known bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether a byte may stand in a name.
  static func allows(_ byte: UInt8) -> Bool {
    allowsAtEdge(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  /// Whether a byte may stand at either end of a name.
  static func allowsAtEdge(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit
  }

  /// Whether the name in the first `end` bytes is one that the layout keeps for itself.
  static func isReserved(_ bytes: [UInt8], end: Int) -> Bool {
    let esky: StaticString = "esky-"
    let updates: StaticString = "updates"
    return esky.begins(bytes, at: 0, end: end)
      || end == updates.utf8CodeUnitCount && updates.begins(bytes, at: 0, end: end)
  }
}
