/// The numbers that stand in a header as all ones, and in its zip64 extra field instead.
struct LongNumbers {
  /// The length of the contents, decompressed and compressed, in bytes.
  var size: Int64
  var compressedSize: Int64
  /// The offset of the local header, 0 where the header has none.
  var offset: Int64 = 0

  /// Takes the short numbers of a header, and the long ones of its extra fields for those that are full.
  ///
  /// Extra fields must follow one another without a rest, and zip64 numbers must be exactly those wanted,
  /// in this order: size, compressed size, offset. (APPNOTE §4.5.3)
  ///
  /// - Throws: ``ArchiveError/malformed(_:offset:)``, or ``ArchiveError/path(_:_:)`` when a Unicode path
  ///   names the entry differently, as readers differ on which name they take.
  init(
    size: UInt32, compressedSize: UInt32, offset: UInt32 = 0, extra: [UInt8], name: [UInt8],
    base: Int64, record: ZipRecord
  ) throws(ArchiveError) {
    self.size = Int64(size)
    self.compressedSize = Int64(compressedSize)
    self.offset = Int64(offset)
    let full = ZipFormat.full32
    var isWanting = size == full || compressedSize == full || offset == full
    var reader = RecordReader(extra, base: base, record: record)
    while reader.remaining > 0 {
      let id = try reader.u16()
      let length = Int(try reader.u16())
      let field = try reader.take(length)
      if id == ZipFormat.zip64Extra {
        guard isWanting else { throw reader.malformed }
        isWanting = false
        var numbers = RecordReader(field, base: base, record: record)
        if size == full { self.size = try numbers.i64() }
        if compressedSize == full { self.compressedSize = try numbers.i64() }
        if offset == full { self.offset = try numbers.i64() }
        guard numbers.remaining == 0 else { throw reader.malformed }
      } else if id == ZipFormat.unicodePathExtra {
        // One byte of version and four of a CRC-32 stand before the name.
        guard field.count >= 5 else { throw reader.malformed }
        if !field[5...].elementsEqual(name) { throw .path(name, .secondName) }
      }
    }
    // A number that is full and has no long one would be 4 GiB less one byte exactly: no writer does that.
    guard !isWanting else { throw reader.malformed }
  }
}
