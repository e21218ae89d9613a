/// The entries of an archive, in the order of its central directory or of a walk through the tree.
public struct ArchiveEntries: RandomAccessCollection {
  private let table: EntryTable
  private let isWalk: Bool

  init(_ table: EntryTable, isWalk: Bool = false) {
    self.table = table
    self.isWalk = isWalk
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// The number of entries.
  public var endIndex: Int { table.count }

  /// One entry, put together when it is asked for.
  public subscript(position: Int) -> ArchiveEntry {
    table.entry(isWalk ? Int(table.order[position]) : position)
  }
}
