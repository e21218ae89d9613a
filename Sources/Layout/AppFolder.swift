public import FileSystem

/// Where everything stands in an app folder.
///
/// See Layout.md.
public struct AppFolder: Sendable {
  /// The folder that holds launchers, version directories and `updates/`.
  public let root: Path

  /// Uses a folder as an app's root; nothing is looked at.
  public init(_ root: Path) {
    self.root = root
  }

  /// The work area: everything in it can be made again.
  public var updates: Path { root.appending("updates") }
  /// Held exclusively by the one process that changes the app folder.
  public var updateLock: Path { updates.appending("lock") }
  /// Changed when the launcher last started the finder.
  public var lastCheck: Path { updates.appending("last-check") }
  /// A random number by which a roll-out reaches this folder early or late.
  public var installationID: Path { updates.appending("installation-id") }
  /// What the finder did in the background.
  public var log: Path { updates.appending("log") }
  /// Trusted TUF metadata.
  public var metadata: Path { updates.appending("metadata") }
  /// Archives on their way in.
  public var downloads: Path { updates.appending("downloads") }
  /// Where archives are unpacked.
  public var staging: Path { updates.appending("staging") }
  /// Version directories on their way out.
  public var retired: Path { updates.appending("retired") }
  /// The off switch that a packager or a user puts beside the app.
  public var offSwitch: Path { root.appending("updates-off") }

  /// The version directory with a name.
  public func version(_ name: VersionDirectoryName) -> VersionFolder {
    VersionFolder(root.appending(name.bytes), name)
  }

  /// All version directories in no order, whether complete or not.
  ///
  /// Only directories count: a symbolic link is not one of ours.
  public func versionDirectories() throws(LayoutError) -> [VersionDirectoryName] {
    var found: [VersionDirectoryName] = []
    for entry in try listing() {
      guard let name = VersionDirectoryName(parsing: entry.name), isDirectory(entry) else {
        continue
      }
      found.append(name)
    }
    return found
  }

  /// The version directories of one app that this machine can run, in no order.
  ///
  /// The launcher wants the newest, and the others only when that does not start: see
  /// ``VersionDirectoryName/takeNewest(of:)``.
  public func versionDirectories(
    of app: AppName
  ) throws(LayoutError) -> [VersionDirectoryName] {
    let machine = Platform.current
    var found: [VersionDirectoryName] = []
    for entry in try listing() {
      guard entry.name.starts(with: app.bytes),
        let name = VersionDirectoryName(parsing: entry.name), name.belongs(to: app),
        name.runs(on: machine), isDirectory(entry)
      else { continue }
      found.append(name)
    }
    return found
  }

  private func listing() throws(LayoutError) -> [DirectoryEntry] {
    do throws(FileError) {
      return try FileSystem.list(root)
    } catch {
      throw .file(error)
    }
  }

  /// What can't be looked at is none: one bad name must not keep the others from being found.
  private func isDirectory(_ entry: DirectoryEntry) -> Bool {
    if let kind = entry.kind { return kind == .directory }
    return (try? FileSystem.linkStatus(root.appending(entry.name)))?.kind == .directory
  }
}

extension VersionDirectoryName {
  /// The order of preference: newer versions first; of equal ones that for this very platform before
  /// `any`, then by their text, so that every program picks the same.
  public static func isNewer(_ a: VersionDirectoryName, than b: VersionDirectoryName) -> Bool {
    let order = Version.order(a.version, b.version)
    if order != 0 { return order > 0 }
    if a.platform != b.platform { return b.platform == .any }
    return Version.precedes(b.version, a.version)
  }

  /// Takes the newest out of a list; nil when it is empty.
  ///
  /// A sorted list would cost the launcher comparisons that it hardly ever needs, and the standard
  /// library's sort a quarter of its size.
  public static func takeNewest(of names: inout [VersionDirectoryName]) -> VersionDirectoryName? {
    guard var newest = names.indices.first else { return nil }
    for index in names.indices.dropFirst() where isNewer(names[index], than: names[newest]) {
      newest = index
    }
    return names.remove(at: newest)
  }
}
