import Bytes
import FileSystem
import TUF

/// Serves a folder; a URL is a path in it, percent-encoded.
final class FolderFetcher: Fetcher {
  private let folder: Path

  init(_ folder: Path) {
    self.folder = folder
  }

  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    var path: [UInt8] = []
    var rest = Array(request.url.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let decoded = Hex.decode(Array(rest.prefix(2))) {
        path += decoded
        rest = rest.dropFirst(2)
      } else {
        path.append(byte)
      }
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(folder.appending(path), limit: 1 << 24)
    } catch {
      throw error.isMissing ? .notFound(status: 404) : .file(reason: error.description)
    }
    if Int64(bytes.count) > request.limit { throw .tooLong(limit: request.limit) }
    let part = Array(bytes.dropFirst(Int(request.offset)))
    guard part.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
    return nil
  }
}

/// A new folder for temporary files, removed with the value.
final class Scratch {
  let path: Path

  init() throws {
    path = Path("/tmp/esky-\(UInt64.random(in: 0 ... .max))")
    try FileSystem.makeDirectory(path)
  }

  deinit { try? FileSystem.removeTree(path) }

  /// Writes a file and gives its path.
  func file(_ name: String, _ text: String) throws -> Path {
    let file = path.appending(name)
    try FileSystem.writeAtomically(Array(text.utf8), to: file)
    return file
  }
}

/// The name of the case that `body` throws; "nothing" when it does not throw.
func refusal<Failure: Error>(_ body: () throws(Failure) -> Void) -> String {
  do throws(Failure) {
    try body()
    return "nothing"
  } catch {
    let rule: any Error = (error as? TUFError)?.rule ?? error
    return Mirror(reflecting: rule).children.first?.label ?? "\(rule)"
  }
}

/// The bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }
