public import FileSystem

/// Where everything stands in the folder of an app.
///
/// See Layout.md.
public struct AppFolder: Sendable {
  /// The folder that holds launchers, version directories and `updates/`.
  public let root: Path
  /// The app; other apps may have their versions in the same folder.
  public let app: AppName

  /// Uses a folder as an app's root; nothing is looked at.
  public init(_ root: Path, _ app: AppName) {
    self.root = root
    self.app = app
  }

  /// The work areas of all apps in the folder.
  public var updates: Folder { Folder(root).folder("updates") }
  /// The app's work area.
  public var work: WorkArea { WorkArea(updates.folder(app.bytes)) }
  /// The off switch that a packager or a user puts beside the app.
  public var offSwitch: Path { root.appending("updates-off") }

  /// Opens the folder; every change in it goes by names from here.
  public func open() throws(FileError) -> Directory { try Directory(root, followingLink: true) }

  /// The version directory with a name.
  public func version(_ name: VersionDirectoryName) -> VersionFolder {
    VersionFolder(root.appending(name.bytes), name)
  }

  /// All version directories in a folder in no order, whether complete or not, and of whichever apps.
  ///
  /// Only directories count: a symbolic link is not one of ours.
  public static func versionDirectories(
    in root: Path
  ) throws(LayoutError) -> [VersionDirectoryName] {
    var found: [VersionDirectoryName] = []
    for entry in try listing(root) {
      guard let name = VersionDirectoryName(parsing: entry.name), isDirectory(entry, root) else {
        continue
      }
      found.append(name)
    }
    return found
  }

  /// The version directories of the app that this machine can run, in no order.
  ///
  /// The launcher wants the newest, and the others only when that does not start: see
  /// ``VersionDirectoryName/takeNewest(of:)``.
  public func versionDirectories() throws(LayoutError) -> [VersionDirectoryName] {
    let machine = Platform.current
    var found: [VersionDirectoryName] = []
    for entry in try Self.listing(root) {
      guard entry.name.starts(with: app.bytes),
        let name = VersionDirectoryName(parsing: entry.name), name.belongs(to: app),
        name.runs(on: machine), Self.isDirectory(entry, root)
      else { continue }
      found.append(name)
    }
    return found
  }

  private static func listing(_ root: Path) throws(LayoutError) -> [DirectoryEntry] {
    do throws(FileError) {
      return try FileSystem.list(root)
    } catch {
      throw .file(error)
    }
  }

  /// What can't be looked at is none: one bad name must not keep the others from being found.
  private static func isDirectory(_ entry: DirectoryEntry, _ root: Path) -> Bool {
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
