import FileSystem
import Repository

/// Keeps keys out of repositories: a web server hands out all that lies in one.
enum ServedKeys {
  /// Refuses a place for keys in a repository that is there, or in one that is about to be made.
  static func refuse(_ place: Path, besides planned: Path? = nil) throws {
    try Failure.naming {
      let place = try whole(place)
      let planned = try planned.map(whole)
      var folder = place
      while true {
        if folder == planned || RepositoryFolder.isThere(folder) {
          throw Failure(
            "\(place.text) is in the repository \(folder.text), and whoever serves that hands out all that is in it; keep keys elsewhere"
          )
        }
        if folder.parent == folder { return }
        folder = folder.parent
      }
    }
  }

  /// The real path of what need not be there yet.
  private static func whole(_ path: Path) throws(FileError) -> Path {
    do throws(FileError) {
      return try FileSystem.realPath(path)
    } catch {
      guard error.isMissing, path.parent != path else { throw error }
      return try whole(path.parent).appending(path.lastComponent)
    }
  }
}
