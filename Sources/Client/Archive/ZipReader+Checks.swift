import FileSystem

extension ZipReader {
  static func open(_ path: Path) throws(ArchiveError) -> File {
    do throws(FileError) { return try File(path, .read) } catch { throw .file(error) }
  }

  static func size(of file: borrowing File) throws(ArchiveError) -> Int64 {
    do throws(FileError) { return try file.status().size } catch { throw .file(error) }
  }

  static func directoryEnd(
    of file: borrowing File, size: Int64
  ) throws(ArchiveError) -> DirectoryEnd {
    let length = min(size, Int64(DirectoryEnd.tailLength))
    let tail = try readExactly(Int(length), at: size - length, of: file, .end)
    return try DirectoryEnd(tail: tail, size: size)
  }

  /// Reads the bytes of the central directory.
  static func directory(
    at end: DirectoryEnd, of file: borrowing File, limits: ArchiveLimits
  ) throws(ArchiveError) -> [UInt8] {
    guard end.entries <= Int64(limits.entries) else {
      throw .tooManyEntries(limit: limits.entries)
    }
    let length = end.end - end.start
    guard length <= min(limits.directoryBytes, Int64(UInt32.max)) else {
      throw .directoryTooLarge(limit: limits.directoryBytes)
    }
    return try readExactly(Int(length), at: end.start, of: file, .directoryHeader)
  }

  /// Takes the headers of the central directory, which must fill it exactly.
  ///
  /// - Returns: the bytes of all files together.
  static func readHeaders(
    at end: DirectoryEnd, into table: inout EntryTable, limits: ArchiveLimits
  ) throws(ArchiveError) -> Int64 {
    var reader = RecordReader(table.bytes, base: end.start, record: .directoryHeader)
    // Not more than there can be: the number in the end record is not to be trusted with memory.
    table.rows.reserveCapacity(
      min(Int(end.entries), table.bytes.count / ZipFormat.directoryHeaderLength))
    var total: Int64 = 0
    var files: Int64 = 0
    while Int64(table.rows.count) < end.entries {
      let row = try DirectoryHeader(&reader).row(limits: limits)
      guard row.size <= limits.totalBytes - total else {
        throw .contentsTooLarge(limit: limits.totalBytes)
      }
      total += row.size
      if row.kind == .file { files += row.size }
      table.rows.append(row)
    }
    guard reader.remaining == 0 else { throw reader.malformed }
    return files
  }

  /// Checks the header in front of each entry, and that the entries fill the archive from its first byte
  /// up to the central directory, each byte once.
  ///
  /// Overlaps are how a small archive decompresses to petabytes without being nested (Fifield, "A better
  /// zip bomb", 2019); gaps are where something can hide from one reader and be seen by another.
  static func locate(
    _ table: inout EntryTable, at directoryEnd: DirectoryEnd, in file: borrowing File
  ) throws(ArchiveError) {
    let directory = directoryEnd.start
    var order: [UInt32] = []
    order.reserveCapacity(table.count)
    for index in 0..<table.count { order.append(UInt32(truncatingIfNeeded: index)) }
    order.sort { table.rows[Int($0)].headerOffset < table.rows[Int($1)].headerOffset }
    // All offsets are in the file, then: no sum below can overflow.
    if let last = order.last, table.rows[Int(last)].headerOffset >= directory {
      throw .malformed(.localHeader, offset: table.rows[Int(last)].headerOffset)
    }
    var expected: Int64 = 0
    for (rank, place) in order.enumerated() {
      let index = Int(place)
      var reader = RecordReader(
        table.bytes, at: Int(table.rows[index].header), base: directory, record: .directoryHeader)
      let header = try DirectoryHeader(&reader)
      let start = header.numbers.offset
      let next =
        rank + 1 < order.count ? table.rows[Int(order[rank + 1])].headerOffset : directory
      guard start == expected else { throw .strayBytes(offset: expected) }
      let local = try LocalHeader(of: header, in: file)
      let data = start + Int64(local.length)
      guard data <= next, header.numbers.compressedSize <= next - data else {
        throw .overlap(entry: header.name)
      }
      let end = data + header.numbers.compressedSize
      if header.hasDescriptor {
        try DataDescriptor.check(of: header, from: end, to: next, in: file)
      } else if end != next {
        throw .strayBytes(offset: end)
      }
      table.rows[index].dataOffset = data
      expected = next
    }
    guard expected == directory else { throw .strayBytes(offset: expected) }
  }

  /// Reads and checks the targets of symbolic links, which are their contents.
  static func readLinks(
    _ table: inout EntryTable, with decoder: EntryDecoder, from file: borrowing File,
    limits: ArchiveLimits
  ) throws(ArchiveError) {
    var bytes = 0
    for index in 0..<table.count where table.isLink(index) {
      bytes += Int(table.rows[index].size)
      guard bytes <= limits.linkBytes else { throw .linksTooLong(limit: limits.linkBytes) }
      let entry = table.entry(index)
      let target = try decoder.contents(of: entry, from: file)
      try LinkTarget.check(target, of: entry.path)
      table.targets.append((index, target))
    }
  }
}
