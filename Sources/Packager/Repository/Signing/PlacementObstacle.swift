public import FileSystem

/// Why a file can't be put under its name.
public enum PlacementObstacle: Error, Sendable {
  /// A folder has the file's name.
  case folder(Path)
  /// What should be a folder on the way is none.
  case noFolder(Path)
  /// A symbolic link on the way leads nowhere.
  case danglingLink(Path)
  /// The system refuses, for instance because this user may not write there.
  case refused(FileError)

  /// One sentence for a person, without a final stop: what is in the way, and what helps.
  public var description: String {
    switch self {
    case .folder(let path): "\(path.text) is a folder, and a file is to stand there; move it away"
    case .noFolder(let path): "\(path.text) is no folder, and one is needed there; move it away"
    case .danglingLink(let path):
      "\(path.text) is a link that leads nowhere; make its target, or remove it"
    case .refused(let error): error.description
    }
  }
}
