import Archive
import FileSystem
import Layout
import Repository
import TUF

/// Checks an archive before it is published: clients would refuse what is wrong here.
enum Bundle {
  /// - Returns: the version that the archive is.
  static func check(
    _ archive: Path, trusting repository: RepositoryFolder
  ) throws -> VersionDirectoryName {
    guard let name = DownloadName.version(archive.lastComponent),
      DownloadName.archive(name) == archive.lastComponent
    else {
      throw Failure(
        "\(archive.text) is not named as bundle-esky build names archives (appname-X.Y.platform.zip)"
      )
    }
    return try Failure.naming {
      let reader: ZipReader
      do throws(ArchiveError) {
        reader = try ZipReader(archive)
      } catch {
        throw Failure("\(archive.text): \(error.description)")
      }
      let listText = try contents("esky-bootstrap.txt", of: reader, name, archive)
      guard let list = BootstrapList(listText) else {
        throw Failure("\(archive.text): its esky-bootstrap.txt is damaged")
      }
      guard Settings(try contents("esky-files/settings.txt", of: reader, name, archive)) != nil
      else { throw Failure("\(archive.text): its esky-files/settings.txt is damaged") }
      for program in list.programs
      where !reader.entries.contains(where: { $0.path.bytes == program }) {
        throw Failure("\(archive.text) has no launcher \(String(decoding: program, as: UTF8.self))")
      }
      let root = try contents("esky-files/root.json", of: reader, name, archive)
      guard try repository.hasRoot(root) else {
        throw Failure(
          "\(archive.text) trusts a root that is not of this repository; its users could never update. Build it again with this repository"
        )
      }
      return name
    }
  }

  private static func contents(
    _ path: StaticString, of reader: borrowing ZipReader, _ name: VersionDirectoryName,
    _ archive: Path
  ) throws -> [UInt8] {
    let wanted = name.bytes + [0x2f] + path.bytes
    for entry in reader.entries where entry.path.bytes == wanted {
      return try reader.contents(of: entry, limit: 1 << 20)
    }
    throw Failure(
      "\(archive.text) is no bundle: it lacks \(String(decoding: wanted, as: UTF8.self))")
  }
}

extension RepositoryFolder {
  /// True when a root file is one of this repository's, byte for byte.
  func hasRoot(_ bytes: [UInt8]) throws -> Bool {
    let version = try Root(parsing: bytes, file: "root.json").version
    let path = directory.appending("metadata/\(version).root.json")
    guard try FileSystem.exists(path) else { return false }
    return try FileSystem.read(path, limit: 1 << 20) == bytes
  }
}
