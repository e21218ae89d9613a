import FileSystem

extension Placement {
  /// What stands in the way of it, as far as a look can tell; nil when nothing does.
  package func obstacle(in directory: Path) throws(RepositoryError) -> PlacementObstacle? {
    do throws(PlacementObstacle) {
      var folders: Set<[UInt8]> = []
      for move in moves + switches {
        let name = directory.appending(move.to)
        if folders.insert(name.parent.bytes).inserted {
          try Self.checkFolder(of: move.to, in: directory)
        }
        let kind = try Self.kind(name, followingLinks: false)
        if kind == .directory { throw .folder(name) }
        if kind == .regular { try Self.checkReplaceable(name) }
      }
      return nil
    } catch {
      return error
    }
  }

  /// Every folder on the way to a file that is there is one, and in the last of them names can be made.
  private static func checkFolder(
    of path: [UInt8], in directory: Path
  ) throws(PlacementObstacle) {
    var folder = directory
    for part in path.split(separator: UInt8(ascii: "/")).dropLast() {
      let next = folder.appending(Array(part))
      guard let kind = try kind(next, followingLinks: true) else {
        if try Self.kind(next, followingLinks: false) != nil { throw .danglingLink(next) }
        break
      }
      if kind != .directory { throw .noFolder(next) }
      folder = next
    }
    do throws(FileError) { try FileSystem.checkWritable(folder) } catch { throw .refused(error) }
  }

  /// A file that nobody may change, root included, or that is another's in a sticky folder, keeps its name.
  private static func checkReplaceable(_ path: Path) throws(PlacementObstacle) {
    do throws(FileError) {
      let user = EffectiveUser.id
      let folder = try FileSystem.status(path.parent)
      if user != 0, folder.permissions & 0o1000 != 0, folder.owner != user,
        try FileSystem.linkStatus(path).owner != user
      {
        throw FileError.notPermitted(.rename, path)
      }
      do throws(FileError) {
        try FileSystem.checkWritable(path)
      } catch {
        // What may not be written may still be replaced.
        if error.isNotPermitted { throw FileError.notPermitted(.rename, path) }
      }
    } catch {
      throw .refused(error)
    }
  }

  /// True where clients may be on the way from the old state to the new.
  package func isHalfSeen(in directory: Path) throws(FileError) -> Bool {
    for move in switches where try Self.isDone(move, in: directory) { return true }
    return false
  }

  /// What stands under a name; nil for nothing.
  private static func kind(
    _ path: Path, followingLinks: Bool
  ) throws(PlacementObstacle) -> FileKind? {
    do throws(FileError) {
      return try followingLinks
        ? FileSystem.status(path).kind : FileSystem.linkStatus(path).kind
    } catch {
      if error.isMissing { return nil }
      throw .refused(error)
    }
  }

  /// Makes sure that renames alone can do it, before it is decided.
  ///
  /// The folders are made, and what goes to another volume is copied there,
  /// durably, to stand beside its name. Where this fails, nothing has happened yet.
  ///
  /// - Parameter area: where the files are now.
  mutating func prepare(
    in directory: Path, from area: StagingArea
  ) throws(RepositoryError) {
    if let obstacle = try obstacle(in: directory) { throw .inTheWay(obstacle) }
    var isElsewhere: [[UInt8]: Bool] = [:]
    var crossing: [(from: [UInt8], to: [UInt8])] = []
    func cross(_ move: inout (from: [UInt8], to: [UInt8])) throws(RepositoryError) {
      let folder = directory.appending(move.to).parent
      if isElsewhere[folder.bytes] == nil {
        isElsewhere[folder.bytes] = try Self.isOnAnotherVolume(folder, than: area)
      }
      guard isElsewhere[folder.bytes] == true else { return }
      let copy = Path(move.to).parent.appending(".esky-\(crossing.count).new").bytes
      crossing.append((move.from, copy))
      move.from = copy
    }
    for place in moves.indices { try cross(&moves[place]) }
    for place in switches.indices { try cross(&switches[place]) }
    if crossing.isEmpty { return }
    try area.write(crossing: crossing.map(\.to))
    try onDisk { () throws(FileError) in
      for (from, to) in crossing {
        try TargetCopy.duplicate(directory.appending(from), to: directory.appending(to))
      }
    }
  }

  /// True when a rename from an area into a folder, which is made where it is missing, can't be.
  ///
  /// A folder that is mounted in two places has one number in both, and no rename leads from one to the
  /// other; so the system is asked for one that can't happen, and says which of its reasons comes first.
  private static func isOnAnotherVolume(
    _ folder: Path, than area: StagingArea
  ) throws(RepositoryError) -> Bool {
    do throws(FileError) {
      try ServedFolder.make(folder)
      if try FileSystem.status(folder).device != FileSystem.status(area.folder).device {
        return true
      }
    } catch {
      throw .inTheWay(.refused(error))
    }
    do throws(FileError) {
      try FileSystem.rename(area.folder.appending("nothing"), to: folder.appending("."))
      return false
    } catch {
      return error.isAcrossVolumes
    }
  }
}

extension StagingArea {
  /// Checks that a change can be put in place, decides that it happens, and carries it out.
  ///
  /// - Parameter names: the files of this folder that are to be on disk before.
  /// - Throws: ``RepositoryError/undone(folder:_:isHalfSeen:)`` once it is decided; before that anything else.
  func place(
    _ placement: Placement, syncing names: [String], in directory: Path
  ) throws(RepositoryError) {
    var placement = placement
    try placement.prepare(in: directory, from: self)
    try sync(names)
    try write(placement)
    try placement.carryOut(in: directory)
  }

  /// Takes back a change that was decided on and not carried out to its end.
  ///
  /// Nothing refers to what was moved so far until the first of the switches is there.
  ///
  /// - Throws: ``RepositoryError/halfSeen(folder:)`` where clients may be on the way from one to the next.
  func takeBack(in directory: Path) throws(RepositoryError) {
    var placement: Placement?
    do throws(RepositoryError) {
      placement = try self.placement()
    } catch {
      // Nobody can tell what it was, so what is there must do.
      guard case .badCeremony = error else { throw error }
    }
    let isHalfSeen = try onDisk { () throws(FileError) in
      guard let placement else { return true }
      return try placement.isHalfSeen(in: directory)
    }
    guard let placement, !isHalfSeen else {
      // What is there now must do without the rest.
      do throws(RepositoryError) {
        _ = try RepositoryState(directory)
      } catch {
        throw .halfSeen(folder: directory)
      }
      return try clear()
    }
    let moved = try onDisk { () throws(FileError) in
      var moved: [Path] = []
      for move in placement.moves
      where move.to.starts(with: "metadata/".utf8) {
        if try Placement.isDone(move, in: directory) { moved.append(directory.appending(move.to)) }
      }
      return moved
    }
    try clear()
    try onDisk { () throws(FileError) in
      for path in moved { try FileSystem.removeIfPresent(path) }
    }
  }
}
