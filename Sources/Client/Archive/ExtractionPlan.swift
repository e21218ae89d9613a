/// The folders that have to be made, in the order of a walk through the tree: those above before those in them.
///
/// A folder is kept as the entry that first needs it and how much of that entry's path it is, since its path itself
/// may be long and there may be many.
struct ExtractionPlan {
  private var folders: [(place: UInt32, length: UInt16)] = []
  private let walk: ArchiveEntries

  /// Plans the entries of an archive whose tree was checked.
  init(_ walk: ArchiveEntries) {
    self.walk = walk
    var before: [UInt8] = []
    for place in walk.indices {
      let entry = walk[place]
      let path = entry.path.bytes
      var index = Self.shared(path, before)
      while index < path.count {
        if path[index] == slash { append(place, index) }
        index += 1
      }
      if entry.kind == .directory { append(place, path.count) }
      before = path
    }
  }

  private mutating func append(_ place: Int, _ length: Int) {
    folders.append((UInt32(truncatingIfNeeded: place), UInt16(truncatingIfNeeded: length)))
  }

  /// Where the part of a path begins that the one before it in the walk does not lead to.
  private static func shared(_ path: [UInt8], _ before: [UInt8]) -> Int {
    var end = 0
    var index = 0
    while index < path.count, index < before.count, path[index] == before[index] {
      index += 1
      if path[index - 1] == slash { end = index }
    }
    return index == before.count && index < path.count && path[index] == slash ? index + 1 : end
  }

  var count: Int { folders.count }

  /// The path of a folder.
  func path(_ index: Int) -> ArraySlice<UInt8> {
    let folder = folders[index]
    return walk[Int(folder.place)].path.bytes[..<Int(folder.length)]
  }
}
