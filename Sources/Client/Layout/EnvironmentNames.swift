/// The variables that the launcher adds to an app's environment.
public enum EnvironmentNames {
  /// The app folder.
  public static let root: StaticString = "ESKY_ROOT"
  /// The version that runs, as its directory name writes it.
  public static let version: StaticString = "ESKY_VERSION"
  /// The launcher in the app folder: the one path that is worth storing.
  public static let launcher: StaticString = "ESKY_LAUNCHER"
  /// The finder of the version that runs.
  public static let finder: StaticString = "ESKY_FINDER"
  /// The finder's library of the version that runs.
  public static let library: StaticString = "ESKY_LIBRARY"

  /// All that the launcher sets.
  public static let all: [StaticString] = [root, version, launcher, finder, library]

  /// The channel to follow, in place of the one that the packager chose.
  public static let channel: StaticString = "ESKY_CHANNEL"

  /// Where the user's caches are. (XDG Base Directory Specification)
  public static let caches: StaticString = "XDG_CACHE_HOME"
  /// The user's own folder.
  public static let home: StaticString = "HOME"

  /// The off switch in the environment: `ESKY_UPDATES=off`.
  public static let updates: StaticString = "ESKY_UPDATES"
}
