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

  /// Reads the central directory, whose headers must fill it exactly.
  static func headers(
    at end: DirectoryEnd, of file: borrowing File, limits: ArchiveLimits
  ) throws(ArchiveError) -> [DirectoryHeader] {
    guard end.entries <= Int64(limits.entries) else {
      throw .tooManyEntries(limit: limits.entries)
    }
    let length = end.end - end.start
    guard length <= limits.directoryBytes else {
      throw .directoryTooLarge(limit: limits.directoryBytes)
    }
    let bytes = try readExactly(Int(length), at: end.start, of: file, .directoryHeader)
    var reader = RecordReader(bytes, base: end.start, record: .directoryHeader)
    var headers: [DirectoryHeader] = []
    // Not more than there can be: the number in the end record is not to be trusted with memory.
    headers.reserveCapacity(min(Int(end.entries), bytes.count / ZipFormat.directoryHeaderLength))
    while Int64(headers.count) < end.entries { headers.append(try DirectoryHeader(&reader)) }
    guard reader.remaining == 0 else { throw reader.malformed }
    return headers
  }

  /// Checks the header in front of each entry, and that the entries fill the archive from its first byte
  /// up to the central directory, each byte once.
  ///
  /// Overlaps are how a small archive decompresses to petabytes without being nested (Fifield, "A better
  /// zip bomb", 2019); gaps are where something can hide from one reader and be seen by another.
  static func locate(
    _ entries: inout [ArchiveEntry], _ headers: [DirectoryHeader], before directory: Int64,
    in file: borrowing File
  ) throws(ArchiveError) {
    let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
    // All offsets are in the file, then: no sum below can overflow.
    if let last = order.last, entries[last].headerOffset >= directory {
      throw .malformed(.localHeader, offset: entries[last].headerOffset)
    }
    var expected: Int64 = 0
    for (rank, index) in order.enumerated() {
      let header = headers[index]
      let start = header.numbers.offset
      let next = rank + 1 < order.count ? entries[order[rank + 1]].headerOffset : directory
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
      entries[index].dataOffset = data
      expected = next
    }
    guard expected == directory else { throw .strayBytes(offset: expected) }
  }

  /// Reads and checks the targets of symbolic links, which are their contents.
  static func readLinks(
    _ entries: inout [ArchiveEntry], with decoder: EntryDecoder, from file: borrowing File
  ) throws(ArchiveError) {
    for index in entries.indices where entries[index].isLink {
      let target = try decoder.contents(of: entries[index], from: file)
      try LinkTarget.check(target, of: entries[index].path)
      entries[index].kind = .symbolicLink(target: target)
    }
  }
}
