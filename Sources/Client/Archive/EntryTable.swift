import Bytes
import FileSystem

/// All entries of an archive, in the memory of its central directory and some 50 bytes each.
///
/// Names and checksums stay where they were read; an ``ArchiveEntry`` is made when one is asked for.
struct EntryTable {
  /// What can't be read off the central directory again, or not at once.
  struct Row {
    /// Where the entry's header begins in the central directory, in bytes.
    let header: UInt32
    let name: UInt32
    /// The length of the name without the `/` that a folder's ends with, in bytes.
    let nameLength: UInt16
    let kind: Kind
    let isExecutable: Bool
    let method: CompressionMethod
    let crc32: UInt32
    let size: Int64
    let compressedSize: Int64
    let headerOffset: Int64
    var dataOffset: Int64 = 0
  }

  enum Kind: UInt8 {
    case file, directory, link
  }

  /// The central directory as it stands in the archive.
  let bytes: [UInt8]
  var rows: [Row] = []
  /// What links say, in the order of ``rows``.
  var targets: [(index: Int, target: [UInt8])] = []
  /// The indices of ``rows`` in the order of a walk: a folder, then all that is in it.
  var order: [UInt32] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  func entry(_ index: Int) -> ArchiveEntry {
    let row = rows[index]
    let kind: EntryKind
    switch row.kind {
    case .file: kind = .file
    case .directory: kind = .directory
    case .link: kind = .symbolicLink(target: target(index))
    }
    return ArchiveEntry(
      path: EntryPath(checked: Array(path(index))), kind: kind, isExecutable: row.isExecutable,
      size: row.size, compressedSize: row.compressedSize, crc32: row.crc32, method: row.method,
      headerOffset: row.headerOffset, dataOffset: row.dataOffset)
  }

  /// What a link says; empty until it has been read.
  private func target(_ index: Int) -> [UInt8] {
    let place = targets.partitioningIndex { $0.index >= index }
    return place < targets.count && targets[place].index == index ? targets[place].target : []
  }

  /// The index in ``rows`` of the entry of a path; nil where there is none.
  func find(_ wanted: [UInt8]) -> Int? { place(wanted).map { Int(order[$0]) } }

  /// The index in ``order`` of the entry of a path; nil where there is none.
  func place(_ wanted: [UInt8]) -> Int? {
    let first = firstPlace(notBefore: wanted)
    guard first < order.count, path(Int(order[first])).elementsEqual(wanted) else { return nil }
    return first
  }

  /// True when there are entries in a folder of this path.
  func isFolder(_ wanted: [UInt8]) -> Bool {
    // What is in a folder follows it at once.
    let first = firstPlace(notBefore: wanted + [slash])
    return first < order.count && path(Int(order[first])).starts(with: wanted + [slash])
  }

  private func firstPlace(notBefore wanted: [UInt8]) -> Int {
    order.partitioningIndex { !TreeCheck.precedes(path(Int($0)), wanted[...]) }
  }
}

extension EntryTable: PathTable {
  var count: Int { rows.count }

  func path(_ index: Int) -> ArraySlice<UInt8> {
    let start = Int(rows[index].name)
    return bytes[start..<start + Int(rows[index].nameLength)]
  }

  func isDirectory(_ index: Int) -> Bool { rows[index].kind == .directory }
  func isLink(_ index: Int) -> Bool { rows[index].kind == .link }
}
