public import FileSystem
public import Layout

/// Finds the app folder that a process belongs to.
public enum Locator {
  /// Where an app folder is, and what is known of it.
  public struct Found: Sendable {
    /// The app folder.
    public let root: Path
    /// The app, where a version directory on the way told.
    public let app: AppName?

    /// Puts together what is known.
    public init(root: Path, app: AppName?) {
      self.root = root
      self.app = app
    }
  }

  /// The folder in the environment; else the nearest one above the program's own location, or above the library's that an
  /// interpreter has loaded; else the working directory or the nearest one above that.
  ///
  /// Root should give no working directory: whoever may write one of the folders above it could plant an app there.
  ///
  /// - Parameters:
  ///   - variable: the value of `ESKY_ROOT`.
  ///   - executable: the program's real location.
  ///   - library: that of the library that asks, where it is one.
  ///   - workingDirectory: an absolute path.
  public static func find(
    variable: [UInt8]?, executable: Path?, library: Path? = nil, workingDirectory: Path?
  ) -> Found? {
    let own = [executable, library].compactMap { $0.flatMap { climb(from: $0.parent) } }
    if let variable, !variable.isEmpty {
      // A folder with several apps: what lies in a version directory still tells which one it is of.
      let root = Path(variable)
      let here = own.first { $0.app != nil && FileSystem.isSame($0.root, root) }
      return Found(root: root, app: here?.app)
    }
    if let first = own.first { return first }
    return workingDirectory.flatMap { climb(from: $0) }
  }

  /// The nearest folder at or above a path that holds version directories.
  private static func climb(from start: Path) -> Found? {
    var path = start
    var app: AppName?
    while true {
      if let names = try? AppFolder.versionDirectories(in: path), !names.isEmpty {
        return Found(root: path, app: app)
      }
      app = VersionDirectoryName(parsing: path.lastComponent)?.name ?? app
      let parent = path.parent
      if parent == path || !path.isAbsolute { return nil }
      path = parent
    }
  }
}
