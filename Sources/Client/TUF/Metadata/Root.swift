import JSON

/// The keys of all top-level roles (TUF 1.0.34 §4.3).
public struct Root: Sendable {
  /// The file that it was read from.
  public let metadata: SignedMetadata
  /// Who signs the next root, and this one.
  public let root: RoleKeys
  /// Who signs the timestamp.
  public let timestamp: RoleKeys
  /// Who signs the snapshot.
  public let snapshot: RoleKeys
  /// Who signs the top-level targets.
  public let targets: RoleKeys
  /// True when file names carry versions and hashes.
  public let consistentSnapshot: Bool

  /// The version, at least 1.
  public var version: Int64 { metadata.version }
  /// When it expires, in seconds since 1970 UTC.
  public var expires: Int64 { metadata.expires }
  /// The file byte for byte.
  public var bytes: [UInt8] { metadata.bytes }

  /// Parses a root file without trusting it.
  public init(parsing bytes: [UInt8], file: String, depth: Int = Limits().depth) throws(TUFError) {
    metadata = try SignedMetadata(parsing: bytes, as: .root, file: file, depth: depth)
    let reader = Reader(file: file)
    let signed = metadata.signed
    let keys = JSONIndex(try reader.object(signed, "keys"))
    let roles = try reader.object(signed, "roles")
    root = try RoleKeys(try reader.object(roles, "root"), keys: keys, reader)
    timestamp = try RoleKeys(try reader.object(roles, "timestamp"), keys: keys, reader)
    snapshot = try RoleKeys(try reader.object(roles, "snapshot"), keys: keys, reader)
    targets = try RoleKeys(try reader.object(roles, "targets"), keys: keys, reader)
    if let value = signed["consistent_snapshot"] {
      guard let consistent = value.boolean else {
        throw reader.missing("consistent_snapshot", "true or false")
      }
      consistentSnapshot = consistent
    } else {
      consistentSnapshot = false
    }
  }

  /// Checks that the file is signed as it says itself.
  public func verifySelf() throws(TUFError) {
    try metadata.verify(root)
  }
}
