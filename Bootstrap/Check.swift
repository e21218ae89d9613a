import CPosix
import FileSystem
import Layout

/// Starting the finder in the background, as often as the version's settings say.
enum Check {
  /// Starts `esky background`, detached, when it is due; does nothing where the app folder is read-only.
  ///
  /// Nothing here can fail the launch: what can't be read or written means no check this time.
  static func startFinderIfDue(
    _ version: VersionFolder, _ folder: AppFolder, _ environment: Launcher.Strings
  ) {
    guard let settings = try? version.settings(), settings.updateURL != nil else { return }
    let last = (try? FileSystem.status(folder.lastCheck))?.modified
    guard settings.check.isDue(last: last, now: Int64(time(nil))), mark(folder) else { return }
    let words: [Path] = [
      version.finder, Path("--root"), folder.root, Path("background"),
    ]
    let arguments = Launcher.Strings.allocate(capacity: words.count + 1)
    var index = 0
    while index < words.count {
      arguments[index] = words[index].withCString { strdup($0) }
      index += 1
    }
    arguments[index] = nil
    _ = version.finder.withCString { posix_spawn_detached($0, arguments, environment) }
  }

  /// Notes that the finder was started now; false where that can't be noted.
  private static func mark(_ folder: AppFolder) -> Bool {
    do throws(FileError) {
      try File(folder.lastCheck, .createOrUpdate).touch()
      return true
    } catch {
      guard error.isMissing else { return false }
    }
    do throws(FileError) {
      try FileSystem.makeDirectory(folder.updates)
      try File(folder.lastCheck, .createOrUpdate).touch()
      return true
    } catch {
      return false
    }
  }
}
