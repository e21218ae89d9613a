import Esky
import FileSystem
import Layout
import Repository

/// A version that users may have.
struct Standing {
  let name: VersionDirectoryName
  /// What is said of it; nil where it is not listed, or not any more: then anybody may have it.
  let terms: ReleaseTerms?
  /// True when its publisher has taken it back.
  let isWithdrawn: Bool
  /// Its archive; nil where that is kept elsewhere, or is gone.
  let archive: Path?

  init(
    _ name: VersionDirectoryName, terms: ReleaseTerms?, isWithdrawn: Bool = false, archive: Path?
  ) {
    self.name = name
    self.terms = terms
    self.isWithdrawn = isWithdrawn
    self.archive = archive
  }

  /// All that a repository lists, and those that it listed once and that are remembered: as withdrawn, or by
  /// an archive that was not tidied away.
  static func all(in folder: RepositoryFolder) throws -> [Standing] {
    let withdrawn = try Release.withdrawn(in: folder)
    let files = try archives(in: folder.directory.appending("targets"))
    var found: [Standing] = []
    for release in try Release.all(in: folder) {
      found.append(
        Standing(
          release.name, terms: release.terms, isWithdrawn: withdrawn.contains(release.name.text),
          archive: files.first { $0.name == release.name && $0.isOf(release.sha256) }?.path))
    }
    let listed = found.map(\.name)
    for file in files where !listed.contains(file.name) {
      found.append(
        Standing(
          file.name, terms: nil, isWithdrawn: withdrawn.contains(file.name.text),
          archive: file.path))
    }
    for text in withdrawn {
      guard let name = VersionDirectoryName(parsing: Array(text.utf8)),
        !found.contains(where: { $0.name == name })
      else { continue }
      found.append(Standing(name, terms: nil, isWithdrawn: true, archive: nil))
    }
    return found
  }

  /// A file of `targets/` that is a version's: `HASH.NAME.zip`, or `NAME.zip`.
  private struct ArchiveFile {
    let name: VersionDirectoryName
    let hash: [UInt8]?
    let path: Path

    func isOf(_ digest: String) -> Bool { hash == nil || hash == Array(digest.utf8) }
  }

  private static func archives(in folder: Path) throws -> [ArchiveFile] {
    try Failure.naming {
      guard try FileSystem.exists(folder) else { return [] }
      return try FileSystem.list(folder).compactMap { entry in
        let path = folder.appending(entry.name)
        if let name = Release.name(ofTarget: entry.name) {
          return ArchiveFile(name: name, hash: nil, path: path)
        }
        guard let dot = entry.name.firstIndex(of: UInt8(ascii: ".")),
          let name = Release.name(ofTarget: Array(entry.name[(dot + 1)...]))
        else { return nil }
        return ArchiveFile(name: name, hash: Array(entry.name[..<dot]), path: path)
      }
    }
  }
}
