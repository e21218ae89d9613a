import FileSystem
import Layout

/// The lock of a version that started this launcher, as when an app restarts itself after an update.
enum InheritedLock {
  /// Closes our copy: what runs next holds the lock of its own version, and must not keep the old one
  /// from being cleaned up.
  ///
  /// An app that only started another program of itself keeps its own copy, and with it the lock.
  static func drop(_ names: [VersionDirectoryName], _ folder: AppFolder) {
    guard ProcessEnvironment.value(of: EnvironmentNames.root) == folder.root.bytes,
      let running = ProcessEnvironment.value(of: EnvironmentNames.version)
    else { return }
    for name in names where name.version.text == running {
      FileSystem.closeDescriptors(of: folder.version(name).bootstrapFile)
    }
  }
}
