import Esky
import FileSystem
import Layout

/// What the process was given beside its arguments; read once, in `main`.
struct Environment {
  /// Seconds since 1970 UTC.
  let now: Int64
  /// The app folder, as the launcher or a person names it.
  let root: [UInt8]?
  /// The version that the launcher started.
  let version: [UInt8]?
  /// The channel that a person has chosen.
  let channel: [UInt8]?
  /// What may switch updates off.
  let updates: [UInt8]?
  /// Where the user's own files are.
  let user: UserFolders

  /// Reads it.
  init() {
    now = SystemClock.now
    root = ProcessEnvironment.value(of: EnvironmentNames.root)
    version = ProcessEnvironment.value(of: EnvironmentNames.version)
    channel = ProcessEnvironment.value(of: EnvironmentNames.channel)
    updates = ProcessEnvironment.value(of: EnvironmentNames.updates)
    user = UserFolders(
      caches: ProcessEnvironment.value(of: EnvironmentNames.caches),
      home: ProcessEnvironment.value(of: EnvironmentNames.home))
  }
}
