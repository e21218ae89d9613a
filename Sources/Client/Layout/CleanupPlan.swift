public import FileSystem

/// One step of cleaning up.
public enum CleanupAction: Sendable {
  /// Finish installing the newest version: steps 4 and 5.
  case finishUpdate(VersionDirectoryName)
  /// Remove a file in the app folder that only retiring versions list: step 6.
  case removeRootFile([UInt8])
  /// Move a version out of the way and delete it: step 7.
  case retire(VersionDirectoryName)
  /// Delete something that an interrupted run left in the work area.
  case delete(FilePlace)
}

/// What cleanup would do; decided from a survey, without touching the disk.
public struct CleanupPlan: Sendable {
  /// The steps in order.
  public let actions: [CleanupAction]

  /// True when there is nothing to clean up.
  public var isEmpty: Bool { actions.isEmpty }

  /// Decides what to do.
  ///
  /// Kept are: the newest version that can run, every newer one, the one that runs now and all newer than
  /// that, every one that `isInUse`, and every one whose list can't be read now: without it the files
  /// that it brought into the app folder would stay for ever. So a version goes only after a newer one has started, or can.
  ///
  /// One that was withdrawn goes once nobody runs it, however new it is.
  ///
  /// Where the newest can't be kept fresh, the newest older one that can stays as well.
  ///
  /// `keepsFallback` keeps the newest older version that can run as well: nobody who calls this has seen the
  /// newest one start.
  ///
  /// - Parameters:
  ///   - running: the version that this process belongs to; nil when unknown.
  ///   - isInUse: asks whether somebody runs a version.
  public init(
    _ survey: Survey, running: VersionDirectoryName?, keepsFallback: Bool = false,
    isInUse: (VersionDirectoryName) -> Bool
  ) {
    var actions: [CleanupAction] = []
    if let newest = survey.newestRunnable {
      if newest.isUnfinished { actions.append(.finishUpdate(newest.name)) }
      var kept: [Survey.Version] = []
      var retiring: [Survey.Version] = []
      var wantsFallback = keepsFallback
      // Without its finder the newest could never be mended.
      var wantsFinder = !newest.isWhole
      for version in survey.versions {
        let isOld =
          version.withdrawnList != nil
          || VersionDirectoryName.isNewer(newest.name, than: version.name)
            && !(running.map { !VersionDirectoryName.isNewer($0, than: version.name) } ?? false)
        if isOld && (wantsFallback && version.isRunnable || wantsFinder && version.isWhole) {
          wantsFallback = false
          if version.isWhole { wantsFinder = false }
          kept.append(version)
        } else if isOld && version.isReadable && !isInUse(version.name) {
          retiring.append(version)
        } else {
          kept.append(version)
        }
      }
      let needed = PathSet(kept.flatMap { $0.list?.all ?? [] } + survey.others)
      var removed = PathSet([])
      for version in retiring {
        for path in version.brought where !needed.contains(path) && !removed.contains(path) {
          actions.append(.removeRootFile(path))
        }
        removed = PathSet(removed.sorted + version.brought)
      }
      for version in retiring { actions.append(.retire(version.name)) }
    }
    for path in survey.leftovers { actions.append(.delete(path)) }
    self.actions = actions
  }
}
