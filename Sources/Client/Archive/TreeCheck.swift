/// Paths of entries that are to make one tree.
protocol PathTable {
  var count: Int { get }
  func path(_ index: Int) -> ArraySlice<UInt8>
  func isDirectory(_ index: Int) -> Bool
  func isLink(_ index: Int) -> Bool
}

/// Whether all entries together make one tree that every file system builds the same way.
///
/// Sorting rather than hashing: a hostile archive can't choose names that collide.
enum TreeCheck {
  /// Refuses two entries of one path, entries inside something that is no folder, links that a file system
  /// blind to case would take for another entry or its folder, and more entries and folders than a limit: those
  /// that are only implied count as well.
  ///
  /// Files that differ in case alone are allowed, the Linux kernel's headers have such: where the volume
  /// takes them for one, the second fails on the first, as files are only ever created anew.
  ///
  /// - Returns: the indices of entries in the order of a walk: a folder, then all that is in it.
  static func check<Table: PathTable>(
    _ table: Table, limit: Int
  ) throws(ArchiveError) -> [UInt32] {
    let order = sorted(table) { precedes($0, $1) }
    var made = 0
    for place in order.indices {
      let current = Int(order[place])
      let path = table.path(current)
      if place + 1 < order.count {
        let next = table.path(Int(order[place + 1]))
        if path == next { throw .duplicate(entry: Array(next)) }
        // What is in a folder follows it at once in this order, so one look is enough.
        if !table.isDirectory(current) && isFolder(path, of: next) {
          throw .notAFolder(entry: Array(path))
        }
      }
      made += newLevels(path, after: place == 0 ? nil : table.path(Int(order[place - 1])))
      guard made <= limit else { throw .tooManyEntries(limit: limit) }
    }
    try checkLinks(table)
    return order
  }

  private static func sorted<Table: PathTable>(
    _ table: Table, by precedes: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Bool
  ) -> [UInt32] {
    var order: [UInt32] = []
    order.reserveCapacity(table.count)
    for index in 0..<table.count { order.append(UInt32(truncatingIfNeeded: index)) }
    order.sort { precedes(table.path(Int($0)), table.path(Int($1))) }
    return order
  }

  /// How many components of a path the one before it in the walk does not lead to.
  private static func newLevels(_ path: ArraySlice<UInt8>, after before: ArraySlice<UInt8>?) -> Int
  {
    var rest = path
    if let before {
      var shared = path.startIndex
      var place = path.startIndex
      var other = before.startIndex
      while place < path.endIndex, other < before.endIndex, path[place] == before[other] {
        place += 1
        other += 1
        if path[place - 1] == slash { shared = place }
      }
      // The whole of it is the folder of this one.
      if other == before.endIndex, place < path.endIndex, path[place] == slash {
        shared = place + 1
      }
      rest = path[shared...]
    }
    var levels = 1
    for byte in rest where byte == slash { levels += 1 }
    return levels
  }

  private static func checkLinks<Table: PathTable>(_ table: Table) throws(ArchiveError) {
    var hasLinks = false
    for index in 0..<table.count where table.isLink(index) {
      hasLinks = true
      break
    }
    guard hasLinks else { return }
    let order = sorted(table) { precedes($0, $1, folding: true) }
    for place in order.indices where table.isLink(Int(order[place])) {
      let link = table.path(Int(order[place]))
      var isTwin = place > 0 && isSame(table.path(Int(order[place - 1])), link)
      if place + 1 < order.count {
        let next = table.path(Int(order[place + 1]))
        isTwin = isTwin || isSame(next, link) || isFolder(link, of: next, folding: true)
      }
      if isTwin { throw .linkTwin(entry: Array(link)) }
    }
  }

  /// Byte order, but with the separator before everything else: `a/b` before `a-b`.
  static func precedes(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, folding: Bool = false
  ) -> Bool {
    var a = first.startIndex
    var b = second.startIndex
    while a < first.endIndex, b < second.endIndex {
      let left = folding ? folded(first[a]) : first[a]
      let right = folding ? folded(second[b]) : second[b]
      if left != right { return left == slash || (right != slash && left < right) }
      a += 1
      b += 1
    }
    return first.count < second.count
  }

  private static func isFolder(
    _ folder: ArraySlice<UInt8>, of path: ArraySlice<UInt8>, folding: Bool = false
  ) -> Bool {
    guard path.count > folder.count, path[path.startIndex + folder.count] == slash else {
      return false
    }
    let front = path.prefix(folder.count)
    return folding ? isSame(front, folder) : front == folder
  }

  /// Equal but for the case of ASCII letters.
  private static func isSame(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Bool {
    guard first.count == second.count else { return false }
    for (left, right) in zip(first, second) where folded(left) != folded(right) { return false }
    return true
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
