import FileSystem
import Repository
import TUF

/// Real clients in a sandbox: one that has been there before, and one that begins at the first root.
struct RehearsalClients {
  private let server: RehearsalServer
  private let place: Path
  private let firstRoot: [UInt8]

  /// - Parameter place: a folder for their trusted metadata.
  init(_ server: RehearsalServer, in place: Path, firstRoot: [UInt8]) {
    self.server = server
    self.place = place
    self.firstRoot = firstRoot
  }

  private var returning: Path { place.appending("returning") }
  private var newcomer: Path { place.appending("newcomer") }

  /// Lets both update; the first thing that one of them refuses, nil when they accept all.
  ///
  /// - Parameter now: what their clocks say, in seconds since 1970 UTC.
  func update(at now: Int64) throws(RepositoryError) -> TUFError? {
    do throws(FileError) { try FileSystem.removeTree(newcomer) } catch { throw .file(error) }
    for folder in [returning, newcomer] {
      do throws(TUFError) {
        let client = try Client(
          store: MetadataStore(folder), shippedRoot: firstRoot, metadataURL: "metadata",
          fetcher: server, now: now)
        try client.refresh()
        _ = try client.topLevelTargets()
      } catch {
        return error
      }
    }
    return nil
  }

  /// The version of a role that the returning client trusts; nil when it has none.
  func trusted(_ role: Role) throws(RepositoryError) -> Int64? {
    let name = role.plainFileName
    guard
      let bytes = try MetadataFiles.read(
        returning.appending(name), limit: Limits().listedLength)
    else { return nil }
    do throws(TUFError) {
      return try SignedMetadata(parsing: bytes, as: role.type, file: name).version
    } catch {
      return nil
    }
  }
}
