import FileSystem
import TUF

/// What a change wants to be different; versions, expiries and the files that follow come by themselves.
struct Change {
  /// The new contents of root without version and expiry; nil to keep the root.
  var root: JSONBuilder?
  /// The new contents of targets without version and expiry; nil to keep the targets.
  var targets: JSONBuilder?
  /// True to sign a new snapshot of the same targets.
  var snapshot = false
}

extension RepositoryFolder {
  /// Signs what a change needs and puts it in place, the timestamp last.
  ///
  /// Call it under the lock, with the state read under the same lock.
  mutating func publish(
    _ change: Change, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> [(role: Role, version: Int64)] {
    var versions: [(role: Role, version: Int64)] = []
    let files = MetadataFiles(metadataFolder)
    let root = try signed(change.root, .root, keys: keys, now: now)
    // Version N+1 of root counts as soon as it is there, unlike all others.
    if let root {
      try checked(directory) { () throws(TUFError) in
        var trusted = try TrustedSet(root: state.root.bytes, now: now)
        _ = try trusted.updateRoot(root, file: Role.root.fileName(state.root.version + 1))
        try trusted.checkRootExpiry()
      }
    }
    let targets = try signed(change.targets, .targets, keys: keys, now: now)
    let snapshot = try signed(
      newSnapshot(change, targets: targets), .snapshot, keys: keys, now: now)
    let timestamp = try signed(newTimestamp(snapshot), .timestamp, keys: keys, now: now)
    for (role, bytes) in [(Role.root, root), (.targets, targets), (.snapshot, snapshot)] {
      guard let bytes else { continue }
      let version = state.metadata(of: role).version + 1
      try files.write(bytes, role.fileName(version))
      versions.append((role, version))
    }
    guard let timestamp else { return versions }
    let next = try state.followed(by: timestamp, root: root, now: now, directory: directory)
    try files.write(timestamp, Role.timestamp.fileName(next.timestamp.version))
    versions.append((.timestamp, next.timestamp.version))
    state = next
    return versions
  }

  /// The next version of a role, signed by the keys that the current root gives it.
  private func signed(
    _ contents: JSONBuilder?, _ role: Role, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> [UInt8]? {
    guard let contents, case .object(let members) = contents else { return nil }
    let version = state.metadata(of: role).version + 1
    let authority = try Authority(role, root: state.root.signed)
    return try authority.sign(
      .object(members + head(role, version: version, now: now)), with: keys)
  }

  private func newSnapshot(_ change: Change, targets: [UInt8]?) -> JSONBuilder? {
    guard let targets else {
      return change.snapshot ? .editing(state.snapshot.signed, [:]) : nil
    }
    let listed = MetadataForm.file(targets, version: state.targets.version + 1)
    guard let meta = state.snapshot.signed["meta"] else { return nil }
    return .editing(
      state.snapshot.signed, ["meta": .editing(meta, ["targets.json": listed])])
  }

  private func newTimestamp(_ snapshot: [UInt8]?) -> JSONBuilder? {
    guard let snapshot else { return .editing(state.timestamp.signed, [:]) }
    let listed = MetadataForm.file(snapshot, version: state.snapshot.version + 1)
    return .editing(state.timestamp.signed, ["meta": ["snapshot.json": listed]])
  }

  func head(_ role: Role, version: Int64, now: Int64) -> [(name: [UInt8], value: JSONBuilder)] {
    MetadataForm.head(role, version: version, expires: expiries.expiry(of: role, now: now))
  }
}

/// The forms that metadata shares.
enum MetadataForm {
  /// The version of the specification that is written to metadata.
  static let specification = "1.0.34"

  /// What every signed object begins with (TUF 1.0.34 §4.3).
  static func head(
    _ role: Role, version: Int64, expires: Int64
  ) -> [(name: [UInt8], value: JSONBuilder)] {
    let type = role.type.name
    return [
      (Array("_type".utf8), .text("\(type)")),
      (Array("spec_version".utf8), .text(specification)),
      (Array("version".utf8), .integer(version)),
      (Array("expires".utf8), .text(Date.text(expires))),
    ]
  }

  /// What one file says of another (TUF 1.0.34 §4.4, METAFILES).
  static func file(_ bytes: [UInt8], version: Int64) -> JSONBuilder {
    [
      "version": .integer(version), "length": .integer(Int64(bytes.count)),
      "hashes": ["sha256": .hex(Digest(.sha256, of: bytes).bytes)],
    ]
  }
}
