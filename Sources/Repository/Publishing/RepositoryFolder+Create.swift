public import FileSystem
import TUF

extension RepositoryFolder {
  /// Creates a repository without targets; the folder is made where it is missing.
  ///
  /// Safe to call again after a crash in the middle of it, also with other keys.
  ///
  /// - Parameters:
  ///   - roles: the four top-level roles; one key may serve several.
  ///   - keys: the private keys that sign, at least each role's threshold of them.
  ///   - now: seconds since 1970 UTC.
  /// - Throws: ``RepositoryError/repositoryExists(folder:file:)`` for a folder that holds one.
  public static func create(
    _ directory: Path, roles: [RoleAssignment], keys: KeyRing, expiries: Expiries = Expiries(),
    now: Int64
  ) throws(RepositoryError) -> RepositoryFolder {
    let folder = metadata(directory)
    try onDisk { () throws(FileError) in
      try FileSystem.makeDirectories(folder)
      try FileSystem.makeDirectories(directory.appending("targets"))
      try FileSystem.syncDirectory(directory)
      try FileSystem.syncDirectory(directory.parent)
    }
    return try locked(directory) { () throws(RepositoryError) in
      try refuseRepository(in: directory)
      let state = try first(
        directory, roles: try assignments(roles), keys: keys, expiries: expiries, now: now)
      return RepositoryFolder(directory, state: state, expiries: expiries)
    }
  }

  /// What a crashed creation can have left is overwritten; anything beyond that is a repository.
  private static func refuseRepository(in directory: Path) throws(RepositoryError) {
    let entries = try onDisk { () throws(FileError) in
      try FileSystem.list(metadata(directory))
    }
    let leftovers = [Role.root, .targets, .snapshot].map { $0.fileName(1) }
    for entry in entries {
      let name = String(decoding: entry.name, as: UTF8.self)
      if !name.hasSuffix(".new"), !leftovers.contains(name) {
        throw .repositoryExists(folder: directory, file: "metadata/\(name)")
      }
    }
  }

  private static func assignments(
    _ roles: [RoleAssignment]
  ) throws(RepositoryError) -> [RoleAssignment] {
    var found: [RoleAssignment] = []
    for role in Role.topLevel {
      guard let assignment = roles.last(where: { $0.role == role }) else {
        throw .badThreshold(role: role, keys: 0, threshold: 1)
      }
      // A key that stands twice would still count once.
      let distinct = Set(assignment.keys.map(\.id)).count
      guard 1...max(distinct, 1) ~= assignment.threshold, distinct == assignment.keys.count,
        distinct > 0
      else {
        throw .badThreshold(role: role, keys: distinct, threshold: assignment.threshold)
      }
      found.append(assignment)
    }
    return found
  }

  private static func first(
    _ directory: Path, roles: [RoleAssignment], keys: KeyRing, expiries: Expiries, now: Int64
  ) throws(RepositoryError) -> RepositoryState {
    func signed(
      _ role: Role, _ members: [(name: [UInt8], value: JSONBuilder)]
    ) throws(RepositoryError) -> [UInt8] {
      guard let assignment = roles.first(where: { $0.role == role }) else {
        throw .badThreshold(role: role, keys: 0, threshold: 1)
      }
      let head = MetadataForm.head(
        role, version: 1, expires: expiries.expiry(of: role, now: now))
      return try Authority(assignment).sign(.object(members + head), with: keys)
    }
    let root = try signed(.root, rootMembers(roles))
    let targets = try signed(.targets, [(Array("targets".utf8), [:])])
    let snapshot = try signed(
      .snapshot,
      [(Array("meta".utf8), ["targets.json": MetadataForm.file(targets, version: 1)])])
    let timestamp = try signed(
      .timestamp,
      [(Array("meta".utf8), ["snapshot.json": MetadataForm.file(snapshot, version: 1)])])
    let files = MetadataFiles(metadata(directory))
    try files.write(root, Role.root.fileName(1))
    try files.write(targets, Role.targets.fileName(1))
    try files.write(snapshot, Role.snapshot.fileName(1))
    let state = try RepositoryState.first(
      root: root, timestamp: timestamp, now: now, directory: directory)
    try files.write(timestamp, Role.timestamp.fileName(1))
    return state
  }

  private static func rootMembers(
    _ roles: [RoleAssignment]
  ) -> [(name: [UInt8], value: JSONBuilder)] {
    var keys: [(name: [UInt8], value: JSONBuilder)] = []
    var list: [(name: [UInt8], value: JSONBuilder)] = []
    for assignment in roles {
      list.append((Array(assignment.role.name.utf8), assignment.json))
      for key in assignment.keys { keys.append((Array(key.id.utf8), key.json)) }
    }
    return [
      (Array("consistent_snapshot".utf8), true), (Array("keys".utf8), .object(keys)),
      (Array("roles".utf8), .object(list)),
    ]
  }
}
