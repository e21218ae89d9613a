import FileSystem
import Repository
import TUF

/// A folder as a server has it, and the ways in which it lies.
final class RehearsalServer: Fetcher {
  private let folder: Path
  /// Other bytes for files, by their names in `metadata/`; nil for a file that is missing.
  var forged: [String: [UInt8]?] = [:]
  /// True to send every file without an end.
  var isEndless = false
  /// The bytes that were sent since this was last set.
  var sent: Int64 = 0

  init(_ folder: Path) {
    self.folder = folder
  }

  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    let name = request.url.split(separator: "/").last.map(String.init) ?? ""
    var bytes: [UInt8]?
    if let forged = forged[name] {
      bytes = forged
    } else {
      // Role names are percent-encoded in the folder as well.
      do throws(RepositoryError) {
        bytes = try MetadataFiles.read(folder.appending(name), limit: request.limit + 1)
      } catch {
        throw .file(reason: error.description)
      }
    }
    guard let found = bytes else { throw .notFound(status: 404) }
    if isEndless { return try flood(request, into: sink) }
    if Int64(found.count) > request.limit { throw .tooLong(limit: request.limit) }
    sent += Int64(found.count)
    guard found.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
    return nil
  }

  private func flood(
    _ request: FetchRequest, into sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 16 << 10)
    var received: Int64 = 0
    while true {
      received += Int64(chunk.count)
      sent += Int64(chunk.count)
      if received > request.limit { throw .tooLong(limit: request.limit) }
      guard chunk.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
    }
  }
}
