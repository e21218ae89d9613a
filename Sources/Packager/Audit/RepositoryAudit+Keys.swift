import FileSystem
import Repository

extension RepositoryAudit {
  /// The most names that are looked at beside metadata and targets: a repository may lie among other things.
  private static let mostNames = 10_000
  /// What has folders of its own here, and is looked at elsewhere or is nobody else's to read.
  private static let ours = ["metadata", "targets", "staging", "building"]

  /// Keys, and phrases that open them, where a web server hands them out.
  mutating func checkKeys() throws(RepositoryError) {
    var left = Self.mostNames
    var folders: [Path] = []
    for entry in try names(directory, &left)
    where !Self.ours.contains(Path(entry.name).text) {
      look(at: entry, in: directory, &folders)
    }
    while left > 0, let folder = folders.popLast() {
      for entry in try names(folder, &left) { look(at: entry, in: folder, &folders) }
    }
  }

  private mutating func look(
    at entry: DirectoryEntry, in folder: Path, _ folders: inout [Path]
  ) {
    let path = folder.appending(entry.name)
    let name = path.lastComponent
    if name.suffix(4).elementsEqual(".key".utf8) || name.elementsEqual("phrase.txt".utf8)
      || name.elementsEqual("passphrase.txt".utf8)
    {
      let shown = Path(Array(path.bytes.dropFirst(directory.bytes.count + 1))).text
      find(
        shown,
        "a web server hands it out with the repository; move it away, and let another key take its place with rotate"
      )
    } else if (try? FileSystem.linkStatus(path).kind) == .directory {
      folders.append(path)
    }
  }

  /// The names in a folder; none where they are not for this user.
  private func names(_ folder: Path, _ left: inout Int) throws(RepositoryError) -> [DirectoryEntry]
  {
    do throws(FileError) {
      let found = try FileSystem.list(folder)
      left -= found.count
      return found
    } catch {
      if error.isForbidden || error.isMissing { return [] }
      throw .file(error)
    }
  }
}
