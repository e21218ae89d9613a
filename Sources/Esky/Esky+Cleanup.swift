import CPosix
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
  /// After a file in the app folder could not be removed, no version is: its list says what is left to do.
  ///
  /// - Parameter keepingFallback: true keeps one older version that can run, for callers that have not seen
  ///   the newest one start.
  /// - Returns: the steps that were taken.
  @discardableResult
  public func cleanup(keepingFallback: Bool = false) throws(EskyError) -> [CleanupAction] {
    try locked { () throws(EskyError) -> [CleanupAction] in
      var done: [CleanupAction] = []
      var failure: FileError?
      var keepsLists = false
      for action in try cleanupPlan(keepingFallback: keepingFallback).actions {
        if keepsLists, case .retire = action { continue }
        do throws(FileError) {
          if try perform(action) { done.append(action) }
        } catch {
          failure = failure ?? error
          if case .removeRootFile = action { keepsLists = true }
        }
      }
      if let failure { throw .file(failure) }
      return done
    }
  }

  /// False when there turned out to be nothing to do.
  private func perform(_ action: CleanupAction) throws(FileError) -> Bool {
    switch action {
    case .finishUpdate(let name):
      _ = try Recovery.finish(folder.version(name), in: folder)
    case .removeRootFile(let path):
      try removeRootFile(path)
    case .retire(let name):
      return try Retirement.retire(folder.version(name), in: folder)
    case .delete(let path):
      try FileSystem.removeTree(path)
    }
    return true
  }

  /// Removes a file, and the folders above it that are empty then, up to the root.
  ///
  /// A folder under the name of the file is the user's.
  private func removeRootFile(_ path: [UInt8]) throws(FileError) {
    let file = folder.root.appending(path)
    if try FileSystem.exists(file), try FileSystem.linkStatus(file).kind == .directory { return }
    try FileSystem.removeIfPresent(file)
    var parent = Path(path).parent
    while parent.bytes != [UInt8(ascii: ".")] {
      do throws(FileError) {
        try FileSystem.removeDirectory(folder.root.appending(parent.bytes))
      } catch {
        return  // not empty: the rest is the user's
      }
      parent = parent.parent
    }
  }
}
