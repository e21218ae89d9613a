public import FileSystem
import JSON
import TUF

/// Takes over a repository that another program made, and turns consistent snapshots on where they are off.
///
/// Files get second names, with versions and hashes in them, beside those that they have: whatever a client
/// with the old root asks for is still there. Then one new root, signed by the root keys, says that the new
/// names count. The old names stay for clients that do not see it at once, behind a cache that remembers
/// that there was none, and whatever is signed or added gets its old name as well. That ends when
/// ``RepositoryFolder/tidy(olderThan:now:isTrial:)`` removes them, once that root is as old as is asked for there.
public struct Adoption {
  private let directory: Path
  private let metadata: Path
  private let targets: Path
  private let limits = Limits()

  /// Looks at nothing yet.
  public init(_ directory: Path) {
    self.directory = directory
    metadata = RepositoryFolder.metadata(directory)
    targets = directory.appending("targets")
  }

  /// Takes it over.
  ///
  /// Nothing is signed where snapshots are consistent already. Safe to run again after an error.
  ///
  /// - Parameter keys: the root's keys; what they lack, the change waits for.
  /// - Throws: ``RepositoryError``; clients see what they saw before then.
  public func run(
    keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> (repository: RepositoryFolder, publication: Publication) {
    try nameRoots()
    let root = try newestRoot()
    if root.consistentSnapshot {
      let repository = try RepositoryFolder(directory)
      try Delegators(repository.state).visit { (role, _) throws(RepositoryError) in
        try Self.refuseEncoded(role)
        return true
      }
      return (repository, Publication())
    }
    try nameMetadata(root)
    var repository = try RepositoryFolder(directory)
    try nameTargets(repository)
    let publication = try repository.change(keys: keys, now: now, isAdopting: true) {
      (repository) throws(RepositoryError) in
      var change = Change()
      change.root = .editing(repository.state.root.signed, ["consistent_snapshot": true])
      return change
    }
    return (repository, publication)
  }

  // MARK: Metadata

  /// Some programs keep the newest root as `root.json` only.
  private func nameRoots() throws(RepositoryError) {
    let path = metadata.appending("root.json")
    guard let bytes = try MetadataFiles.read(path, limit: limits.rootLength) else { return }
    let root = try checked(directory) { () throws(TUFError) in
      try Root(parsing: bytes, file: "root.json")
    }
    try copy(bytes, Role.root.fileName(root.version))
  }

  private func newestRoot() throws(RepositoryError) -> Root {
    let files = MetadataFiles(metadata)
    guard var version = try RepositoryState.firstRoot(files) else {
      throw .noRepository(folder: directory)
    }
    while version < .max,
      try files.read(Role.root.fileName(version + 1), limit: limits.rootLength) != nil
    {
      version += 1
    }
    let bytes = try files.require(Role.root.fileName(version), limit: limits.rootLength)
    return try checked(directory) { () throws(TUFError) in
      try Root(parsing: bytes, file: Role.root.fileName(version))
    }
  }

  /// Gives snapshot, targets and delegated roles names with their versions.
  private func nameMetadata(_ root: Root) throws(RepositoryError) {
    let files = MetadataFiles(metadata)
    let bytes = try files.require("snapshot.json", limit: limits.listedLength)
    let snapshot = try checked(directory) { () throws(TUFError) in
      try Snapshot(parsing: bytes)
    }
    try copy(bytes, Role.snapshot.fileName(snapshot.version))
    guard let meta = snapshot.metadata.signed["meta"] else { return }
    for member in meta.members {
      let role = Role(String(decoding: member.name.dropLast(5), as: UTF8.self))
      try Self.refuseEncoded(role)
      let name = role.plainFileName
      guard let version = member.value["version"]?.integer,
        let bytes = try files.read(name, limit: limits.listedLength)
      else { continue }
      try copy(bytes, role.fileName(version))
    }
  }

  /// Programs differ in whether such a role's file is called by its name or by the encoded one.
  private static func refuseEncoded(_ role: Role) throws(RepositoryError) {
    guard role.plainFileName == role.name + ".json" else {
      throw .badRoleName(
        role.name,
        reason: "it can't be taken over with a name that is encoded in URLs; rename it there first")
    }
  }

  private func copy(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    let files = MetadataFiles(metadata)
    if let known = try files.read(name, limit: limits.listedLength) {
      if known == bytes { return }
      throw .adoptionDiffers(metadata.appending(name))
    }
    try files.write(bytes, name)
  }

  // MARK: Targets

  /// Gives every target file names with its hashes, as links to the same bytes.
  private func nameTargets(_ repository: RepositoryFolder) throws(RepositoryError) {
    try Delegators(repository.state).visitAll { (_, role) throws(RepositoryError) in
      let files = try checked(directory) { () throws(TUFError) in try role.files() }
      for file in files {
        let path = targets.appending(file.path)
        let isThere = try onDisk { () throws(FileError) in try FileSystem.exists(path) }
        for digest in file.hashes where isThere {
          try link(path, targets.appending(RequestPath.hashed(file.path, digest.hex)))
        }
      }
    }
  }

  private func link(_ file: Path, _ name: Path) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      if try FileSystem.exists(name) { return }
      try TargetCopy.link(file, name)
      try FileSystem.syncDirectory(name.parent)
    }
  }
}
