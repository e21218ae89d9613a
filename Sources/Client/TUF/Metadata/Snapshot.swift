import Bytes
import JSON

/// Which version of every targets role belongs together (TUF 1.0.34 §4.4).
public struct Snapshot: Sendable {
  /// The file that it was read from.
  public let metadata: SignedMetadata
  /// Names and entries in the order of the names: there may be many, asked for one by one.
  private let members: JSONIndex
  private let reader: Reader

  /// The version, at least 1.
  public var version: Int64 { metadata.version }
  /// When it expires, in seconds since 1970 UTC.
  public var expires: Int64 { metadata.expires }

  /// Parses a snapshot file without trusting it; every entry must be well formed.
  public init(
    parsing bytes: [UInt8], file: String = "snapshot.json", depth: Int = Limits().depth,
    memory: Int64 = .max
  ) throws(TUFError) {
    metadata = try SignedMetadata(
      parsing: bytes, as: .snapshot, file: file, depth: depth, memory: memory)
    reader = Reader(file: file)
    let meta = try reader.object(metadata.signed, "meta")
    members = JSONIndex(meta)
    for member in meta.members { _ = try MetaFile(member.value, reader) }
    guard meta["targets.json"] != nil else {
      throw .malformed(file: file, reason: "it does not list targets.json")
    }
  }

  /// What the snapshot says of a role's file; nil when it does not list it.
  func file(of role: [UInt8]) throws(TUFError) -> MetaFile? {
    guard let entry = members[role + Array(".json".utf8)] else { return nil }
    return try MetaFile(entry, reader)
  }

  /// Checks that no role goes back or disappears against an older snapshot (TUF 1.0.34 §5.5.5).
  func checkRollback(from trusted: Snapshot) throws(TUFError) {
    // Both in the order of their names, of which no more than two are copied at a time.
    var new = members.makeIterator()
    var candidate = new.next()
    for old in trusted.members {
      let name = Array(old.name)
      while let found = candidate, Array(found.name).precedes(name) { candidate = new.next() }
      guard let found = candidate, found.name.elementsEqual(name) else {
        throw .roleDisappeared(role: String(decoding: name, as: UTF8.self))
      }
      let before = try reader.integer(old.value, "version", atLeast: 1)
      let version = try reader.integer(found.value, "version", atLeast: 1)
      if version < before {
        throw .rollback(
          file: metadata.file, of: String(decoding: name, as: UTF8.self), version: version,
          trusted: before)
      }
    }
  }
}
