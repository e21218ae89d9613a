import CPosix
import FileSystem
import Layout

/// Step 7: a version directory leaves the app folder.
enum Retirement {
  /// Renames a version into `updates/retired/`, which is atomic, and deletes it there.
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
    let place = folder.retired.appending(version.name.bytes)
    try FileSystem.removeTree(folder.retired)
    try FileSystem.makeDirectories(folder.retired)
    try FileSystem.rename(version.path, to: place)
    try FileSystem.syncDirectory(folder.root)
    try FileSystem.removeTree(folder.retired)
  }

  /// True when somebody certainly runs a version, or is about to.
  static func isHeld(_ version: VersionFolder) -> Bool {
    (try? VersionLock(version, .exclusive).outcome) == .busy
  }

  /// True when somebody runs a version, or that can't be told.
  static func isInUse(_ version: VersionFolder) -> Bool {
    do throws(FileError) {
      return try VersionLock(version, .exclusive).outcome != .locked
    } catch {
      return !error.isMissing
    }
  }
}
