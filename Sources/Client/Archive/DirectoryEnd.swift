/// The records at the end of an archive, which tell where its central directory is.
///
///     offset  bytes  end record, §4.3.16          offset  bytes  zip64 end record, §4.3.14
///          0      4  signature                         0      4  signature
///          4      2  this disk, 0                      4      8  bytes that follow, 44
///          6      2  disk of the directory, 0         12      2  version made by
///          8      2  entries on this disk             14      2  version needed
///         10      2  entries                          16      4  this disk, 0
///         12      4  bytes of the directory           20      4  disk of the directory, 0
///         16      4  offset of the directory          24      8  entries on this disk
///         20      2  bytes of the comment, 0          32      8  entries
///                                                     40      8  bytes of the directory
///     zip64 locator between the two, §4.3.15          48      8  offset of the directory
///          0      4  signature
///          4      4  disk of the zip64 end record, 0
///          8      8  offset of the zip64 end record
///         16      4  number of disks, 1
///
/// Off-spec: an archive comment is refused, and the records must stand at the very end without a gap.
/// Readers search backwards for the end record in different ways, so that a comment which looks like one
/// shows different archives to different readers.
struct DirectoryEnd {
  let entries: Int64
  /// Where the central directory starts and ends, in bytes.
  let start: Int64
  let end: Int64

  /// The most bytes that the three records take.
  static let tailLength =
    ZipFormat.zip64EndLength + ZipFormat.zip64LocatorLength + ZipFormat.endLength

  /// Reads the records from the last bytes of an archive of `size` bytes: ``tailLength`` of them, or all.
  init(tail: [UInt8], size: Int64) throws(ArchiveError) {
    let base = size - Int64(tail.count)
    let endPosition = tail.count - ZipFormat.endLength
    guard endPosition >= 0 else { throw .noEndRecord }
    let short = try ShortEnd(tail, at: endPosition, base: base)
    let long = try LongEnd(tail, before: endPosition, base: base)

    if let long {
      // Where both have a number they must agree: some readers look at the one, some at the other.
      guard
        short.entries == ZipFormat.full16 || Int64(short.entries) == long.entries,
        short.length == ZipFormat.full32 || Int64(short.length) == long.length,
        short.offset == ZipFormat.full32 || Int64(short.offset) == long.offset
      else { throw .malformed(.end, offset: base + Int64(endPosition)) }
      entries = long.entries
      start = long.offset
      end = size - Int64(DirectoryEnd.tailLength)
    } else {
      entries = Int64(short.entries)
      start = Int64(short.offset)
      end = size - Int64(ZipFormat.endLength)
    }
    let length = long?.length ?? Int64(short.length)
    guard start <= end, length <= end else { throw .malformed(.end, offset: end) }
    guard start + length <= end else { throw .malformed(.end, offset: end) }
    // Also met when something was put in front of the archive, which moves all offsets.
    guard start + length == end else { throw .strayBytes(offset: start + length) }
  }
}

/// The end record as it stands.
private struct ShortEnd {
  let entries: UInt16
  let length: UInt32
  let offset: UInt32

  init(_ tail: [UInt8], at position: Int, base: Int64) throws(ArchiveError) {
    var reader = RecordReader(tail, at: position, base: base, record: .end)
    guard try reader.u32() == ZipFormat.end else { throw .noEndRecord }
    let disks = (try reader.u16(), try reader.u16())
    let here = try reader.u16()
    entries = try reader.u16()
    length = try reader.u32()
    offset = try reader.u32()
    if try reader.u16() != 0 { throw .noEndRecord }
    // Writers of zip64 may fill these as well.
    let isOneDisk =
      (disks.0 == 0 || disks.0 == ZipFormat.full16)
      && (disks.1 == 0 || disks.1 == ZipFormat.full16)
    guard isOneDisk, here == entries else { throw .multipleDisks }
  }
}

/// The zip64 end record behind its locator.
private struct LongEnd {
  let entries: Int64
  let length: Int64
  let offset: Int64

  /// Reads both; nil when there is no locator in front of the end record.
  init?(_ tail: [UInt8], before end: Int, base: Int64) throws(ArchiveError) {
    let locatorPosition = end - ZipFormat.zip64LocatorLength
    guard locatorPosition >= 0 else { return nil }
    var locator = RecordReader(tail, at: locatorPosition, base: base, record: .zip64Locator)
    guard try locator.u32() == ZipFormat.zip64Locator else { return nil }
    guard try locator.u32() == 0 else { throw .multipleDisks }
    let position = locatorPosition - ZipFormat.zip64EndLength
    guard position >= 0, try locator.i64() == base + Int64(position) else {
      throw locator.malformed
    }
    guard try locator.u32() == 1 else { throw .multipleDisks }

    var reader = RecordReader(tail, at: position, base: base, record: .zip64End)
    try reader.expect(ZipFormat.zip64End)
    // The length leaves out itself and the signature; more would be the "extensible data sector".
    guard try reader.i64() == Int64(ZipFormat.zip64EndLength - 12) else { throw reader.malformed }
    _ = try reader.u32()  // the two versions
    guard try reader.u32() == 0, try reader.u32() == 0 else { throw .multipleDisks }
    let here = try reader.i64()
    entries = try reader.i64()
    guard here == entries else { throw .multipleDisks }
    length = try reader.i64()
    offset = try reader.i64()
  }
}
