import FileSystem

/// Where the contents of a new entry come from; they can be read more than once.
struct EntrySource {
  /// The length in bytes that the contents had at first, and must keep.
  let size: Int64
  /// The path that errors name.
  let entry: [UInt8]

  private let place: Place
  private let modified: Int64

  private enum Place {
    case file(OpenFile)
    case bytes([UInt8])
  }

  // A class, as Swift 6.3 crashes on optimising an enum that holds what is not copyable.
  private final class OpenFile {
    let file: File
    init(_ file: consuming File) { self.file = file }
  }

  init(bytes: [UInt8], as path: EntryPath) {
    place = .bytes(bytes)
    size = Int64(bytes.count)
    modified = 0
    entry = path.bytes
  }

  init(file source: Path, as path: EntryPath) throws(ArchiveError) {
    entry = path.bytes
    // Before it is opened, too: opening a pipe would wait for its other end.
    guard try EntrySource.isRegular(source, entry) else { throw .sourceChanged(entry: entry) }
    let file = try EntrySource.open(source, entry)
    let status = try EntrySource.status(of: file, entry)
    guard status.kind == .regular else { throw .sourceChanged(entry: entry) }
    size = status.size
    modified = status.modified
    place = .file(OpenFile(file))
  }

  /// Reads bytes at an offset below ``size``, at least one of them.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
  ) throws(ArchiveError) -> UnsafeRawBufferPointer {
    let wanted = Int(min(Int64(buffer.count), size - offset))
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
    var count = wanted
    switch place {
    case .bytes(let bytes):
      let start = Int(offset)
      target.copyBytes(from: bytes[start..<(start + wanted)])
    case .file(let open):
      do throws(FileError) {
        count = try open.file.read(into: target, at: offset)
      } catch { throw .entryFile(entry: entry, error) }
    }
    guard count > 0 else { throw .sourceChanged(entry: entry) }
    return UnsafeRawBufferPointer(rebasing: target[..<count])
  }

  /// Checks, once all has been read, that it was the same contents all the time.
  func checkUnchanged() throws(ArchiveError) {
    switch place {
    case .bytes: return
    case .file(let open):
      let status = try EntrySource.status(of: open.file, entry)
      guard status.size == size, status.modified == modified else {
        throw .sourceChanged(entry: entry)
      }
    }
  }

  private static func isRegular(_ path: Path, _ entry: [UInt8]) throws(ArchiveError) -> Bool {
    do throws(FileError) {
      return try FileSystem.status(path).kind == .regular
    } catch { throw .entryFile(entry: entry, error) }
  }

  private static func open(_ path: Path, _ entry: [UInt8]) throws(ArchiveError) -> File {
    do throws(FileError) {
      return try File(path, .read)
    } catch { throw .entryFile(entry: entry, error) }
  }

  private static func status(
    of file: borrowing File, _ entry: [UInt8]
  ) throws(ArchiveError) -> FileStatus {
    do throws(FileError) {
      return try file.status()
    } catch { throw .entryFile(entry: entry, error) }
  }
}
