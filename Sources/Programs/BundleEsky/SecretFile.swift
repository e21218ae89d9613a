import FileSystem
import Repository

/// Keeps keys, and what lies beside them, out of what is served.
enum SecretFile {
  /// True for a private key of a repository, whatever its name.
  static func isKey(_ path: Path) -> Bool { (try? KeyFile(path)) != nil }

  /// Refuses a file that is a private key, or lies where keys are kept, as a passphrase may.
  static func refuse(_ path: Path) throws {
    let text = (try? FileSystem.read(path, limit: 64 << 10)) ?? []
    if isKey(path) || text.firstRange(of: Array("PRIVATE KEY-----".utf8)) != nil {
      throw Failure("\(path.text) is a private key, and everybody can fetch a target")
    }
    let folder = (try? FileSystem.realPath(path))?.parent ?? path.parent
    for entry in (try? FileSystem.list(folder)) ?? []
    where entry.name.suffix(4).elementsEqual(".key".utf8) && isKey(folder.appending(entry.name)) {
      throw Failure(
        "\(path.text) lies among private keys, and everybody can fetch a target; move it if it is none of theirs"
      )
    }
  }
}
