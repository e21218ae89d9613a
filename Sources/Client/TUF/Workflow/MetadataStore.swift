import Bytes
import FileSystem

/// The folder that trusted metadata is kept in, one `.json` file for each role.
public struct MetadataStore: Sendable {
  /// The folder.
  public let folder: Folder

  /// Uses a folder, which ``Client`` makes when it first writes.
  public init(_ folder: Folder) {
    self.folder = folder
  }

  /// Uses the folder that a path leads to, which ``Client`` makes when it first writes.
  public init(_ path: Path) {
    // The last component is made where it is missing, with those above it.
    folder = Folder(path)
  }

  /// What is being written.
  var incoming: FilePlace { folder.file("incoming") }

  /// A role's file: its name is percent-encoded, so that none leaves the folder.
  func file(_ role: [UInt8]) -> FilePlace { folder.file(Array(Self.fileName(role).utf8)) }

  /// The name of a role's file, which is percent-encoded: it is also what clients ask for.
  public static func fileName(_ role: [UInt8]) -> String {
    PercentEncoding.encode(role, keepingSlashes: false) + ".json"
  }

  /// The roles that have a file in the folder, in the order of their names' bytes.
  func roles() throws(TUFError) -> [[UInt8]] {
    let suffix = Array(".json".utf8)
    var found: [[UInt8]] = []
    do throws(FileError) {
      for entry in try folder.open().list() where entry.name.ends(with: suffix) {
        guard let role = PercentEncoding.decode(entry.name.dropLast(suffix.count)),
          file(role).name == entry.name
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
      let file = try file(role).open(.read)
      if let listed, try file.status().size != listed { return nil }
      return try file.readAll(limit: Int(clamping: limit))
    } catch {
      // What is no file is replaced by whatever is written next.
      if error.isMissing || error.operation == .takeForFile { return nil }
      throw .file(error)
    }
  }

  /// Stores bytes exactly as received: atomic, and durable on return.
  func write(_ role: [UInt8], _ bytes: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      // A role's name may be as long as a file's: nothing can be put behind it.
      try makeFolder().writeAtomically(
        bytes, to: file(role).name, temporary: incoming.name)
    } catch {
      throw .file(error)
    }
  }

  private func makeFolder() throws(FileError) -> Directory {
    if folder.names.isEmpty { try FileSystem.makeDirectories(folder.start) }
    return try folder.make()
  }

  /// What the last refresh left; nil when there is nothing that could be read, whatever the reason.
  func lastRefresh() -> LastRefresh? {
    guard let text = try? lastRefreshFile.read(limit: 64 << 10) else { return nil }
    return LastRefresh(text)
  }

  func write(_ refresh: LastRefresh) throws(TUFError) {
    do throws(FileError) {
      try lastRefreshFile.writeAtomically(refresh.lines, temporary: incoming.name)
    } catch {
      throw .file(error)
    }
  }

  /// No role's file: those end in `.json`.
  private var lastRefreshFile: FilePlace { folder.file("last-refresh") }

  /// A time that is known to have been, in seconds since 1970 UTC; nil when there is none that could be read.
  func lastTime() -> Int64? {
    guard let text = try? lastTimeFile.read(limit: 64), text.last == 0x0a else { return nil }
    return Int64(digits: text.dropLast())
  }

  func write(time: Int64) throws(TUFError) {
    do throws(FileError) {
      try lastTimeFile.writeAtomically(
        Array(String(time).utf8) + [0x0a], temporary: incoming.name)
    } catch {
      throw .file(error)
    }
  }

  private var lastTimeFile: FilePlace { folder.file("last-time") }

  /// Where the index of the top-level targets is: no role's file either.
  var targetIndex: FilePlace { folder.file("targets-index") }

  func write(index: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      try targetIndex.writeAtomically(index, temporary: incoming.name)
    } catch {
      throw .file(error)
    }
  }

  /// What tells a role's file from another under its name; nil when there is none.
  func identity(_ role: [UInt8]) -> FileIdentity? {
    guard let status = try? file(role).status() else { return nil }
    return FileIdentity(status)
  }

  func remove(_ role: [UInt8]) throws(TUFError) {
    do throws(FileError) {
      try file(role).removeIfPresent()
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
