import Bytes
import FileSystem
import Layout

/// A version leaves the app folder: it is announced, and then moved away and deleted.
enum Retirement {
  /// Step 6: renames the version's list, so that no launcher starts it any more, unless somebody runs it.
  ///
  /// A crash leaves a version that is withdrawn, which the next cleanup goes on with.
  ///
  /// - Returns: false when somebody runs the version, or may.
  static func announce(_ version: VersionFolder) throws(FileError) -> Bool {
    do throws(FileError) {
      let lock = try VersionLock(version, .exclusive)
      guard lock.outcome == .locked else { return false }
      if try FileSystem.exists(version.bootstrapFile) { try version.withdraw() }
      withExtendedLifetime(lock.file.descriptor) {}
    } catch {
      // Without a control file nothing can run it, and there is nothing to announce.
      if !error.isMissing { throw error }
    }
    return true
  }

  /// Step 8: renames a version into the work area, which is atomic, and deletes it there.
  ///
  /// - Returns: false when somebody runs the version, or may: it stays then.
  static func retire(_ version: VersionFolder, in folder: AppFolder) throws(FileError) -> Bool {
    let lock: VersionLock
    do throws(FileError) {
      lock = try VersionLock(version, .exclusive)
    } catch {
      // Without a control file nothing can run it, and no lock is needed.
      guard error.isMissing else { throw error }
      try move(version, in: folder)
      return true
    }
    guard lock.outcome == .locked else { return false }
    try move(version, in: folder)
    withExtendedLifetime(lock.file.descriptor) {}
    return true
  }

  private static func move(_ version: VersionFolder, in folder: AppFolder) throws(FileError) {
    let retired = try folder.work.retired.make()
    let name = try setAside(version.name.bytes, of: try folder.open(), to: retired)
    try retired.removeTree(name)
    do throws(FileError) {
      try folder.work.folder.open().removeDirectory(folder.work.retired.path.lastComponent)
    } catch {
      // An earlier version may be there that can't be deleted now.
      if !error.isNotEmpty { throw error }
    }
  }

  /// Takes what an interrupted run left in staging out of the way, and deletes as much of it as can be.
  ///
  /// What can't be deleted now, such as what root made in a version, waits with the retired versions for a cleanup.
  static func clearStaging(of work: WorkArea) throws(FileError) {
    do throws(FileError) {
      try work.staging.removeTree()
    } catch {
      guard error.isForbidden else { throw error }
      _ = try setAside(
        work.staging.path.lastComponent, of: try work.folder.open(), to: try work.retired.make())
    }
  }

  /// Moves a folder to where it can wait to be deleted; durable on return.
  ///
  /// - Returns: its name there, which is one that nothing has that can't be deleted now.
  private static func setAside(
    _ name: [UInt8], of folder: borrowing Directory, to retired: borrowing Directory
  ) throws(FileError) -> [UInt8] {
    var free = name
    while true {
      do throws(FileError) {
        try retired.removeTree(free)
        break
      } catch {
        guard error.isForbidden else { throw error }
        free += (".old" as StaticString).bytes
      }
    }
    try folder.rename(name, to: retired, free)
    try folder.sync()
    return free
  }

  /// True when somebody certainly runs a version, or is about to.
  static func isHeld(_ version: VersionFolder) -> Bool {
    (try? VersionLock.isHeld(version)) == true
  }

  /// True when somebody runs a version, or that can't be told.
  static func isInUse(_ version: VersionFolder) -> Bool {
    do throws(FileError) {
      return try VersionLock.isHeld(version) ?? true
    } catch {
      return !error.isMissing
    }
  }
}
