public import FileSystem

/// Finishing a half-finished update: steps 4 and 5 of installing a version (Layout.md, "Installing").
///
/// Every step can be repeated, and two processes may take them at once.
public enum Recovery {
  /// Moves what `esky-bootstrap/` holds into the app folder, one atomic rename each; makes the names
  /// durable, and only then removes the empty folders.
  ///
  /// What can't be moved stays, and keeps nothing else from being moved: a user's folder may stand where
  /// a file belongs. Nothing but empty folders is ever deleted.
  ///
  /// - Returns: the paths in the app folder that were replaced, and the first thing that went wrong; none
  ///   when there was nothing to finish. What is left can be finished by the next run.
  public static func attempt(_ version: VersionFolder, in app: AppFolder) -> RecoveryOutcome {
    var run = RecoveryRun()
    do throws(FileError) {
      guard try isUnfinished(version) else { return run.outcome }
      try run.move(version.bootstrapFolder, to: app.root, prefix: [])
      try FileSystem.syncDirectory(app.root)
      // After a failure the folders stay, and say that there is more to do.
      if run.outcome.failure == nil { try run.removeEmptied(version.bootstrapFolder) }
    } catch {
      run.note(error)
    }
    return run.outcome
  }

  /// The same as ``attempt(_:in:)`` for those who must know that all is done.
  ///
  /// - Returns: the paths in the app folder that were replaced.
  /// - Throws: ``FileError``, the first; what could be moved has been, and the rest can be by the next run.
  @discardableResult
  public static func finish(
    _ version: VersionFolder, in app: AppFolder
  ) throws(FileError) -> [[UInt8]] {
    let outcome = attempt(version, in: app)
    if let error = outcome.failure { throw error }
    return outcome.moved
  }

  /// True while steps 4 and 5 are not done: `esky-bootstrap/` is still there.
  public static func isUnfinished(_ version: VersionFolder) throws(FileError) -> Bool {
    try FileSystem.exists(version.bootstrapFolder)
  }
}

/// What came of finishing an update.
public struct RecoveryOutcome: Sendable {
  /// The paths in the app folder that were replaced.
  public internal(set) var moved: [[UInt8]] = []
  /// The first thing that went wrong; nil when the update is finished.
  public internal(set) var failure: FileError?
}

private struct RecoveryRun {
  var outcome = RecoveryOutcome()

  mutating func note(_ error: FileError) {
    if outcome.failure == nil { outcome.failure = error }
  }

  mutating func move(_ source: Path, to target: Path, prefix: [UInt8]) throws(FileError) {
    for entry in try list(source) {
      let from = source.appending(entry.name)
      let to = target.appending(entry.name)
      let path = prefix + entry.name
      do throws(FileError) {
        if try isDirectory(entry, from) {
          try FileSystem.makeDirectories(to)
          try move(from, to: to, prefix: path + [UInt8(ascii: "/")])
          try FileSystem.syncDirectory(to)
        } else {
          try FileSystem.rename(from, to: to)
          outcome.moved.append(path)
        }
      } catch {
        // A name that is gone from here was moved by another process.
        let isMoved = error.isMissing && (try? FileSystem.exists(from)) == false
        if !isMoved { note(error) }
      }
    }
  }

  /// Removes a folder whose files have been moved, and the empty ones in it.
  mutating func removeEmptied(_ folder: Path) throws(FileError) {
    for entry in try list(folder) {
      let path = folder.appending(entry.name)
      if try isDirectory(entry, path) { try removeEmptied(path) }
    }
    do throws(FileError) {
      try FileSystem.removeDirectory(folder)
    } catch {
      if !error.isMissing { throw error }
    }
  }

  /// The names in a folder; none when another process was faster.
  private func list(_ folder: Path) throws(FileError) -> [DirectoryEntry] {
    do throws(FileError) {
      return try FileSystem.list(folder)
    } catch {
      if error.isMissing { return [] }
      throw error
    }
  }

  private func isDirectory(_ entry: DirectoryEntry, _ path: Path) throws(FileError) -> Bool {
    if let kind = entry.kind { return kind == .directory }
    return try FileSystem.linkStatus(path).kind == .directory
  }
}
