import FileSystem
import Layout

/// The files of the app folder that versions brought there; everything else in it is the user's.
struct RootFiles {
  private let folder: AppFolder
  private let brought: PathSet
  private let others: PathSet

  /// Reads the lists of all versions of the app, also those that are damaged otherwise, withdrawn, or for other machines.
  init(_ folder: AppFolder) throws(FileError) {
    self.folder = folder
    var brought: [[UInt8]] = []
    for entry in try FileSystem.list(folder.root) {
      guard let name = VersionDirectoryName(parsing: entry.name), name.belongs(to: folder.app)
      else {
        continue
      }
      let version = folder.version(name)
      // What can't be read brings nothing that is known of; its files are not touched.
      brought += (try? version.broughtFiles()) ?? []
    }
    // What another app in the folder lists is its own as well.
    let others = PathSet((try? folder.filesOfOtherApps()) ?? [])
    self.others = others
    self.brought = PathSet(brought.filter { !others.contains($0) })
  }

  /// Sees that what has a version's name is a version, or nothing yet.
  ///
  /// A file or a link of that name is the user's, and so is a folder with something in it that the version has not, unless
  /// its control files say that it was one.
  ///
  /// - Parameter holds: tells of a name whether the version's directory has it.
  func checkName(
    _ name: VersionDirectoryName, holding holds: ([UInt8]) -> Bool
  ) throws(FileError) {
    let root = try folder.open()
    guard let kind = try root.kind(name.bytes) else { return }
    let version = folder.version(name)
    if kind == .directory {
      for place in [version.bootstrapFile, version.withdrawnFile, version.controlFiles]
      where try FileSystem.exists(place) { return }
      // An unzip that was cut short, perhaps.
      var hasForeign = false
      for entry in try root.openDirectory(name.bytes).list() where !holds(entry.name) {
        hasForeign = true
      }
      if !hasForeign { return }
    }
    throw FileError.foreign(version.path)
  }

  /// What may give way to a version's files: what versions brought and stands in their place, or above or below it.
  ///
  /// - Throws: ``FileError`` with ``FileOperation/replaceForeign`` where something of the user's stands in the place of
  ///   one of these files, or above or below it; with ``FileOperation/replaceOtherApps`` for another app's.
  func replaceList(for paths: [[UInt8]]) throws(FileError) -> ReplaceList {
    let root = try folder.open()
    for path in paths { try check(path[...], at: path.startIndex, in: root) }
    let needed = PathSet(paths)
    var files: [[UInt8]] = []
    for path in brought.sorted where path != files.last && needed.touches(path) {
      files.append(path)
    }
    return ReplaceList(files: files)
  }

  /// Walks down a path as far as there is something.
  private func check(
    _ path: ArraySlice<UInt8>, at start: Int, in folder: borrowing Directory
  ) throws(FileError) {
    let end = path[start...].firstIndex(of: slash) ?? path.endIndex
    let name = Array(path[start..<end])
    guard let kind = try folder.kind(name) else { return }
    if kind != .directory { return try check(Array(path[..<end])) }
    let below = try folder.openDirectory(name)
    if end < path.endIndex {
      try check(path, at: end + 1, in: below)
    } else {
      try checkFolder(below, Array(path))
    }
  }

  /// A folder where a file is to be.
  private func checkFolder(
    _ folder: borrowing Directory, _ path: [UInt8]
  ) throws(FileError) {
    for entry in try folder.list() {
      let below = path + [slash] + entry.name
      if try folder.linkStatus(entry.name).kind == .directory {
        try checkFolder(try folder.openDirectory(entry.name), below)
      } else {
        try check(below)
      }
    }
  }

  private func check(_ path: [UInt8]) throws(FileError) {
    let place = folder.root.appending(path)
    if others.contains(path) { throw FileError.otherApps(place) }
    guard brought.contains(path) else { throw FileError.foreign(place) }
  }
}
