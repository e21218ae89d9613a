import Audit
import FileSystem
import JSON
import Repository
import TUF

/// The time of all tests that have no other: 2023-11-14.
let now: Int64 = 1_700_000_000
let day: Int64 = 86_400

/// A repository in a folder of its own, with four keys in memory.
struct Setup {
  let scratch: Scratch
  let keys: [PrivateKey]
  let ring: KeyRing

  init() throws {
    scratch = try Scratch()
    keys = [try PrivateKey(), try PrivateKey(), try PrivateKey(), try PrivateKey()]
    ring = KeyRing(keys)
  }

  var folder: Path { scratch.path.appending("repository") }

  var roles: [RoleAssignment] {
    zip([Role.root, .targets, .snapshot, .timestamp], keys).map {
      RoleAssignment($0, keys: [$1.object])
    }
  }

  /// The id of the key of a role.
  func id(_ role: Role) -> String { roles.first { $0.role == role }?.keys[0].id ?? "" }

  func create(at time: Int64 = now) throws(RepositoryError) -> RepositoryFolder {
    try RepositoryFolder.create(folder, roles: roles, keys: ring, now: time)
  }

  /// An addition of a target with a text as its contents.
  func addition(
    _ name: String, _ text: String, custom: JSONBuilder? = nil
  ) throws -> TargetAddition {
    let source = try scratch.file("source-\(TUF.Hasher.name(text))", text)
    return TargetAddition(try TargetName(name), source: source, custom: custom)
  }

  /// The targets that a client finds that has never been here before, by name, all downloaded.
  func fresh(at time: Int64 = now) throws -> [String: String] {
    let root = try FileSystem.read(folder.appending("metadata/1.root.json"), limit: 1 << 20)
    let place = try Scratch()
    let client = try Client(
      store: MetadataStore(place.path.appending("trusted")), shippedRoot: root,
      metadataURL: "metadata", fetcher: FolderFetcher(folder), now: time)
    try client.refresh()
    var found: [String: String] = [:]
    for path in try client.topLevelTargets().paths {
      guard let target = try client.target(path) else { continue }
      let file = place.path.appending("target")
      try client.download(target, to: file, baseURL: "targets")
      found[String(decoding: path, as: UTF8.self)] = String(
        decoding: try FileSystem.read(file, limit: 1 << 20), as: UTF8.self)
      try FileSystem.remove(file)
    }
    return found
  }

  /// What a check of every byte finds wrong.
  func findings(at time: Int64 = now) throws -> [Finding] {
    try RepositoryAudit(folder, now: time, files: .contents).findings
  }

  func names(_ path: String) throws -> [String] {
    try FileSystem.list(folder.appending(path)).map { String(decoding: $0.name, as: UTF8.self) }
      .sorted()
  }
}

extension TUF.Hasher {
  /// A file name for a text.
  static func name(_ text: String) -> String {
    String(decoding: Digest(.sha256, of: utf8(text)).hex.prefix(16), as: UTF8.self)
  }
}
