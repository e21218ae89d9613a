/// Which snapshot is current (TUF 1.0.34 §4.6).
public struct Timestamp: Sendable {
  /// The file that it was read from.
  public let metadata: SignedMetadata
  /// What it says of `snapshot.json`.
  public let snapshot: MetaFile

  /// The version, at least 1.
  public var version: Int64 { metadata.version }
  /// When it expires, in seconds since 1970 UTC.
  public var expires: Int64 { metadata.expires }

  /// Parses a timestamp file without trusting it.
  public init(
    parsing bytes: [UInt8], file: String = "timestamp.json", depth: Int = Limits().depth
  ) throws(TUFError) {
    metadata = try SignedMetadata(parsing: bytes, as: .timestamp, file: file, depth: depth)
    let reader = Reader(file: file)
    let meta = try reader.object(metadata.signed, "meta")
    snapshot = try MetaFile(try reader.object(meta, "snapshot.json"), reader)
  }
}
