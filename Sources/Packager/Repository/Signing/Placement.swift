import FileSystem
import JSON
import TUF

/// The renames that put a change in place, in their order, and the files that then go.
///
/// All paths are relative to the repository's folder. Carrying it out again after a crash at any point
/// ends in the same state.
package struct Placement: Sendable {
  /// Nothing refers to these before the files in ``switches`` are there.
  package var moves: [(from: [UInt8], to: [UInt8])] = []
  /// What makes the rest count, one after the other.
  var switches: [(from: [UInt8], to: [UInt8])] = []
  /// Files that nobody needs any more.
  var removals: [[UInt8]] = []

  init() {}

  /// Reads what ``json`` wrote; nil when it is anything else.
  init?(_ value: JSONValue) {
    guard let moves = Self.pairs(value["moves"]), let switches = Self.pairs(value["switches"]),
      let removals = Self.paths(value["removals"])
    else { return nil }
    self.moves = moves
    self.switches = switches
    self.removals = removals
  }

  /// The two paths of each move in a list; nil when it is no such list.
  static func pairs(_ list: JSONValue?) -> [(from: [UInt8], to: [UInt8])]? {
    guard let list, list.isArray else { return nil }
    var found: [(from: [UInt8], to: [UInt8])] = []
    for entry in list.elements {
      guard let from = entry["from"]?.text, let to = entry["to"]?.text else { return nil }
      found.append((from, to))
    }
    return found
  }

  /// The paths in a list; nil when it is no such list.
  static func paths(_ list: JSONValue?) -> [[UInt8]]? {
    guard let list, list.isArray else { return nil }
    var found: [[UInt8]] = []
    for entry in list.elements {
      guard let path = entry.text else { return nil }
      found.append(path)
    }
    return found
  }

  var json: JSONBuilder {
    [
      "moves": Self.list(moves), "switches": Self.list(switches),
      "removals": .array(removals.map { .bytes($0) }),
    ]
  }

  static func list(_ pairs: [(from: [UInt8], to: [UInt8])]) -> JSONBuilder {
    .array(
      pairs.map { pair -> JSONBuilder in
        ["from": .bytes(pair.from), "to": .bytes(pair.to)]
      })
  }

  /// Carries it out.
  ///
  /// - Throws: ``RepositoryError/undone(folder:_:isHalfSeen:)``; what was decided stays decided then.
  func carryOut(in directory: Path) throws(RepositoryError) {
    do throws(FileError) {
      var folders: Set<[UInt8]> = []
      for move in moves { try Self.move(move, in: directory, &folders) }
      // What is referred to is on disk before what refers to it has its name.
      for folder in folders { try FileSystem.syncDirectory(Path(folder)) }
      for move in switches {
        var folders: Set<[UInt8]> = []
        try Self.move(move, in: directory, &folders)
        for folder in folders { try FileSystem.syncDirectory(Path(folder)) }
      }
      for path in removals { try FileSystem.removeIfPresent(directory.appending(path)) }
    } catch {
      throw .undone(
        folder: directory, error, isHalfSeen: (try? isHalfSeen(in: directory)) ?? true)
    }
  }

  /// True for a move that was carried out already.
  static func isDone(
    _ move: (from: [UInt8], to: [UInt8]), in directory: Path
  ) throws(FileError) -> Bool {
    if try FileSystem.exists(directory.appending(move.from)) { return false }
    return try FileSystem.exists(directory.appending(move.to))
  }

  private static func move(
    _ move: (from: [UInt8], to: [UInt8]), in directory: Path, _ folders: inout Set<[UInt8]>
  ) throws(FileError) {
    let source = directory.appending(move.from)
    let destination = directory.appending(move.to)
    if folders.insert(destination.parent.bytes).inserted {
      try ServedFolder.make(destination.parent)
      // The folders on the way may be new as well.
      var way = move.to[...]
      while let slash = way.lastIndex(of: UInt8(ascii: "/")) {
        way = way[..<slash]
        folders.insert(directory.appending(Array(way)).bytes)
      }
      folders.insert(directory.bytes)
    }
    do throws(FileError) {
      try FileSystem.rename(source, to: destination)
    } catch {
      // Moved already, by a run that was interrupted.
      if error.isMissing, try isDone(move, in: directory) { return }
      // What is in the way stands at the new name.
      throw error.isMissing ? error : FileError(.rename, destination, code: error.code)
    }
  }
}
