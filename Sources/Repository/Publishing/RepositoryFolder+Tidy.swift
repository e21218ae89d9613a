import FileSystem

extension RepositoryFolder {
  /// Removes metadata that newer versions have superseded long ago, and then target files that no version
  /// lists any more; roots stay for ever.
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
    try Self.locked(directory) { () throws(RepositoryError) in
      try Self.recover(directory)
      var audit = try Audit(directory, now: .min, files: .lengths)
      let faults = audit.findings.filter { !$0.file.hasPrefix("targets/") }
      if let fault = faults.first { throw .unsound(folder: directory, fault) }
      var gone: [Path] = []
      for entry in try audit.list(metadataFolder) {
        let name = String(decoding: entry.name, as: UTF8.self)
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        guard let (version, role) = Audit.parts(plain), role != "root",
          let current = audit.current[role], version < current
        else { continue }
        let path = metadataFolder.appending(entry.name)
        if try isOld(path, age, now) {
          gone.append(Path(Array("metadata/".utf8) + entry.name))
          audit.superseded.insert(plain)
        }
      }
      for place in try audit.strayTargets() {
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

  private func isOld(_ path: Path, _ age: Int64, _ now: Int64) throws(RepositoryError) -> Bool {
    let status = try onDisk { () throws(FileError) in try FileSystem.linkStatus(path) }
    return status.kind == .regular && now - status.modified >= age
  }
}
