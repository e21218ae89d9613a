import FileSystem
import Repository
import TUF

extension RepositoryAudit {
  /// The files of all targets that one role lists; `name` is the role's own file.
  mutating func checkTargetFiles(
    _ targets: Targets, _ name: String
  ) throws(RepositoryError) {
    try targets.visit { (path, read) throws(RepositoryError) in
      guard let file = ask(name, { () throws(TUFError) in try read.get() }), files != .elsewhere
      else { return }
      // A file may be there under each of its hashes; one of them will do.
      var isThere = false
      for digest in file.hashes {
        let place = RequestPath.hashed(path, digest.hex)
        listed.insert(place)
        if try check(file, digest, at: place) { isThere = true }
      }
      if !isThere, let digest = file.hashes.first {
        let name = String(decoding: path, as: UTF8.self)
        find(
          Self.shown(RequestPath.hashed(path, digest.hex)), "it is missing, but \(name) is listed")
      }
    }
  }

  private static func shown(_ place: [UInt8]) -> String {
    "targets/" + String(decoding: place, as: UTF8.self)
  }

  /// - Returns: false when there is no such file.
  private mutating func check(
    _ target: TargetFile, _ digest: Digest, at place: [UInt8]
  ) throws(RepositoryError) -> Bool {
    var path = directory.appending("targets").appending(place)
    do throws(FileError) {
      if let source = pending[Array("targets/".utf8) + place], try !FileSystem.exists(path) {
        path = source
      }
      let status = try FileSystem.status(path)
      if status.kind != .regular {
        find(Self.shown(place), "it is no ordinary file")
      } else if status.size != target.length {
        find(
          Self.shown(place), "it has \(status.size) bytes, but \(target.length) are listed")
      } else if files == .contents, try Digest(digest.algorithm, ofFile: path) != digest {
        find(Self.shown(place), "it does not have the hash that is listed for it")
      }
      return true
    } catch {
      guard error.isMissing else { throw .file(error) }
      return false
    }
  }

  /// Files below `targets/` that no version of any role lists.
  mutating func checkStrayTargets() throws(RepositoryError) {
    for place in try strayTargets() {
      find("targets/" + String(decoding: place, as: UTF8.self), "no version of any role lists it")
    }
  }

  /// The places of files below `targets/` that no version of any role lists.
  ///
  /// Those by their names from before consistent snapshots are noted as ``unversioned``.
  mutating func strayTargets() throws(RepositoryError) -> [[UInt8]] {
    var strays: [[UInt8]] = []
    var folders: [[UInt8]] = [[]]
    let isThere = try onDisk { () throws(FileError) in
      try FileSystem.exists(directory.appending("targets"))
    }
    if !isThere { return [] }
    // Folders may be links to other volumes; one that leads back up ends there.
    var seen: Set<[UInt64]> = []
    while let folder = folders.popLast() {
      let path = directory.appending("targets").appending(folder)
      let status = try onDisk { () throws(FileError) in try FileSystem.status(path) }
      if !seen.insert([status.device, status.inode]).inserted { continue }
      for entry in try list(path) {
        let place = folder.isEmpty ? entry.name : folder + [UInt8(ascii: "/")] + entry.name
        if try isFolder(path.appending(entry.name)) {
          folders.append(place)
        } else if !listed.contains(place), !copies.contains(Array("targets/".utf8) + place) {
          strays.append(place)
        }
      }
    }
    if strays.isEmpty { return [] }
    // What earlier versions list is no stray file: a client may still be fetching it.
    let earlier = try earlierPlaces()
    var unaccounted: [[UInt8]] = []
    for place in strays where !earlier.places.contains(place) {
      // Earlier versions include the current one.
      if adoptedBy != nil, earlier.names.contains(place) {
        unversioned.append(Array("targets/".utf8) + place)
      } else {
        unaccounted.append(place)
      }
    }
    return unaccounted
  }

  /// True for a folder, and for a link to one.
  private func isFolder(_ path: Path) throws(RepositoryError) -> Bool {
    do throws(FileError) {
      return try FileSystem.status(path).kind == .directory
    } catch {
      if error.isMissing { return false }
      throw .file(error)
    }
  }

  /// The places of the targets that earlier versions of all roles list, and their names.
  private func earlierPlaces() throws(RepositoryError) -> (
    places: Set<[UInt8]>, names: Set<[UInt8]>
  ) {
    var places: Set<[UInt8]> = []
    var names: Set<[UInt8]> = []
    for entry in try list(metadata.folder) {
      let name = String(decoding: entry.name, as: UTF8.self)
      guard let (version, role) = MetadataFiles.parts(name), let now = current[role],
        version <= now,
        role != "snapshot", !superseded.contains(name),
        let bytes = try metadata.read(name, limit: limits.listedLength),
        let targets = try? Targets(parsing: bytes, file: name), let all = try? targets.files()
      else { continue }
      for target in all {
        names.insert(target.path)
        for digest in target.hashes {
          places.insert(RequestPath.hashed(target.path, digest.hex))
        }
      }
    }
    return (places, names)
  }
}
