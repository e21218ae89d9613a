public import FileSystem
public import Layout

/// An app folder, and everything that an app can ask of it.
///
/// It knows no clock and no environment: what it needs of them is passed in. Not for use by two threads
/// at a time; other processes are kept out by a lock where something changes.
public final class Esky {
  /// The app folder.
  public let folder: AppFolder
  /// Where metadata, and what is known of checks, are kept: in the app folder, or with the user who may not write it.
  public let work: WorkArea
  /// The version that this process belongs to; nil when it is none of them, or unknown.
  public let running: VersionDirectoryName?
  /// False for somebody who may look for updates here and not install them.
  public let mayChange: Bool
  private let obstacle: WriteObstacle?

  /// The app.
  public var app: AppName { folder.app }

  /// Opens an app folder.
  ///
  /// - Parameters:
  ///   - root: the folder that holds the version directories.
  ///   - app: the app's name; nil where the folder holds the versions of one app only.
  ///   - runningVersion: the value of `ESKY_VERSION`, where this process has one.
  ///   - user: where this user's own files are; without it nothing can be kept of a folder that he may not write.
  /// - Throws: ``EskyError/layout(_:)`` when the folder is no app folder, ``EskyError/untrusted(_:)`` when somebody else
  ///   could have put there what this process would go by.
  public convenience init(
    root: Path, app: AppName? = nil, runningVersion: [UInt8]? = nil, user: UserFolders? = nil
  ) throws(EskyError) {
    // What root is led to by a link of somebody else's could be exchanged from one moment to the next.
    let root =
      EffectiveUser.isRoot
      ? try Self.onDisk { () throws(FileError) in try FileSystem.realPath(root) } : root
    let names = try Self.names(root)
    let folder: AppFolder
    if let app {
      folder = AppFolder(root, app)
    } else {
      guard let first = names.first else { throw .layout(.notAnApp(root)) }
      for name in names where name.name != first.name { throw .layout(.severalApps(root)) }
      folder = AppFolder(root, first.name)
    }
    var running: VersionDirectoryName?
    for name in names where name.name == folder.app && name.version.text == runningVersion {
      running = running ?? name
    }
    let problem = try Self.onDisk { () throws(FileError) in try Ownership.problem(of: folder) }
    if let problem { throw .untrusted(problem) }
    self.init(folder, running: running, user: user)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(_ folder: AppFolder, running: VersionDirectoryName?, user: UserFolders?) {
    self.folder = folder
    self.running = running
    let obstacle = WriteObstacle(to: folder, for: EffectiveUser.id)
    mayChange = obstacle == nil
    self.obstacle = obstacle
    // However the folder was spelled, what is kept of it is the same.
    let real = AppFolder((try? FileSystem.realPath(folder.root)) ?? folder.root, folder.app)
    let own =
      mayChange
      ? nil : user.flatMap { UserCache.workArea(for: real, caches: $0.caches, home: $0.home) }
    work = own ?? folder.work
  }

  private static func names(_ root: Path) throws(EskyError) -> [VersionDirectoryName] {
    do throws(LayoutError) {
      return try AppFolder.versionDirectories(in: root)
    } catch {
      throw .layout(error)
    }
  }

  /// What stands in the app folder now.
  public func survey() throws(EskyError) -> Survey {
    do throws(LayoutError) {
      return try Survey(folder)
    } catch {
      throw .layout(error)
    }
  }

  /// The version that the launcher would start next.
  public func current() throws(EskyError) -> VersionDirectoryName {
    guard let newest = try survey().newestRunnable else { throw .notInstalled(folder.root) }
    return newest.name
  }

  /// The version that updates go out from: the one that would start next, or where that can't be kept fresh the newest
  /// that can; then the newer one is repaired.
  func basis() throws(EskyError) -> VersionDirectoryName {
    guard let newest = try survey().newestWhole else { throw .notInstalled(folder.root) }
    return newest.name
  }

  /// The settings of the version that updates go out from.
  public func settings() throws(EskyError) -> Settings {
    let version = folder.version(try basis())
    do throws(LayoutError) {
      return try version.settings()
    } catch {
      // The same helps as when they are damaged.
      if case .file(let refused) = error, refused.isAboutContents {
        throw .layout(.damaged(version.settingsFile))
      }
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

  /// The same for what changes the app folder.
  ///
  /// - Throws: ``EskyError/readOnly(_:finder:user:group:)`` for those who may not.
  func changing<Result>(
    _ body: () throws(EskyError) -> Result
  ) throws(EskyError) -> Result {
    if let obstacle {
      throw .readOnly(
        obstacle, finder: folder.version(try basis()).finder, user: EffectiveUser.id,
        group: EffectiveUser.group)
    }
    return try locked(body)
  }

  private func takeLock() throws(EskyError) -> File {
    let left = try Self.onDisk { () throws(FileError) in
      mayChange ? try Ownership.leftByRoot(in: folder) : nil
    }
    if let left { throw leftByRoot(left, folder.root) }
    do throws(FileError) {
      if mayChange {
        try work.make()
        for place in [folder.updates, work.folder] { try openToReaders(try place.open()) }
      }
    } catch {
      throw .file(error)
    }
    if !mayChange { try makeCache() }
    do throws(FileError) {
      // Nobody else may open it, and so nobody else can hold it.
      let lock = try work.lock.open(.createOrUpdate, permissions: 0o600)
      if try lock.status().permissions != 0o600 { try lock.setPermissions(0o600) }
      // Where the volume has no locks nobody is kept out, as it was said of versions.
      if lock.tryRecordLock(.exclusive) != .busy { return lock }
    } catch {
      throw .file(error)
    }
    throw .locked(work.lock.path)
  }

  /// Makes the place where a user who may not write the app folder keeps what belongs to checking.
  private func makeCache() throws(EskyError) {
    if work.folder == folder.work.folder { throw .noCache(nil) }
    do throws(FileError) {
      if try UserCache.make(work) { return }
    } catch {
      throw leftByRoot(error, below: work.folder.start) ?? .noCache(error)
    }
    guard let obstacle = CacheObstacle(to: work, for: EffectiveUser.id) else { throw .noCache(nil) }
    throw .foreignCache(obstacle, user: EffectiveUser.id, group: EffectiveUser.group)
  }

  /// What was refused because root has made something where it should be this user's own; nil for another reason.
  ///
  /// - Parameter place: a folder of the user's, whose owner all below it is to get again.
  func leftByRoot(_ error: FileError, below place: Path) -> EskyError? {
    guard !EffectiveUser.isRoot, error.isForbidden else { return nil }
    for path in [error.path, error.path.parent] {
      guard path.bytes.starts(with: place.bytes),
        let status = try? FileSystem.linkStatus(path)
      else { continue }
      if status.owner == 0 { return leftByRoot(path, place) }
    }
    return nil
  }

  private func leftByRoot(_ path: Path, _ place: Path) -> EskyError {
    .leftByRoot(path, place, user: EffectiveUser.id, group: EffectiveUser.group)
  }

  /// The same error, or the one that says how root's leavings can be mended, where they are what refused it.
  func namingRoot(_ error: EskyError) -> EskyError {
    guard case .file(let refused) = error else { return error }
    return leftByRoot(refused, below: folder.root) ?? error
  }

  /// Lets everybody look into a folder of this user's, whatever his umask was when it was made: others look for updates
  /// beside it, and have to see that nothing in it is wrong.
  private func openToReaders(_ folder: borrowing Directory) throws(FileError) {
    let status = try folder.status()
    if status.owner == EffectiveUser.id, status.permissions & 0o055 != 0o055 {
      try folder.setPermissions(status.permissions | 0o055)
    }
  }

  /// Runs what makes system calls alone.
  static func onDisk<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(EskyError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}

/// Where a user's own files are, as the environment says.
public struct UserFolders: Sendable {
  /// The value of `XDG_CACHE_HOME`.
  public let caches: [UInt8]?
  /// The value of `HOME`.
  public let home: [UInt8]?

  /// Takes the values as they are.
  public init(caches: [UInt8]?, home: [UInt8]?) {
    self.caches = caches
    self.home = home
  }
}
