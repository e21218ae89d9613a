import CZlib
import FileSystem

/// How contents ended up in an archive.
struct EncodedContents {
  let method: CompressionMethod
  /// The bytes that they take up.
  let length: Int64
  let crc32: UInt32
}

/// Encodes the contents of entries, one after the other, with the same memory for all of them.
final class EntryEncoder {
  // In memory of its own: zlib keeps a pointer to the stream and checks that it has not moved.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer

  convenience init() throws(ArchiveError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard zlib_raw_deflate_init(stream) == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
    self.init(stream)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(_ stream: UnsafeMutablePointer<z_stream>) {
    self.stream = stream
    input = .allocate(byteCount: 64 << 10, alignment: 16)
    output = .allocate(byteCount: 64 << 10, alignment: 16)
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    input.deallocate()
    output.deallocate()
  }

  /// Writes contents at an offset of the archive, compressed if that makes them shorter.
  func encode(
    _ source: EntrySource, to file: borrowing File, at offset: Int64, compressing: Bool
  ) throws(ArchiveError) -> EncodedContents {
    var encoded: EncodedContents?
    if compressing { encoded = try deflate(source, to: file, at: offset) }
    let result: EncodedContents
    if let encoded { result = encoded } else { result = try store(source, to: file, at: offset) }
    try source.checkUnchanged()
    return result
  }

  private func store(
    _ source: EntrySource, to file: borrowing File, at offset: Int64
  ) throws(ArchiveError) -> EncodedContents {
    var crc: UInt = 0
    var taken: Int64 = 0
    try seek(file, to: offset, source.entry)
    while taken < source.size {
      let piece = try source.read(into: input, at: taken)
      taken += Int64(piece.count)
      crc = updateCRC(crc, with: piece)
      try write(piece, to: file, source.entry)
    }
    return EncodedContents(
      method: .stored, length: taken, crc32: UInt32(truncatingIfNeeded: crc))
  }

  /// Compresses, or gives up with nil as soon as it is clear that nothing is gained.
  private func deflate(
    _ source: EntrySource, to file: borrowing File, at offset: Int64
  ) throws(ArchiveError) -> EncodedContents? {
    guard deflateReset(stream) == Z_OK else { throw .outOfMemory }
    // The run before may have given up with input left.
    stream.pointee.avail_in = 0
    var crc: UInt = 0
    var taken: Int64 = 0
    var made: Int64 = 0
    try seek(file, to: offset, source.entry)
    while true {
      if stream.pointee.avail_in == 0 && taken < source.size {
        let piece = try source.read(into: input, at: taken)
        taken += Int64(piece.count)
        crc = updateCRC(crc, with: piece)
        stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(piece.count)
      }
      stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(output.count)
      let status = CZlib.deflate(stream, taken == source.size ? Z_FINISH : Z_NO_FLUSH)
      guard status == Z_OK || status == Z_STREAM_END else {
        throw .outOfMemory
      }
      let count = output.count - Int(stream.pointee.avail_out)
      made += Int64(count)
      if made >= source.size { return nil }
      try write(UnsafeRawBufferPointer(rebasing: output[..<count]), to: file, source.entry)
      if status == Z_STREAM_END { break }
    }
    return EncodedContents(
      method: .deflate, length: made, crc32: UInt32(truncatingIfNeeded: crc))
  }

  private func seek(
    _ file: borrowing File, to offset: Int64, _ entry: [UInt8]
  ) throws(ArchiveError) {
    do throws(FileError) {
      try file.seek(to: offset)
    } catch { throw .entryFile(entry: entry, error) }
  }

  private func write(
    _ piece: UnsafeRawBufferPointer, to file: borrowing File, _ entry: [UInt8]
  ) throws(ArchiveError) {
    do throws(FileError) {
      try file.write(piece)
    } catch { throw .entryFile(entry: entry, error) }
  }
}
