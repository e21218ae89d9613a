import FileSystem
import Repository

extension RepositoryFolder {
  /// Removes metadata that newer versions have superseded long ago, then target files that no version lists
  /// any more, and names without versions from before an adoption; roots stay for ever.
  ///
  /// A client that is in the middle of an update still wants what was current when it began: give it time.
  ///
  /// - Parameters:
  ///   - age: what was last changed before so many seconds may go.
  ///   - now: seconds since 1970 UTC.
  ///   - isTrial: true to remove nothing.
  /// - Returns: the files, relative to the repository, in no order.
  /// - Throws: ``RepositoryError/unsound(folder:_:)`` where something is wrong: then nothing is superfluous.
  public func tidy(
    olderThan age: Int64, now: Int64, isTrial: Bool = false
  ) throws(RepositoryError) -> [Path] {
    try Self.locked(directory, patience: patience) { () throws(RepositoryError) in
      try Self.recover(directory)
      var audit = try RepositoryAudit(directory, now: .min, files: .lengths)
      let faults = audit.findings.filter { !$0.file.hasPrefix("targets/") }
      if let fault = faults.first { throw .unsound(folder: directory, fault) }
      var gone: [Path] = []
      for (role, versions) in try versions(audit) {
        // What counts is since when there is a newer one.
        for (version, next) in zip(versions, versions.dropFirst()) {
          let successor = metadataFolder.appending("\(next).\(role).json")
          guard try isOld(successor, age, now) else { continue }
          audit.superseded.insert("\(version).\(role).json")
          for name in ["\(version).\(role).json", "\(version).\(role).json.gz"]
          where try onDisk({ () throws(FileError) in
            try FileSystem.exists(metadataFolder.appending(name))
          }) {
            gone.append(Path("metadata/" + name))
          }
        }
      }
      let strays = try audit.strayTargets()
      if try isAdoptionOld(audit, age, now) { gone += audit.unversioned.map { Path($0) } }
      for place in strays {
        let path = targetsFolder.appending(place)
        if try isOld(path, age, now) { gone.append(Path(Array("targets/".utf8) + place)) }
      }
      if isTrial { return gone }
      for path in gone {
        try onDisk { () throws(FileError) in
          try FileSystem.removeIfPresent(directory.appending(path.bytes))
        }
      }
      return gone
    }
  }

  /// True when clients have had time to see that file names carry versions now.
  private func isAdoptionOld(
    _ audit: RepositoryAudit, _ age: Int64, _ now: Int64
  ) throws(RepositoryError) -> Bool {
    guard let version = audit.adoptedBy else { return false }
    return try isOld(metadataFolder.appending(Role.root.fileName(version)), age, now)
  }

  /// The versions of each role but root that are there, up to the current one, in order.
  private func versions(_ audit: RepositoryAudit) throws(RepositoryError) -> [String: [Int64]] {
    var found: [String: [Int64]] = [:]
    for entry in try audit.list(metadataFolder) {
      let name = String(decoding: entry.name, as: UTF8.self)
      guard let (version, role) = MetadataFiles.parts(name), role != "root",
        let current = audit.current[role], version <= current
      else { continue }
      found[role, default: []].append(version)
    }
    return found.mapValues { $0.sorted() }
  }

  private func isOld(_ path: Path, _ age: Int64, _ now: Int64) throws(RepositoryError) -> Bool {
    let status = try onDisk { () throws(FileError) in try FileSystem.linkStatus(path) }
    return status.kind == .regular && now - status.modified >= age
  }
}
