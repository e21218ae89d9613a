import FileSystem
import TUF

extension RepositoryFolder {
  /// Publishes files: copies them, and signs new versions of targets, snapshot and timestamp.
  ///
  /// A file that is listed already with the same bytes and the same data is put in place again and
  /// reported as unchanged; when all are, nothing is signed.
  ///
  /// - Parameters:
  ///   - replacing: true to let a name stand for other bytes or other data from now on.
  ///   - keys: must hold the keys of targets, snapshot and timestamp.
  ///   - now: seconds since 1970 UTC.
  /// - Throws: ``RepositoryError``; clients see the old state then.
  @discardableResult
  public mutating func addTargets(
    _ additions: [TargetAddition], replacing: Bool = false, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change { (repository) throws(RepositoryError) in
      var unchanged: [TargetName] = []
      var entries: [(name: [UInt8], value: JSONBuilder)] = []
      var seen: Set<TargetName> = []
      for addition in additions {
        let name = addition.name
        if !seen.insert(name).inserted { throw .targetNamedTwice(name) }
        let custom = try addition.custom?.canonical("the data for the target \(name.text)")
        if let custom, custom.first != UInt8(ascii: "{") { throw .badTargetData(name) }
        let copy = try TargetCopy(of: addition.source, to: repository.incoming)
        if let listed = repository.entry(name) {
          if copy.isListed(as: listed, custom: custom) {
            unchanged.append(name)
          } else if !replacing {
            throw .targetExists(name)
          }
        }
        try copy.publish(as: name, in: repository.targetsFolder)
        if unchanged.last != name {
          entries.append((name.bytes, copy.json(custom: addition.custom)))
        }
      }
      if entries.isEmpty { return Publication(versions: [], unchanged: unchanged) }
      let versions = try repository.publish(
        Change(targets: repository.targetsWith(entries)), keys: keys, now: now)
      return Publication(versions: versions, unchanged: unchanged)
    }
  }

  /// Takes targets out of the metadata, all in one version, then their files out of the folder.
  ///
  /// - Parameter keepingFiles: true for clients that are in the middle of fetching one.
  /// - Throws: ``RepositoryError/noTarget(_:)`` for a name that is not listed; nothing has changed then.
  @discardableResult
  public mutating func removeTargets(
    _ names: [TargetName], keepingFiles: Bool = false, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change { (repository) throws(RepositoryError) in
      var files: [Path] = []
      for name in names {
        guard let listed = repository.entry(name) else { throw .noTarget(name) }
        if let digits = listed["hashes"]?["sha256"]?.text {
          files.append(repository.targetsFolder.appending(name.path(sha256: digits)))
        }
      }
      let versions = try repository.publish(
        Change(targets: repository.targetsWithout(names)), keys: keys, now: now)
      if !keepingFiles {
        for file in files {
          try onDisk { () throws(FileError) in try FileSystem.removeIfPresent(file) }
        }
      }
      return Publication(versions: versions, unchanged: [])
    }
  }

  /// Signs roles anew with the same contents, to extend their expiry; the timestamp always follows.
  ///
  /// New targets need a new snapshot, which is then signed as well.
  @discardableResult
  public mutating func refresh(
    _ roles: [Role], keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change { (repository) throws(RepositoryError) in
      var change = Change()
      if roles.contains(.root) { change.root = .editing(repository.state.root.signed, [:]) }
      if roles.contains(.targets) {
        change.targets = .editing(repository.state.targets.signed, [:])
      }
      change.snapshot = roles.contains(.snapshot)
      return Publication(
        versions: try repository.publish(change, keys: keys, now: now), unchanged: [])
    }
  }

  /// Runs a change under the lock, on the state that is current then.
  private mutating func change(
    _ body: (inout RepositoryFolder) throws(RepositoryError) -> Publication
  ) throws(RepositoryError) -> Publication {
    var copy = self
    let publication = try Self.locked(directory) { () throws(RepositoryError) in
      copy.state = try RepositoryState(copy.directory)
      return try body(&copy)
    }
    self = copy
    return publication
  }

  private func entry(_ name: TargetName) -> JSONValue? {
    state.targets.signed["targets"]?[name.bytes]
  }

  /// The signed object of targets with entries added or replaced.
  private func targetsWith(_ entries: [(name: [UInt8], value: JSONBuilder)]) -> JSONBuilder {
    .editing(state.targets.signed, ["targets": .object(members(except: []) + entries)])
  }

  private func targetsWithout(_ names: [TargetName]) -> JSONBuilder {
    .editing(
      state.targets.signed, ["targets": .object(members(except: Set(names.map(\.bytes))))])
  }

  private func members(except names: Set<[UInt8]>) -> [(name: [UInt8], value: JSONBuilder)] {
    var kept: [(name: [UInt8], value: JSONBuilder)] = []
    guard let targets = state.targets.signed["targets"] else { return kept }
    for member in targets.members {
      let path = Array(member.name)
      if !names.contains(path) { kept.append((path, .verbatim(member.value))) }
    }
    return kept
  }
}

extension TargetCopy {
  /// True when the metadata says this length and hash already, and has the same data.
  fileprivate func isListed(as entry: JSONValue, custom: [UInt8]?) -> Bool {
    guard entry["length"]?.integer == length,
      entry["hashes"]?["sha256"]?.text == sha256.hex
    else { return false }
    guard let known = entry["custom"] else { return custom == nil }
    return (try? CanonicalJSON.encode(known)) == custom
  }
}
