public import FileSystem

/// Finishing a half-finished update: steps 4 and 5 of installing a version (Layout.md, "Installing").
///
/// Every step can be repeated, and two processes may take them at once.
public enum Recovery {
  /// Moves what `esky-bootstrap/` holds into the app folder, one atomic rename each; makes the names
  /// durable, and only then removes the empty folders.
  ///
  /// What can't be moved stays, and keeps nothing else from being moved. Only files that the version's
  /// ``ReplaceList`` names are replaced or removed: all others are the user's, and a link where a folder belongs
  /// is not followed.
  ///
  /// - Returns: the paths in the app folder that were replaced, and the first thing that went wrong; none
  ///   when there was nothing to finish. What is left can be finished by the next run.
  public static func attempt(_ version: VersionFolder, in app: AppFolder) -> RecoveryOutcome {
    var run = RecoveryRun()
    do throws(FileError) {
      guard try isUnfinished(version) else { return run.outcome }
      let root = try app.open()
      let folder = try root.openDirectory(version.name.bytes)
      let name = version.bootstrapFolder.lastComponent
      run.replaces = try version.replaceList().files
      do throws(FileError) {
        try run.move(try folder.openDirectory(name), to: root, prefix: [])
      } catch {
        // Another process may have been faster.
        guard error.isMissing, try !isUnfinished(version) else { throw error }
      }
      try root.sync()
      // After a failure the folders stay, and say that there is more to do.
      if run.outcome.failure == nil {
        try folder.removeIfPresent(version.replacesFile.lastComponent)
        try run.removeEmptied(name, in: folder)
      }
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

// What is called more than once is not inlined: it is the launcher's largest part, and hardly ever runs.
private struct RecoveryRun {
  var outcome = RecoveryOutcome()
  var replaces: [[UInt8]] = []

  mutating func note(_ error: FileError) {
    if outcome.failure == nil { outcome.failure = error }
  }

  mutating func move(
    _ source: borrowing Directory, to target: borrowing Directory, prefix: [UInt8]
  ) throws(FileError) {
    for entry in try source.list() {
      let path = prefix + entry.name
      do throws(FileError) {
        if try isDirectory(entry, source) {
          let folder = try makeFolder(entry.name, in: target, path)
          try move(
            try source.openDirectory(entry.name), to: folder, prefix: path + [UInt8(ascii: "/")])
          try folder.sync()
        } else {
          try makeWay(entry.name, in: target, path)
          try source.rename(entry.name, to: target, entry.name)
          outcome.moved.append(path)
        }
      } catch {
        // A name that is gone from here was moved by another process, and what now stands in its way is the file itself.
        if !isGone(entry.name, source) { note(error) }
      }
    }
  }

  @inline(never)
  private func isGone(_ name: [UInt8], _ folder: borrowing Directory) -> Bool {
    (try? folder.kind(name)) == .some(nil)
  }

  /// Opens the folder of a name, making it where it is missing, or where an earlier version had a file.
  @inline(never)
  private func makeFolder(
    _ name: [UInt8], in target: borrowing Directory, _ path: [UInt8]
  ) throws(FileError) -> Directory {
    if let kind = try target.kind(name), kind != .directory {
      guard isReplaced(path) else { throw foreign(name, in: target) }
      try target.removeIfPresent(name)
    }
    do throws(FileError) {
      try target.makeDirectory(name)
    } catch {
      if !error.isTaken { throw error }
      return try target.openDirectory(name)
    }
    let made = try target.openDirectory(name)
    // Whoever may start the app may get to its launchers, whatever mask this process has.
    try made.setPermissions(0o755)
    return made
  }

  /// Leaves a name to the file that a rename puts there: a file of an earlier version, or a folder that has
  /// nothing but such files in it.
  @inline(never)
  private func makeWay(
    _ name: [UInt8], in target: borrowing Directory, _ path: [UInt8]
  ) throws(FileError) {
    guard let kind = try target.kind(name) else { return }
    if kind == .directory {
      try removeReplaced(in: try target.openDirectory(name), prefix: path + [UInt8(ascii: "/")])
      do throws(FileError) {
        try target.removeDirectory(name)
      } catch {
        throw error.isNotEmpty ? foreign(name, in: target) : error
      }
    } else if !isReplaced(path) {
      throw foreign(name, in: target)
    }
  }

  private func removeReplaced(
    in folder: borrowing Directory, prefix: [UInt8]
  ) throws(FileError) {
    for entry in try folder.list() {
      let path = prefix + entry.name
      if try isDirectory(entry, folder) {
        try removeReplaced(
          in: try folder.openDirectory(entry.name), prefix: path + [UInt8(ascii: "/")])
        do throws(FileError) {
          try folder.removeDirectory(entry.name)
        } catch {
          if !error.isNotEmpty { throw error }
        }
      } else if isReplaced(path) {
        try folder.removeIfPresent(entry.name)
      }
    }
  }

  @inline(never)
  private func isReplaced(_ path: [UInt8]) -> Bool {
    for known in replaces where known == path { return true }
    return false
  }

  @inline(never)
  private func foreign(_ name: [UInt8], in folder: borrowing Directory) -> FileError {
    .foreign(folder.path.appending(name))
  }

  /// Removes a folder whose files have been moved, and the empty ones in it.
  mutating func removeEmptied(
    _ name: [UInt8], in parent: borrowing Directory
  ) throws(FileError) {
    do throws(FileError) {
      let folder = try parent.openDirectory(name)
      for entry in try folder.list() where try isDirectory(entry, folder) {
        try removeEmptied(entry.name, in: folder)
      }
      try parent.removeDirectory(name)
    } catch {
      // Another process may have been faster.
      if !error.isMissing { throw error }
    }
  }

  @inline(never)
  private func isDirectory(
    _ entry: DirectoryEntry, _ folder: borrowing Directory
  ) throws(FileError) -> Bool {
    if let kind = entry.kind { return kind == .directory }
    return try folder.linkStatus(entry.name).kind == .directory
  }
}
