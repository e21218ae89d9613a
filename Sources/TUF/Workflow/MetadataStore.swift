import FileSystem

/// The folder that trusted metadata is kept in, one `.json` file for each role.
public struct MetadataStore: Sendable {
  /// The folder.
  public let directory: Path

  /// Uses a folder, which ``Client`` makes when it first writes.
  public init(_ directory: Path) {
    self.directory = directory
  }

  /// What is being written.
  var incoming: Path { directory.appending("incoming") }

  /// The path of a role's file: its name is percent-encoded, so that none leaves the folder.
  func path(_ role: [UInt8]) -> Path {
    directory.appending(Self.fileName(role))
  }

  /// The name of a role's file, which is percent-encoded: it is also what clients ask for.
  public static func fileName(_ role: [UInt8]) -> String {
    RequestPath.encode(role, keepingSlashes: false) + ".json"
  }

  /// The roles that have a file in the folder, in the order of their names' bytes.
  func roles() throws(TUFError) -> [[UInt8]] {
    let suffix = Array(".json".utf8)
    var found: [[UInt8]] = []
    do throws(FileError) {
      for entry in try FileSystem.list(directory) where entry.name.ends(with: suffix) {
        guard let role = RequestPath.decode(entry.name.dropLast(suffix.count)),
          path(role) == directory.appending(entry.name)
        else { continue }
        found.append(role)
      }
    } catch {
      throw .file(error)
    }
    found.sort { $0.precedes($1) }
    return found
  }

  /// The stored bytes; nil when there are none, more than a limit, or not as many as are listed.
  func read(_ role: [UInt8], limit: Int64, listed: Int64? = nil) throws(TUFError) -> [UInt8]? {
    do throws(FileError) {
      // Opening a pipe would wait for somebody to write into it.
      guard try FileSystem.status(path(role)).kind == .regular else { return nil }
      let file = try File(path(role), .read)
      if let listed, try file.status().size != listed { return nil }
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
      // A role's name may be as long as a file's: nothing can be put behind it.
      try FileSystem.writeAtomically(
        bytes, to: path(role), temporary: incoming)
    } catch {
      throw .file(error)
    }
  }

  /// What the last refresh left; nil when there is nothing that could be read, whatever the reason.
  func lastRefresh() -> LastRefresh? {
    guard let text = try? FileSystem.read(lastRefreshPath, limit: 64 << 10) else { return nil }
    return LastRefresh(text)
  }

  func write(_ refresh: LastRefresh) throws(TUFError) {
    do throws(FileError) {
      try FileSystem.writeAtomically(refresh.lines, to: lastRefreshPath, temporary: incoming)
    } catch {
      throw .file(error)
    }
  }

  /// No role's file: those end in `.json`.
  private var lastRefreshPath: Path { directory.appending("last-refresh") }

  /// Where the index of the top-level targets is: no role's file either.
  var targetIndexPath: Path { directory.appending("targets-index") }

  func write(index: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      try FileSystem.writeAtomically(index, to: targetIndexPath, temporary: incoming)
    } catch {
      throw .file(error)
    }
  }

  /// What tells a role's file from another under its name; nil when there is none.
  func identity(_ role: [UInt8]) -> FileIdentity? {
    guard let status = try? FileSystem.status(path(role)) else { return nil }
    return FileIdentity(status)
  }

  func remove(_ role: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      try FileSystem.removeIfPresent(path(role))
    } catch {
      throw .file(error)
    }
  }
}

extension [UInt8] {
  fileprivate func ends(with suffix: [UInt8]) -> Bool {
    self.suffix(suffix.count).elementsEqual(suffix)
  }
}

extension MetadataType {
  /// The name as bytes.
  var role: [UInt8] { Array(name.bytes) }
}
