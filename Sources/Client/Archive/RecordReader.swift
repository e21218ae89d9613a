/// Reads the little-endian numbers of one record after the other; never reads past its bytes.
///
/// (APPNOTE §4.4.1.1: numbers are little-endian, unsigned and not aligned.)
struct RecordReader {
  let bytes: [UInt8]
  private(set) var position: Int
  /// Where in the archive the first of the bytes stands, for messages.
  let base: Int64
  /// What is being read, for messages.
  let record: ZipRecord

  init(_ bytes: [UInt8], at position: Int = 0, base: Int64, record: ZipRecord) {
    self.bytes = bytes
    self.position = position
    self.base = base
    self.record = record
  }

  var remaining: Int { bytes.count - position }

  /// The error for this record; its offset is where reading has got to.
  var malformed: ArchiveError { .malformed(record, offset: base &+ Int64(position)) }

  mutating func u16() throws(ArchiveError) -> UInt16 { UInt16(truncatingIfNeeded: try number(2)) }

  mutating func u32() throws(ArchiveError) -> UInt32 { UInt32(truncatingIfNeeded: try number(4)) }

  /// A number of eight bytes that must be a length or an offset of a file.
  mutating func i64() throws(ArchiveError) -> Int64 {
    guard let value = Int64(exactly: try number(8)) else { throw malformed }
    return value
  }

  mutating func take(_ count: Int) throws(ArchiveError) -> [UInt8] {
    guard count <= remaining else { throw malformed }
    defer { position += count }
    return Array(bytes[position..<(position + count)])
  }

  /// Reads a signature, which must be the one given.
  mutating func expect(_ signature: UInt32) throws(ArchiveError) {
    guard remaining >= 4 else { throw malformed }
    let start = self
    if try u32() != signature { throw start.malformed }
  }

  private mutating func number(_ width: Int) throws(ArchiveError) -> UInt64 {
    guard width <= remaining else { throw malformed }
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += width
    return value
  }
}

/// The bytes of a record being written, little-endian.
struct RecordBytes {
  private(set) var bytes: [UInt8] = []

  mutating func u16(_ value: UInt16) { append(UInt64(value), 2) }
  mutating func u32(_ value: UInt32) { append(UInt64(value), 4) }
  mutating func u64(_ value: UInt64) { append(value, 8) }
  mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

  private mutating func append(_ value: UInt64, _ width: Int) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
