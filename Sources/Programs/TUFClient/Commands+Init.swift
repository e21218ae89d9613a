import Bytes
import FileSystem
import TUF

extension Commands {
  /// Begins to trust a root: it must verify itself, and is stored byte for byte.
  ///
  /// An expired one is welcome, since the chain of newer roots begins with it. Nothing is made or
  /// changed before it is verified.
  func initialise(_ file: Path) throws(Failure) {
    let bytes = try read(file)
    let version: Int64
    do throws(TUFError) {
      version = try TrustedSet(
        root: bytes, file: file.text, now: .min, depth: options.limits.depth
      ).root.version
    } catch {
      throw .repository(error)
    }
    let folder = options.metadataFolder
    do throws(FileError) { try FileSystem.makeDirectories(folder) } catch { throw .file(error) }
    let lock = try FolderLock(folder)
    defer { extendLifetime(lock) }
    let place = folder.appending("root.json")
    let isThere: Bool
    do throws(FileError) { isThere = try FileSystem.exists(place) } catch { throw .file(error) }
    let isSame = isThere && (try? FileSystem.read(place, limit: bytes.count)) == bytes
    if isThere && !isSame && !options.force { throw .otherRoot(place) }
    if !isSame {
      do throws(FileError) {
        if isThere {
          // What the old root led to is no longer trusted, and no base for rollback checks.
          try forget(in: folder)
        }
        try FileSystem.writeAtomically(bytes, to: place)
      } catch {
        throw .file(error)
      }
    }
    Output.line("root.json version \(version) is trusted")
  }

  private func forget(in folder: Path) throws(FileError) {
    let suffix = (".json" as StaticString).bytes
    let notes: [StaticString] = ["last-refresh", "last-time", "root-history", "targets-index"]
    for entry in try FileSystem.list(folder) {
      let isRole = entry.name.suffix(suffix.count).elementsEqual(suffix)
      if isRole || notes.contains(where: { $0.bytes == entry.name }) {
        try FileSystem.removeIfPresent(folder.appending(entry.name))
      }
    }
  }

  /// Reads a root from a file or a pipe, no more of it than a root may have.
  private func read(_ path: Path) throws(Failure) -> [UInt8] {
    let limit = options.limits.rootLength
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    do throws(FileError) {
      let file = try File(path, .stream)
      while Int64(bytes.count) <= limit {
        let count = try buffer.withUnsafeMutableBufferPointer { (space) throws(FileError) in
          try file.read(into: UnsafeMutableRawBufferPointer(space))
        }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
      }
    } catch {
      throw .file(error)
    }
    throw .repository(.tooLong(file: path.text, limit: limit))
  }
}
