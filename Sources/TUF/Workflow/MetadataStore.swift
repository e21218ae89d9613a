import FileSystem

/// The folder that trusted metadata is kept in, one `.json` file for each role.
public struct MetadataStore: Sendable {
  /// The folder.
  public let directory: Path

  /// Uses a folder, which ``Client`` makes when it first writes.
  public init(_ directory: Path) {
    self.directory = directory
  }

  /// The path of a role's file: its name is percent-encoded, so that none leaves the folder.
  func path(_ role: [UInt8]) -> Path {
    directory.appending(
      Array(RequestPath.encode(role, keepingSlashes: false).utf8) + ".json".utf8)
  }

  /// The stored bytes; nil when there are none, or more than any role may have.
  func read(_ role: [UInt8], limit: Int64) throws(TUFError) -> [UInt8]? {
    do throws(FileError) {
      let file = try File(path(role), .read)
      return try file.readAll(limit: Int(clamping: limit))
    } catch {
      if error.isMissing { return nil }
      throw .file(error)
    }
  }

  /// Stores bytes exactly as received: atomic, and durable on return.
  func write(_ role: [UInt8], _ bytes: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      try FileSystem.makeDirectories(directory)
      try FileSystem.writeAtomically(bytes, to: path(role))
    } catch {
      throw .file(error)
    }
  }

  func remove(_ role: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      try FileSystem.removeIfPresent(path(role))
    } catch {
      throw .file(error)
    }
  }
}

extension MetadataType {
  /// The name as bytes.
  var role: [UInt8] { Array(name.bytes) }
}
