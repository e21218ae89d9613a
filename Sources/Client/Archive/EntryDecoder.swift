import CZlib
import FileSystem

/// Decodes the contents of entries, one after the other, with the same memory for all of them.
final class EntryDecoder {
  // In memory of its own: zlib keeps a pointer to the stream and checks that it has not moved.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer

  convenience init() throws(ArchiveError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard zlib_raw_inflate_init(stream) == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
    self.init(stream)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(_ stream: UnsafeMutablePointer<z_stream>) {
    self.stream = stream
    // Large enough that system calls don't matter, small enough to stay in the cache.
    input = .allocate(byteCount: 64 << 10, alignment: 16)
    output = .allocate(byteCount: 256 << 10, alignment: 16)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
    output.deallocate()
  }

  /// Hands the contents of an entry to `body`, piece by piece, and checks length and checksum.
  ///
  /// `body` never gets more bytes than declared; that they are the right ones is known on return only.
  func decode(
    _ entry: ArchiveEntry, from file: borrowing File,
    _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    var tally = Tally(entry)
    switch entry.method {
    case .stored: try copy(entry, from: file, &tally, body)
    case .deflate: try inflate(entry, from: file, &tally, body)
    }
    try tally.finish()
  }

  private func copy(
    _ entry: ArchiveEntry, from file: borrowing File, _ tally: inout Tally,
    _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    while tally.count < entry.size {
      let wanted = Int(min(Int64(output.count), entry.size - tally.count))
      let piece = try read(
        entry, from: file, at: entry.dataOffset + tally.count,
        into: UnsafeMutableRawBufferPointer(rebasing: output[..<wanted]))
      try tally.add(piece)
      try body(piece)
    }
  }

  private func inflate(
    _ entry: ArchiveEntry, from file: borrowing File, _ tally: inout Tally,
    _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    guard inflateReset(stream) == Z_OK else { throw .outOfMemory }
    stream.pointee.avail_in = 0
    var consumed: Int64 = 0
    while true {
      if stream.pointee.avail_in == 0 && consumed < entry.compressedSize {
        let wanted = Int(min(Int64(input.count), entry.compressedSize - consumed))
        let piece = try read(
          entry, from: file, at: entry.dataOffset + consumed,
          into: UnsafeMutableRawBufferPointer(rebasing: input[..<wanted]))
        consumed += Int64(piece.count)
        stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(piece.count)
      }
      stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(output.count)
      // Makes progress each time or says Z_BUF_ERROR, so the loop ends.
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      guard status == Z_OK || status == Z_STREAM_END else {
        throw .corruptData(entry: entry.path.bytes)
      }
      let made = output.count - Int(stream.pointee.avail_out)
      let piece = UnsafeRawBufferPointer(rebasing: output[..<made])
      try tally.add(piece)
      try body(piece)
      if status == Z_STREAM_END { break }
    }
    // Bytes behind the end of the stream would be hidden from everybody who looks at the contents.
    guard stream.pointee.avail_in == 0, consumed == entry.compressedSize else {
      throw .corruptData(entry: entry.path.bytes)
    }
  }

  /// Reads some bytes, at least one.
  private func read(
    _ entry: ArchiveEntry, from file: borrowing File, at offset: Int64,
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> UnsafeRawBufferPointer {
    let count: Int
    do throws(FileError) {
      count = try file.read(into: buffer, at: offset)
    } catch { throw .file(error) }
    guard count > 0 else { throw .truncated(entry: entry.path.bytes) }
    return UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }
}

/// Counts and sums up contents against what was declared for them.
private struct Tally {
  private let entry: ArchiveEntry
  private(set) var count: Int64 = 0
  private var crc: UInt = 0

  init(_ entry: ArchiveEntry) { self.entry = entry }

  mutating func add(_ piece: UnsafeRawBufferPointer) throws(ArchiveError) {
    guard Int64(piece.count) <= entry.size - count else { throw wrongSize }
    count += Int64(piece.count)
    crc = updateCRC(crc, with: piece)
  }

  func finish() throws(ArchiveError) {
    guard count == entry.size else { throw wrongSize }
    let found = UInt32(truncatingIfNeeded: crc)
    guard found == entry.crc32 else {
      throw .wrongChecksum(entry: entry.path.bytes, declared: entry.crc32, found: found)
    }
  }

  private var wrongSize: ArchiveError {
    .wrongSize(entry: entry.path.bytes, declared: entry.size)
  }
}

/// The CRC-32 of what came before, of which 0 is that of nothing, and then `piece`.
func updateCRC(_ crc: UInt, with piece: UnsafeRawBufferPointer) -> UInt {
  // For a null pointer, which an empty piece may have, zlib returns the starting value.
  guard piece.count > 0 else { return crc }
  return crc32(
    crc, piece.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt32(piece.count))
}
