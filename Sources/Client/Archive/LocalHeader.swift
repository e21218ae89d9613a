import FileSystem

/// The header in front of an entry's contents. (APPNOTE §4.3.7)
///
///     offset  bytes
///          0      4  signature
///          4      2  version needed
///          6      2  flags
///          8      2  compression method
///         10      4  time and date, not read
///         14      4  CRC-32
///         18      4  compressed size
///         22      4  size
///         26      4  lengths of name and extra fields
///         30         name, extra fields
struct LocalHeader {
  /// The bytes that the header takes up.
  let length: Int

  /// Reads the header of an entry, which must say what the central directory says.
  ///
  /// Streaming writers know length and checksum only afterwards; their headers may say 0 instead.
  init(of header: DirectoryHeader, in file: borrowing File) throws(ArchiveError) {
    let offset = header.numbers.offset
    var fixed = RecordReader(
      try readExactly(ZipFormat.localHeaderLength, at: offset, of: file, .localHeader),
      base: offset, record: .localHeader)
    try fixed.expect(ZipFormat.localHeader)
    _ = try fixed.u16()
    let flags = try fixed.u16()
    let method = try fixed.u16()
    _ = try fixed.u32()
    let crc32 = try fixed.u32()
    let compressedSize = try fixed.u32()
    let size = try fixed.u32()
    let nameLength = Int(try fixed.u16())
    let extraLength = Int(try fixed.u16())
    length = ZipFormat.localHeaderLength + nameLength + extraLength

    let nameOffset = offset + Int64(ZipFormat.localHeaderLength)
    var rest = RecordReader(
      try readExactly(nameLength + extraLength, at: nameOffset, of: file, .localHeader),
      base: nameOffset, record: .localHeader)
    let name = try rest.take(nameLength)
    guard name == header.name else { throw .headersDisagree(entry: header.name, .name) }
    guard flags == header.flags else { throw .headersDisagree(entry: header.name, .flags) }
    guard method == header.method else { throw .headersDisagree(entry: header.name, .method) }
    let numbers = try LongNumbers(
      size: size, compressedSize: compressedSize, extra: try rest.take(extraLength), name: name,
      base: nameOffset + Int64(nameLength), record: .localHeader)

    let mayBeZero = header.hasDescriptor
    guard crc32 == header.crc32 || (mayBeZero && crc32 == 0) else {
      throw .headersDisagree(entry: header.name, .checksum)
    }
    // Each by itself: Info-ZIP, streaming, knows the size but not yet the compressed size.
    let (size64, packed64) = (numbers.size, numbers.compressedSize)
    guard
      size64 == header.numbers.size || (mayBeZero && size64 == 0),
      packed64 == header.numbers.compressedSize || (mayBeZero && packed64 == 0)
    else { throw .headersDisagree(entry: header.name, .size) }
  }
}

/// The descriptor behind the contents of an entry whose length was not known before. (APPNOTE §4.3.9)
///
/// Its signature is optional and its lengths have four bytes or eight, so its own length, known from where
/// the next record starts, has to tell.
enum DataDescriptor {
  static func check(
    of header: DirectoryHeader, from start: Int64, to end: Int64, in file: borrowing File
  ) throws(ArchiveError) {
    let length = end - start
    let isKnown = length == 12 || length == 16 || length == 20 || length == 24
    guard isKnown else { throw .malformed(.dataDescriptor, offset: start) }
    var reader = RecordReader(
      try readExactly(Int(length), at: start, of: file, .dataDescriptor), base: start,
      record: .dataDescriptor)
    if length == 16 || length == 24 { try reader.expect(ZipFormat.dataDescriptor) }
    guard try reader.u32() == header.crc32 else {
      throw .headersDisagree(entry: header.name, .checksum)
    }
    let isLong = length >= 20
    let compressedSize = isLong ? try reader.i64() : Int64(try reader.u32())
    let size = isLong ? try reader.i64() : Int64(try reader.u32())
    guard size == header.numbers.size, compressedSize == header.numbers.compressedSize else {
      throw .headersDisagree(entry: header.name, .size)
    }
  }
}

/// Reads bytes that must all be there.
func readExactly(
  _ count: Int, at offset: Int64, of file: borrowing File, _ record: ZipRecord
) throws(ArchiveError) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  var filled = 0
  while filled < count {
    let got: Int
    do throws(FileError) {
      got = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(
          into: UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: buffer[filled...])),
          at: offset + Int64(filled))
      }
    } catch { throw .file(error) }
    if got == 0 { throw .malformed(record, offset: offset) }
    filled += got
  }
  return bytes
}
