import FileSystem

extension VersionFolder {
  /// The files that this version brought into the app folder, be it withdrawn.
  ///
  /// What its list names and what still waits in `esky-bootstrap/` it has not brought: something of the user's may stand
  /// in its place. Where its `esky-replaces.txt` names the file, an earlier version had brought it.
  ///
  /// - Returns: nothing for a version without a list.
  public func broughtFiles() throws(LayoutError) -> [[UInt8]] {
    var list = try bootstrapList()
    if list == nil { list = try withdrawnList() }
    guard let list else { return [] }
    do throws(FileError) {
      guard try FileSystem.exists(bootstrapFolder) else { return list.all }
      var waiting: [[UInt8]] = []
      try Self.collect(try Directory(bootstrapFolder), prefix: [], &waiting)
      let isWaiting = PathSet(waiting)
      let isReplaced = PathSet(try replaceList().files)
      return list.all.filter { !isWaiting.contains($0) || isReplaced.contains($0) }
    } catch {
      throw .file(error)
    }
  }

  private static func collect(
    _ folder: borrowing Directory, prefix: [UInt8], _ found: inout [[UInt8]]
  ) throws(FileError) {
    for entry in try folder.list() {
      if try folder.linkStatus(entry.name).kind == .directory {
        try collect(
          try folder.openDirectory(entry.name), prefix: prefix + entry.name + [UInt8(ascii: "/")],
          &found)
      } else {
        found.append(prefix + entry.name)
      }
    }
  }
}

extension AppFolder {
  /// The files that versions of other apps in this folder list.
  ///
  /// A list that can't be read names nothing that is known of.
  public func filesOfOtherApps() throws(LayoutError) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for name in try Self.versionDirectories(in: root) where name.name != app {
      if let list = (try? version(name).bootstrapList()) ?? nil { found += list.all }
    }
    return found
  }
}
