/// Which version of every targets role belongs together (TUF 1.0.34 §4.4).
public struct Snapshot: Sendable {
  let metadata: SignedMetadata
  private let meta: JSONValue
  private let reader: Reader

  /// The version, at least 1.
  public var version: Int64 { metadata.version }

  /// Parses a snapshot file without trusting it; every entry must be well formed.
  public init(
    parsing bytes: [UInt8], file: String = "snapshot.json", depth: Int = Limits().depth
  ) throws(TUFError) {
    metadata = try SignedMetadata(parsing: bytes, as: .snapshot, file: file, depth: depth)
    reader = Reader(file: file)
    meta = try reader.object(metadata.signed, "meta")
    for member in meta.members { _ = try MetaFile(member.value, reader) }
    guard meta["targets.json"] != nil else {
      throw .malformed(file: file, reason: "it does not list targets.json")
    }
  }

  /// What the snapshot says of a role's file; nil when it does not list it.
  func file(of role: [UInt8]) throws(TUFError) -> MetaFile? {
    guard let entry = meta[role + Array(".json".utf8)] else { return nil }
    return try MetaFile(entry, reader)
  }

  /// Checks that no role goes back or disappears against an older snapshot (TUF 1.0.34 §5.5.5).
  func checkRollback(from trusted: Snapshot) throws(TUFError) {
    let old = try trusted.versions()
    let new = try versions()
    var place = 0
    for entry in old {
      while place < new.count, new[place].name.precedes(entry.name) { place += 1 }
      guard place < new.count, new[place].name == entry.name else {
        throw .roleDisappeared(role: String(decoding: entry.name, as: UTF8.self))
      }
      if new[place].version < entry.version {
        throw .rollback(
          file: metadata.file, of: String(decoding: entry.name, as: UTF8.self),
          version: new[place].version, trusted: entry.version)
      }
    }
  }

  /// File names and versions in the order of the names.
  private func versions() throws(TUFError) -> [(name: [UInt8], version: Int64)] {
    var entries: [(name: [UInt8], version: Int64)] = []
    var ascends = true
    for member in meta.members {
      let name = Array(member.name)
      if let last = entries.last, !last.name.precedes(name) { ascends = false }
      entries.append((name, try reader.integer(member.value, "version", atLeast: 1)))
    }
    if !ascends { entries.sort { $0.name.precedes($1.name) } }
    return entries
  }
}
