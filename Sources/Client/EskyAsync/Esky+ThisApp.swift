public import Esky
import FileSystem
import Layout
import Transfer

extension Esky {
  /// Opens the app folder that this process belongs to: the one in `ESKY_ROOT`, which the launcher sets,
  /// else the one around the running program.
  ///
  /// - Throws: ``EskyError/layout(_:)`` when there is none, as when the app runs unbundled.
  public static func ofThisApp() throws(EskyError) -> Esky {
    let executable = FileSystem.executable()
    guard
      let found = Locator.find(
        variable: ProcessEnvironment.value(of: EnvironmentNames.root), executable: executable,
        workingDirectory: nil)
    else { throw .layout(.notAnApp(executable?.parent ?? ".")) }
    return try Esky(
      root: found.root, app: found.app,
      runningVersion: ProcessEnvironment.value(of: EnvironmentNames.version),
      user: UserFolders(
        caches: ProcessEnvironment.value(of: EnvironmentNames.caches),
        home: ProcessEnvironment.value(of: EnvironmentNames.home)))
  }

  /// The finder for the repository that the installed version names, with the system's clock.
  ///
  /// - Throws: ``EskyError/off(_:)`` while updates are switched off.
  public func sourceOfUpdates() throws(EskyError) -> TUFVersionFinder {
    let off = ProcessEnvironment.value(of: EnvironmentNames.updates)
    if let off = OffSwitch.find(folder, variable: off) { throw .off(off) }
    return try repositoryFinder(
      fetcher: SchemeFetcher(
        limits: .interactive, authorities: try certificateAuthorities()),
      now: Self.now)
  }

  /// Replaces this process by the launcher that started it, which starts the newest version.
  ///
  /// - Parameter arguments: without the program's name; this process's own when nil.
  /// - Throws: ``EskyError/launch(_:code:)`` when it could not be started; it does not return otherwise.
  public func restart(arguments: [String]? = nil) throws(EskyError) -> Never {
    let words = arguments ?? Array(CommandLine.arguments.dropFirst())
    let launcher = ProcessEnvironment.value(of: EnvironmentNames.launcher).map { Path($0) }
    try restart(launcher: launcher, arguments: words.map { Array($0.utf8) })
  }

  /// Seconds since 1970 UTC.
  static var now: Int64 { SystemClock.now }

  /// The channel that `ESKY_CHANNEL` chooses; nil for the one in the settings.
  static var chosenChannel: [UInt8]? { ProcessEnvironment.value(of: EnvironmentNames.channel) }
}
