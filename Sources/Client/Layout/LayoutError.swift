public import FileSystem

/// What is wrong with an app folder.
public enum LayoutError: Error, Sendable {
  /// A system call was refused.
  case file(FileError)
  /// A control file is damaged, cut short, or of a format that this program does not know.
  case damaged(Path)
  /// No folder that holds version directories was found; what was looked at.
  case notAnApp(Path)
  /// No app folder was named, and root takes none from its working directory.
  case notNamed(Path)
  /// The folder holds version directories of several apps.
  case severalApps(Path)

  /// One sentence for a person, without a final stop.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let path):
      "\(path.text) is missing, damaged or of a newer format; install this version of the app again"
    case .notAnApp(let path):
      "\(path.text) holds no version directory of an app (appname-X.Y.platform)"
    case .notNamed(let path):
      "root takes no app from \(path.text), its working directory, where others may have put it; name its folder with --root"
    case .severalApps(let path):
      "\(path.text) holds version directories of several apps; use a finder in a version directory of the one that is meant"
    }
  }
}
