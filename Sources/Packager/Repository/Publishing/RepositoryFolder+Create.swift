public import FileSystem
import JSON
import TUF

extension RepositoryFolder {
  /// Creates a repository without targets; the folder is made where it is missing.
  ///
  /// Safe to call again after a crash in the middle of it; one that had been decided on is there then.
  ///
  /// - Parameters:
  ///   - roles: the four top-level roles; one key may serve several.
  ///   - keys: the private keys that sign, at least each role's threshold of them.
  ///   - start: where clients stand that know an earlier repository of these keys.
  ///   - now: seconds since 1970 UTC.
  ///   - patience: for how many seconds somebody else is waited for who works there.
  /// - Throws: ``RepositoryError/repositoryExists(folder:file:)`` for a folder that holds one.
  public static func create(
    _ directory: Path, roles: [RoleAssignment], keys: KeyRing, expiries: Expiries = Expiries(),
    after start: RepositoryStart = RepositoryStart(), now: Int64, patience: Int = usualPatience
  ) throws(RepositoryError) -> RepositoryFolder {
    let made = [metadata(directory), directory.appending("targets"), directory].filter {
      (try? FileSystem.exists($0)) == false
    }
    do throws(RepositoryError) {
      try makeFolders(directory)
      return try begin(
        directory, roles: roles, keys: keys, expiries: expiries, after: start, now: now,
        patience: patience)
    } catch {
      try removeEmpty(made, of: directory)
      throw error
    }
  }

  /// Takes away the folders that were made for a repository that could not be; what is in use by then stays.
  private static func removeEmpty(
    _ made: [Path], of directory: Path
  ) throws(RepositoryError) {
    guard made.contains(metadata(directory)) else { return }
    let isBegun = try onDisk { () throws(FileError) in
      try FileSystem.exists(metadata(directory))
    }
    // Before that folder is there, nobody can have begun.
    if !isBegun { return try removeEmpty(made) }
    do throws(RepositoryError) {
      try locked(directory, patience: 0) { () throws(RepositoryError) in
        try removeEmpty(made.filter { $0 != directory })
        let isGone = try onDisk { () throws(FileError) in
          guard try !FileSystem.exists(metadata(directory)) else { return false }
          try FileSystem.removeIfPresent(lockPath(in: directory))
          return true
        }
        if isGone { try removeEmpty(made) }
      }
    } catch {
      guard case .busy = error else { throw error }
    }
  }

  private static func removeEmpty(_ folders: [Path]) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      for folder in folders {
        guard try FileSystem.exists(folder), try FileSystem.list(folder).isEmpty else { continue }
        try FileSystem.removeDirectory(folder)
      }
    }
  }

  private static func begin(
    _ directory: Path, roles: [RoleAssignment], keys: KeyRing, expiries: Expiries,
    after start: RepositoryStart, now: Int64, patience: Int
  ) throws(RepositoryError) -> RepositoryFolder {
    try locked(directory, patience: patience) { () throws(RepositoryError) in
      try recover(directory)
      try refuseRepository(in: directory)
      let assigned = try assignments(roles)
      let area = StagingArea(directory.appending("building"))
      try area.prepare()
      do throws(RepositoryError) {
        let names = try stage(
          assigned, in: area, keys: keys, expiries: expiries, after: start, now: now)
        let state = try RepositoryState(directory, overlay: area.folder)
        var placement = Placement()
        let moves = names.map { name in
          (from: Array("building/\(name)".utf8), to: Array("metadata/\(name)".utf8))
        }
        placement.moves = moves.dropLast()
        placement.switches = moves.suffix(1)
        try area.place(placement, syncing: names, in: directory)
        try area.clear()
        return RepositoryFolder(directory, state: state.published, expiries: expiries)
      } catch {
        // What can't be removed is removed by the next attempt; the first error is the one to tell.
        do throws(RepositoryError) { try area.clearUnlessDecided() } catch {}
        throw error
      }
    }
  }

  /// Makes the folders of a repository where they are missing: what can't hold one fails here.
  public static func makeFolders(_ directory: Path) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      try ServedFolder.make(metadata(directory))
      try ServedFolder.make(directory.appending("targets"))
      try FileSystem.syncDirectory(directory)
      try FileSystem.syncDirectory(directory.parent)
    }
  }

  private static func refuseRepository(in directory: Path) throws(RepositoryError) {
    let entries = try onDisk { () throws(FileError) in
      try FileSystem.list(metadata(directory))
    }
    if let entry = entries.first {
      let name = String(decoding: entry.name, as: UTF8.self)
      throw .repositoryExists(folder: directory, file: "metadata/\(name)")
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
      if distinct != assignment.keys.count {
        throw .badThreshold(role: role, keys: distinct, threshold: assignment.threshold)
      }
      try Authority(assignment).refuseUnmeetable()
      found.append(assignment)
    }
    return found
  }

  /// Writes the first version of each role; the names of the files, the timestamp's last.
  private static func stage(
    _ roles: [RoleAssignment], in area: StagingArea, keys: KeyRing, expiries: Expiries,
    after start: RepositoryStart, now: Int64
  ) throws(RepositoryError) -> [String] {
    var names: [String] = []
    func write(
      _ role: Role, _ members: [(name: [UInt8], value: JSONBuilder)]
    ) throws(RepositoryError) -> JSONBuilder {
      guard let assignment = roles.first(where: { $0.role == role }) else {
        throw .badThreshold(role: role, keys: 0, threshold: 1)
      }
      let authority = Authority(assignment)
      if let gap = authority.gap(in: keys) { throw gap }
      let version = try start.firstVersion(of: role)
      var draft = try Draft(
        role, version: version, contents: .object(members + expiries.said(of: role)),
        expires: expiries.expiry(of: role, now: now))
      try draft.sign(for: authority, with: keys)
      if role == .root, let trusted = start.root {
        // Clients go from the one that they trust to this one.
        try draft.sign(for: Authority(.root, root: trusted.metadata.signed), with: keys)
      }
      try area.write(draft.bytes, role.fileName(version))
      names.append(role.fileName(version))
      return MetadataForm.file(draft.bytes, version: version)
    }
    if let trusted = start.root {
      let name = Role.root.fileName(trusted.version)
      try area.write(trusted.bytes, name)
      names.append(name)
    }
    _ = try write(.root, rootMembers(roles) + start.said())
    let targets = try write(.targets, [(Array("targets".utf8), [:])])
    let snapshot = try write(.snapshot, [(Array("meta".utf8), ["targets.json": targets])])
    _ = try write(.timestamp, [(Array("meta".utf8), ["snapshot.json": snapshot])])
    return names
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
