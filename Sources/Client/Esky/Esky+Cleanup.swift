import FileSystem
public import Layout

extension Esky {
  /// True when ``cleanup()`` would do something.
  public var needsCleanup: Bool {
    get throws(EskyError) { try !cleanupPlan().isEmpty }
  }

  /// What ``cleanup()`` would do now.
  public func cleanupPlan(keepingFallback: Bool = false) throws(EskyError) -> CleanupPlan {
    CleanupPlan(try survey(), running: running, keepsFallback: keepingFallback) {
      Retirement.isInUse(folder.version($0))
    }
  }

  /// True when a version's lock is held: it runs, or its launcher is about to execute it.
  public func isHeld(_ name: VersionDirectoryName) -> Bool {
    Retirement.isHeld(folder.version(name))
  }

  /// Finishes an interrupted update and removes what no longer serves: old versions that nobody runs,
  /// their files in the app folder, leftovers of interrupted runs.
  ///
  /// Every step is tried, and the first error is thrown at the end; the next cleanup goes on from there.
  /// While the newest version lacks its files in the app folder, all others stay: until then it may be one of them that
  /// starts. After a file in the app folder could not be removed, no version is: its list says what is left to do.
  ///
  /// - Parameter keepingFallback: true keeps one older version that can run, for callers that have not seen
  ///   the newest one start.
  /// - Returns: the steps that were taken.
  /// - Throws: ``EskyError/readOnly(_:finder:user:group:)`` for those who may not change the app folder.
  @discardableResult
  public func cleanup(keepingFallback: Bool = false) throws(EskyError) -> [CleanupAction] {
    try changing { () throws(EskyError) -> [CleanupAction] in
      var failure: FileError?
      var done: [CleanupAction] = []
      func take(_ action: CleanupAction) -> Bool {
        do throws(FileError) {
          if try perform(action) { done.append(action) }
          return true
        } catch {
          failure = failure ?? error
          return false
        }
      }
      let plan = try cleanupPlan(keepingFallback: keepingFallback)
      var keepsVersions = false
      for action in plan.actions {
        if case .finishUpdate = action, !take(action) { keepsVersions = true }
      }
      if !keepsVersions, let error = try announce(plan) { failure = failure ?? error }
      for action in try cleanupPlan(keepingFallback: keepingFallback).actions {
        switch action {
        case .finishUpdate: break
        case .removeRootFile: if !keepsVersions { keepsVersions = !take(action) }
        case .retire: if !keepsVersions { _ = take(action) }
        case .delete: _ = take(action)
        }
      }
      if let failure { throw namingRoot(.file(failure)) }
      return done
    }
  }

  /// Takes the versions that are to go out of every launcher's choice, before anything of theirs is removed.
  ///
  /// One that somebody has started meanwhile stays as it is; so does what could not be renamed. The plan that is
  /// made afterwards counts them among those that stay.
  private func announce(_ plan: CleanupPlan) throws(EskyError) -> FileError? {
    var failure: FileError?
    for case .retire(let name) in plan.actions {
      do throws(FileError) {
        _ = try Retirement.announce(folder.version(name))
      } catch {
        failure = failure ?? error
      }
    }
    return failure
  }

  /// False when there turned out to be nothing to do.
  private func perform(_ action: CleanupAction) throws(FileError) -> Bool {
    switch action {
    case .finishUpdate(let name):
      _ = try Recovery.finish(folder.version(name), in: folder)
    case .removeRootFile(let path):
      return try removeRootFile(path)
    case .retire(let name):
      return try Retirement.retire(folder.version(name), in: folder)
    case .delete(let place):
      try place.folder.open().removeTree(place.name)
    }
    return true
  }

  /// Step 7: removes a file, and the folders above it that are empty then, up to the root; durable on return.
  ///
  /// A folder under the name of the file is the user's, or a newer version's, and so is all that a link leads to.
  ///
  /// - Returns: false where no such file was there.
  private func removeRootFile(_ path: [UInt8]) throws(FileError) -> Bool {
    try removeFile(path[...], in: try folder.open())
  }

  private func removeFile(
    _ path: ArraySlice<UInt8>, in folder: borrowing Directory
  ) throws(FileError) -> Bool {
    guard let end = path.firstIndex(of: slash) else {
      let kind = try folder.kind(Array(path))
      if kind == nil || kind == .directory { return false }
      try folder.removeIfPresent(Array(path))
      try folder.sync()
      return true
    }
    let name = Array(path[..<end])
    guard try folder.kind(name) == .directory else { return false }
    let isRemoved = try removeFile(path[(end + 1)...], in: try folder.openDirectory(name))
    do throws(FileError) {
      try folder.removeDirectory(name)
      try folder.sync()
    } catch {
      // What else is in it is the user's.
      if !error.isNotEmpty { throw error }
    }
    return isRemoved
  }
}
