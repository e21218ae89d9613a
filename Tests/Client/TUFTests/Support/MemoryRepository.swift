import Bytes
import JSON
import Repository

@testable import TUF

/// The time of all tests that have no other: 2023-11-14.
let now: Int64 = 1_700_000_000

/// A repository in memory whose every part can be made wrong.
final class MemoryRepository {
  /// What is written of one role.
  struct Part {
    var keys: [PrivateKey]
    var threshold: Int64 = 1
    var version: Int64 = 1
    var expires: Int64 = now + 86_400 * 30
    /// Who signs, when it is not all of `keys`.
    var signers: [PrivateKey]?

    var ids: JSONBuilder { .array(keys.map { .text($0.object.id) }) }
  }

  /// A delegated role, its targets, and the roles that it delegates to in turn.
  struct Delegated {
    var name: String
    var part: Part
    /// `paths`, `path_hash_prefixes`; nil for a bin of succinct roles.
    var paths: JSONBuilder? = ["*"]
    var terminating = false
    var targets: [(String, [UInt8])] = []
    var delegations: [String] = []
  }

  var root: Part
  var timestamp: Part
  var snapshot: Part
  var targets: Part
  var consistent = true
  var files: [(String, [UInt8])] = [("app.zip", Array("the app".utf8))]
  /// The roles that targets delegates to; `delegated` holds all there are.
  var delegations: [String] = []
  var delegated: [Delegated] = []
  /// Raw `delegations` of targets in place of those that are built.
  var rawDelegations: JSONBuilder?
  /// Everything that is served, by path.
  var served: [String: [UInt8]] = [:]

  init() throws {
    root = Part(keys: [try PrivateKey()])
    timestamp = Part(keys: [try PrivateKey()])
    snapshot = Part(keys: [try PrivateKey()])
    targets = Part(keys: [try PrivateKey()])
  }

  /// Signs an object by some keys; ids and all.
  static func sign(_ signed: JSONBuilder, by keys: [PrivateKey]) throws -> [UInt8] {
    let message = try signed.canonical()
    let signatures = keys.map { key -> JSONBuilder in
      ["keyid": .text(key.object.id), "sig": .text(hex(key.sign(message)))]
    }
    let envelope: JSONBuilder = ["signatures": .array(signatures), "signed": signed]
    return try envelope.text()
  }

  static func hex(_ bytes: [UInt8]) -> String { String(decoding: Hex.encode(bytes), as: UTF8.self) }

  private func sign(
    _ part: Part, _ type: String, _ members: KeyValuePairs<String, JSONBuilder>
  ) throws -> [UInt8] {
    var all: [(name: [UInt8], value: JSONBuilder)] = [
      (utf8("_type"), .text(type)), (utf8("spec_version"), "1.0.31"),
      (utf8("version"), .integer(part.version)),
      (utf8("expires"), .text(UTCTime.text(part.expires))),
    ]
    for (name, value) in members { all.append((utf8(name), value)) }
    return try Self.sign(.object(all), by: part.signers ?? part.keys)
  }

  /// The root as it stands, signed by its own keys and by others.
  func rootBytes(alsoBy others: [PrivateKey] = []) throws -> [UInt8] {
    var keys: [(name: [UInt8], value: JSONBuilder)] = []
    for part in [root, timestamp, snapshot, targets] {
      for key in part.keys { keys.append((utf8(key.object.id), key.object.json)) }
    }
    func role(_ part: Part) -> JSONBuilder {
      ["keyids": part.ids, "threshold": .integer(part.threshold)]
    }
    var part = root
    part.signers = (root.signers ?? root.keys) + others
    return try sign(
      part, "root",
      [
        "consistent_snapshot": .boolean(consistent), "keys": .object(keys),
        "roles": [
          "root": role(root), "timestamp": role(timestamp), "snapshot": role(snapshot),
          "targets": role(targets),
        ],
      ])
  }

