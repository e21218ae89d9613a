/// Whether all entries together make one tree that every file system builds the same way.
///
/// Sorting rather than hashing: a hostile archive can't choose names that collide.
enum TreeCheck {
  /// Refuses two entries of one path, entries inside something that is no folder, and links that a file
  /// system blind to case would take for another entry or its folder.
  ///
  /// Files that differ in case alone are allowed, the Linux kernel's headers have such: where the volume
  /// takes them for one, the second fails on the first, as files are only ever created anew.
  static func check(_ entries: [ArchiveEntry]) throws(ArchiveError) {
    let order = sorted(entries)
    for (index, current) in order.dropLast().enumerated() {
      let entry = entries[current]
      let next = entries[order[index + 1]].path.bytes
      if entry.path.bytes == next { throw .duplicate(entry: next) }
      // What is in a folder follows it at once in this order, so one look is enough.
      if entry.kind != .directory && isFolder(entry.path.bytes, of: next) {
        throw .notAFolder(entry: entry.path.bytes)
      }
    }
    try checkLinks(entries)
  }

  /// The indices of entries in the order of a walk: a folder, then all that is in it.
  static func sorted(_ entries: [ArchiveEntry]) -> [Int] {
    entries.indices.sorted { precedes(entries[$0].path.bytes, entries[$1].path.bytes) }
  }

  private static func checkLinks(_ entries: [ArchiveEntry]) throws(ArchiveError) {
    guard entries.contains(where: { $0.isLink }) else { return }
    var folded: [(path: [UInt8], index: Int)] = []
    folded.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      folded.append((foldingCase(entry.path.bytes), index))
    }
    folded.sort { precedes($0.path, $1.path) }
    for place in folded.indices where entries[folded[place].index].isLink {
      let link = folded[place].path
      var isTwin = place > 0 && folded[place - 1].path == link
      if place + 1 < folded.count {
        let next = folded[place + 1].path
        isTwin = isTwin || next == link || isFolder(link, of: next)
      }
      if isTwin { throw .linkTwin(entry: entries[folded[place].index].path.bytes) }
    }
  }

  /// Byte order, but with the separator before everything else: `a/b` before `a-b`.
  private static func precedes(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    for (left, right) in zip(first, second) where left != right {
      return left == slash || (right != slash && left < right)
    }
    return first.count < second.count
  }

  private static func isFolder(_ folder: [UInt8], of path: [UInt8]) -> Bool {
    path.count > folder.count && path[folder.count] == slash && path.starts(with: folder)
  }

  private static func foldingCase(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}

extension ArchiveEntry {
  var isLink: Bool {
    if case .symbolicLink = kind { return true }
    return false
  }
}
