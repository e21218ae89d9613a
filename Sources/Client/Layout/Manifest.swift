import FileSystem

/// What a version consists of: `esky-files/manifest.txt`, a ``ControlFile`` of one line for each file.
///
/// ```
/// esky-manifest 1
/// directory 755 lib
/// file 644 1024 9f86d0… lib/data.bin
/// link 9 lib/a.so a.so.1
/// bootstrap 755 52000 2c26b4… hello
/// end
/// ```
///
/// Modes are octal, sizes are in bytes, hashes are SHA-256 in hexadecimal digits; a link's number is the
/// length of its path in bytes. Paths are those in the version directory, of `bootstrap` lines those in
/// the app folder. The manifest does not list itself.
public struct Manifest: Sendable {
  /// One thing that a version consists of.
  public struct Entry: Sendable {
    /// What it is.
    public enum Kind: Sendable {
      /// Permission bits.
      case directory(permissions: UInt32)
      /// Permission bits, size in bytes, SHA-256 in hexadecimal digits.
      case file(permissions: UInt32, size: Int64, sha256: [UInt8])
      /// What a symbolic link says.
      case link(target: [UInt8])
      /// A file that belongs into the app folder.
      case bootstrap(permissions: UInt32, size: Int64, sha256: [UInt8])
    }

    /// The path.
    public let path: [UInt8]
    /// What it is.
    public let kind: Kind

    /// Puts an entry together.
    public init(path: [UInt8], kind: Kind) {
      self.path = path
      self.kind = kind
    }
  }

  /// The most bytes that a manifest may have: some 2 million files.
  public static let maximumLength = 256 << 20

  /// All entries, in the order of the file.
  public var entries: [Entry]

  /// Puts a manifest together.
  public init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// The text of the file.
  public var text: [UInt8] {
    var control = ControlFile()
    for entry in entries {
      switch entry.kind {
      case .directory(let permissions):
        control.append("directory", Self.octal(permissions) + [0x20] + entry.path)
      case .link(let target):
        control.append(
          "link", Self.decimal(Int64(entry.path.count)) + [0x20] + entry.path + [0x20] + target)
      case .file(let permissions, let size, let hash):
        control.append("file", Self.value(permissions, size, hash, entry.path))
      case .bootstrap(let permissions, let size, let hash):
        control.append("bootstrap", Self.value(permissions, size, hash, entry.path))
      }
    }
    return control.text(kind: "esky-manifest")
  }

  private static func value(
    _ permissions: UInt32, _ size: Int64, _ hash: [UInt8], _ path: [UInt8]
  ) -> [UInt8] {
    octal(permissions) + [0x20] + decimal(size) + [0x20] + hash + [0x20] + path
  }

  private static func octal(_ value: UInt32) -> [UInt8] { Array(String(value, radix: 8).utf8) }

  private static func decimal(_ value: Int64) -> [UInt8] { Array(String(value).utf8) }
}
