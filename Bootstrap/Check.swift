import Bytes
import FileSystem
import Layout

/// Starting the finder in the background, as often as the version's settings say.
enum Check {
  /// Starts `esky background`, detached, when it is due.
  ///
  /// Who may not write the app folder notes that in a folder of his own, and looks once a day at most. Nothing here can
  /// fail the launch: what can't be read or written means no check this time.
  static func startFinderIfDue(
    _ version: VersionFolder, _ folder: AppFolder, _ environment: Launcher.Strings
  ) {
    guard let settings = try? version.settings(), settings.updateURL != nil else { return }
    let now = SystemClock.now
    guard settings.check.isDue(last: lastCheck(folder.work), now: now) else { return }
    switch Mandate(in: folder) {
    case .change:
      if mark(folder.work) { return start(version, folder, environment) }
    case .look: break
    case .nothing: return
    }
    guard settings.check.seconds != nil,
      let own = UserCache.workArea(
        for: folder, caches: ProcessEnvironment.value(of: EnvironmentNames.caches),
        home: ProcessEnvironment.value(of: EnvironmentNames.home))
    else { return }
    let interval: CheckInterval = settings.check == .onStart ? .daily : settings.check
    guard interval.isDue(last: lastCheck(own), now: now), (try? UserCache.make(own)) == true,
      mark(own)
    else { return }
    start(version, folder, environment)
  }

  private static func start(
    _ version: VersionFolder, _ folder: AppFolder, _ environment: Launcher.Strings
  ) {
    let finder = version.finder
    let words = [
      finder.bytes, ("--root" as StaticString).bytes, folder.root.bytes,
      ("background" as StaticString).bytes,
    ]
    DetachedProgram.start(finder, arguments: words, environment: environment)
  }

  private static func lastCheck(_ work: WorkArea) -> Int64? {
    (try? FileSystem.linkStatus(work.lastCheck.path))?.modified
  }

  /// Notes that the finder was started now; false where that can't be noted.
  private static func mark(_ work: WorkArea) -> Bool {
    do throws(FileError) {
      let folder = try work.folder.make()
      // Nothing is made in what is somebody else's.
      guard try folder.status().owner == EffectiveUser.id else { return false }
      try folder.open(work.lastCheck.name, .createOrUpdate).touch()
      return true
    } catch {
      return false
    }
  }
}
