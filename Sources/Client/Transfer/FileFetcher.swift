import FileSystem
public import TUF

/// Fetches files by `file:` URLs: a mirror on a disk, a stick or a network share.
public final class FileFetcher: Fetcher {
  private static let chunkBytes = 64 << 10

  /// Prepares to fetch.
  public init() {}

  /// Copies one ordinary file into a sink; returns once all of it has been handed over.
  ///
  /// The URL is `file:///path` or `file://localhost/path`, percent-encoded. Symbolic
  /// links are followed. Blocks for as long as the disk does.
  ///
  /// - Throws: ``FetchError/notFound(status:)`` with 404 for a missing file, ``FetchError/file(reason:)`` for
  ///   anything but an ordinary file, and for one that can't be read.
  @discardableResult
  public func fetch(
    _ request: FetchRequest, into sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    guard let path = FilePath.decode(request.url) else { throw .unsupportedURL }
    guard request.offset <= request.limit else { throw .tooLong(limit: request.limit) }
    let kind: FileKind
    do throws(FileError) {
      kind = try FileSystem.status(path).kind
    } catch {
      throw fetchError(error)
    }
    // Before it is opened: opening a pipe would wait for somebody to write into it.
    guard kind == .regular else { throw .file(reason: path.text + " is no ordinary file") }
    try copy(path, request, into: sink)
    // What is on a disk is sooner read than asked about.
    return nil
  }

  private func copy(
    _ path: Path, _ request: FetchRequest, into sink: any ByteSink
  ) throws(FetchError) {
    let file = try open(path)
    let size: Int64
    do throws(FileError) {
      size = try file.status().size
    } catch {
      throw fetchError(error)
    }
    guard size <= request.limit else { throw .tooLong(limit: request.limit) }
    var offset = max(0, request.offset)
    if offset > size {
      guard sink.restart() else { throw .stopped }
      offset = 0
    }
    var buffer = [UInt8](repeating: 0, count: FileFetcher.chunkBytes)
    while true {
      let count = try read(file, into: &buffer, at: offset)
      if count == 0 { break }
      // The file may have grown since its size was taken.
      guard Int64(count) <= request.limit - offset else { throw .tooLong(limit: request.limit) }
      offset += Int64(count)
      let wantsMore = buffer.withUnsafeBytes {
        sink.receive(UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
      guard wantsMore else { throw .stopped }
    }
    guard offset >= size else {
      throw .truncated(reason: path.text + " became shorter while it was read")
    }
  }

  private func open(_ path: Path) throws(FetchError) -> File {
    do throws(FileError) {
      return try File(path, .read)
    } catch {
      throw fetchError(error)
    }
  }

  private func read(
    _ file: borrowing File, into buffer: inout [UInt8], at offset: Int64
  ) throws(FetchError) -> Int {
    do throws(FileError) {
      return try buffer.withUnsafeMutableBufferPointer { (space) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(space), at: offset)
      }
    } catch {
      throw fetchError(error)
    }
  }

  private func fetchError(_ error: FileError) -> FetchError {
    error.isMissing ? .notFound(status: 404) : .file(reason: error.description)
  }
}