  static func file(_ bytes: [UInt8], _ version: Int64) -> JSONBuilder {
    [
      "version": .integer(version), "length": .integer(Int64(bytes.count)),
      "hashes": ["sha256": .text(hex(Digest(.sha256, of: bytes).bytes))],
    ]
  }

  private func targetsObject(_ files: [(String, [UInt8])]) -> JSONBuilder {
    .object(
      files.map { name, bytes in
        (
          utf8(name),
          [
            "length": .integer(Int64(bytes.count)),
            "hashes": ["sha256": .text(Self.hex(Digest(.sha256, of: bytes).bytes))],
          ]
        )
      })
  }

  private func delegationsObject(_ names: [String]) -> JSONBuilder {
    var keys: [(name: [UInt8], value: JSONBuilder)] = []
    var roles: [JSONBuilder] = []
    for name in names {
      for role in delegated where role.name == name {
        for key in role.part.keys { keys.append((utf8(key.object.id), key.object.json)) }
        roles.append([
          "name": .text(name), "keyids": role.part.ids,
          "threshold": .integer(role.part.threshold), "terminating": .boolean(role.terminating),
          "paths": role.paths ?? [],
        ])
      }
    }
    return ["keys": .object(keys), "roles": .array(roles)]
  }

  func targetsBytes() throws -> [UInt8] {
    let object = targetsObject(files)
    if let rawDelegations {
      return try sign(targets, "targets", ["targets": object, "delegations": rawDelegations])
    }
    if delegations.isEmpty { return try sign(targets, "targets", ["targets": object]) }
    return try sign(
      targets, "targets", ["targets": object, "delegations": delegationsObject(delegations)])
  }

  func bytes(of role: Delegated) throws -> [UInt8] {
    let object = targetsObject(role.targets)
    if role.delegations.isEmpty { return try sign(role.part, "targets", ["targets": object]) }
    return try sign(
      role.part, "targets",
      ["targets": object, "delegations": delegationsObject(role.delegations)])
  }

  func snapshotBytes() throws -> [UInt8] {
    var meta: [(name: [UInt8], value: JSONBuilder)] = [
      (utf8("targets.json"), Self.file(try targetsBytes(), targets.version))
    ]
    for role in delegated {
      meta.append(
        (utf8(role.name + ".json"), Self.file(try bytes(of: role), role.part.version)))
    }
    return try sign(snapshot, "snapshot", ["meta": .object(meta)])
  }

  func timestampBytes() throws -> [UInt8] {
    try sign(
      timestamp, "timestamp",
      ["meta": ["snapshot.json": Self.file(try snapshotBytes(), snapshot.version)]])
  }

  /// Serves everything as it stands.
  func publish(rootAlsoBy others: [PrivateKey] = []) throws {
    served["/metadata/\(root.version).root.json"] = try rootBytes(alsoBy: others)
    served["/metadata/timestamp.json"] = try timestampBytes()
    let prefix = { (version: Int64) in self.consistent ? "\(version)." : "" }
    served["/metadata/\(prefix(snapshot.version))snapshot.json"] = try snapshotBytes()
    served["/metadata/\(prefix(targets.version))targets.json"] = try targetsBytes()
    for role in delegated {
      let name = PercentEncoding.encode(utf8(role.name), keepingSlashes: false)
      served["/metadata/\(prefix(role.part.version))\(name).json"] = try bytes(of: role)
    }
    for (name, bytes) in files + delegated.flatMap(\.targets) {
      var path = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let hash = Self.hex(Digest(.sha256, of: bytes).bytes)
      if consistent { path[path.count - 1] = hash + "." + path[path.count - 1] }
      served["/targets/" + path.joined(separator: "/")] = bytes
    }
  }

  /// Raises the versions that a new release raises.
  func bump() {
    timestamp.version += 1
    snapshot.version += 1
    targets.version += 1
  }
}
