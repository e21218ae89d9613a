import Layout
import Repository
import TUF

/// A published version of an app.
struct Release {
  let name: VersionDirectoryName
  let size: Int64
  let sha256: String

  /// All versions that a repository lists, by app, platform and then version, newest first.
  static func all(in folder: RepositoryFolder) throws -> [Release] {
    let targets = try Failure.naming { try folder.targets() }
    var found: [Release] = []
    for target in targets {
      guard let name = DownloadName.version(target.path),
        DownloadName.archive(name) == target.path
      else { continue }
      let digest = target.hashes.first { $0.algorithm == .sha256 }
      found.append(
        Release(
          name: name, size: target.length,
          sha256: digest.map { String(decoding: $0.hex, as: UTF8.self) } ?? ""))
    }
    found.sort { a, b in
      if a.name.name != b.name.name {
        return a.name.name.bytes.lexicographicallyPrecedes(b.name.name.bytes)
      }
      if a.name.platform != b.name.platform {
        return a.name.platform.tag.lexicographicallyPrecedes(b.name.platform.tag)
      }
      return VersionDirectoryName.isNewer(a.name, than: b.name)
    }
    return found
  }
}
