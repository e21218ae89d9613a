public import FileSystem

/// Finishing a half-finished update: steps 4 and 5 of installing a version (Layout.md, "Installing").
///
/// Every step can be repeated, and two processes may take them at once.
public enum Recovery {
  /// Moves what `esky-bootstrap/` holds into the app folder, one atomic rename each; makes the names
  /// durable, and only then removes the empty folder.
  ///
  /// - Returns: the paths in the app folder that were replaced; none when there was nothing to finish.
  /// - Throws: ``FileError``; what is left can be finished by the next run.
  public static func finish(
    _ version: VersionFolder, in app: AppFolder
  ) throws(FileError) -> [[UInt8]] {
    guard try isUnfinished(version) else { return [] }
    var moved: [[UInt8]] = []
    try move(version.bootstrapFolder, to: app.root, prefix: [], &moved)
    try FileSystem.syncDirectory(app.root)
    try FileSystem.removeTree(version.bootstrapFolder)
    return moved
  }

  /// True while steps 4 and 5 are not done: `esky-bootstrap/` is still there.
  public static func isUnfinished(_ version: VersionFolder) throws(FileError) -> Bool {
    try FileSystem.exists(version.bootstrapFolder)
  }

  private static func move(
    _ source: Path, to target: Path, prefix: [UInt8], _ moved: inout [[UInt8]]
  ) throws(FileError) {
    let entries: [DirectoryEntry]
    do throws(FileError) {
      entries = try FileSystem.list(source)
    } catch {
      if error.isMissing { return }  // another process was faster
      throw error
    }
    for entry in entries {
      let from = source.appending(entry.name)
      let to = target.appending(entry.name)
      let path = prefix + entry.name
      do throws(FileError) {
        if try isDirectory(entry, from) {
          try FileSystem.makeDirectories(to)
          try move(from, to: to, prefix: path + [UInt8(ascii: "/")], &moved)
          try FileSystem.syncDirectory(to)
        } else {
          try FileSystem.rename(from, to: to)
          moved.append(path)
        }
      } catch {
        if !error.isMissing { throw error }
      }
    }
  }

  private static func isDirectory(
    _ entry: DirectoryEntry, _ path: Path
  ) throws(FileError) -> Bool {
    if let kind = entry.kind { return kind == .directory }
    return try FileSystem.linkStatus(path).kind == .directory
  }
}
