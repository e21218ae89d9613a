public import FileSystem
public import Layout

/// An app folder, and everything that an app can ask of it.
///
/// It knows no clock and no environment: what it needs of them is passed in. Not for use by two threads
/// at a time; other processes are kept out by a lock where something changes.
public final class Esky {
  /// The app folder.
  public let folder: AppFolder
  /// The app.
  public let app: AppName
  /// The version that this process belongs to; nil when it is none of them, or unknown.
  public let running: VersionDirectoryName?

  /// Opens an app folder.
  ///
  /// - Parameters:
  ///   - root: the folder that holds the version directories.
  ///   - app: the app's name; nil where the folder holds the versions of one app only.
  ///   - runningVersion: the value of `ESKY_VERSION`, where this process has one.
  /// - Throws: ``EskyError/layout(_:)`` when the folder is no app folder.
  public convenience init(
    root: Path, app: AppName? = nil, runningVersion: [UInt8]? = nil
  ) throws(EskyError) {
    let folder = AppFolder(root)
    let names = try Self.names(folder)
    let chosen: AppName
    if let app {
      chosen = app
    } else {
      guard let first = names.first else { throw .layout(.notAnApp(root)) }
      for name in names where name.name != first.name { throw .layout(.severalApps(root)) }
      chosen = first.name
    }
    var running: VersionDirectoryName?
    for name in names where name.name == chosen && name.version.text == runningVersion {
      running = running ?? name
    }
    self.init(folder: folder, app: chosen, running: running)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(folder: AppFolder, app: AppName, running: VersionDirectoryName?) {
    self.folder = folder
    self.app = app
    self.running = running
  }

  private static func names(_ folder: AppFolder) throws(EskyError) -> [VersionDirectoryName] {
    do throws(LayoutError) {
      return try folder.versionDirectories()
    } catch {
      throw .layout(error)
    }
  }

  /// What stands in the app folder now.
  public func survey() throws(EskyError) -> Survey {
    do throws(LayoutError) {
      return try Survey(folder, of: app)
    } catch {
      throw .layout(error)
    }
  }

  /// The version that the launcher would start next.
  public func current() throws(EskyError) -> VersionDirectoryName {
    guard let newest = try survey().newestRunnable else { throw .notInstalled(folder.root) }
    return newest.name
  }

  /// The settings of the version that the launcher would start next.
  public func settings() throws(EskyError) -> Settings {
    let version = folder.version(try current())
    do throws(LayoutError) {
      return try version.settings()
    } catch {
      throw .layout(error)
    }
  }

  /// Holds the one lock on changes while `body` runs.
  ///
  /// - Throws: ``EskyError/locked(_:)`` when another process holds it; it is not waited for.
  func locked<Result>(
    _ body: () throws(EskyError) -> Result
  ) throws(EskyError) -> Result {
    let lock = try takeLock()
    defer { withExtendedLifetime(lock.descriptor) {} }
    return try body()
  }

  private func takeLock() throws(EskyError) -> File {
    do throws(FileError) {
      try FileSystem.makeDirectories(folder.updates)
      let lock = try File(folder.updateLock, .createOrUpdate)
      if try lock.tryLock(.exclusive) { return lock }
    } catch {
      throw .file(error)
    }
    throw .locked(folder.updateLock)
  }
}
