import CZlib

/// Compression as HTTP knows it. RFC 1952
package enum Gzip {
  /// From here on thoroughness costs seconds for a few percent: what is so long is mostly hashes.
  private static let long = 2 << 20

  /// The compressed bytes, the same for the same input; nil when there is no memory for it.
  static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard zlib_gzip_init(&stream, bytes.count < long ? 6 : 5) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let space = Int(deflateBound(&stream, UInt(bytes.count)))
    let (status, output) = run(&stream, bytes, space) { deflate(&$0, Z_FINISH) }
    return status == Z_STREAM_END ? output : nil
  }

  /// What was compressed; nil for other bytes, and for more than `limit` of them.
  package static func decompress(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var stream = z_stream()
    guard zlib_gzip_inflate_init(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    // One more than may come, to see when more comes.
    let (status, output) = run(&stream, bytes, limit + 1) { inflate(&$0, Z_FINISH) }
    return status == Z_STREAM_END && stream.avail_in == 0 ? output : nil
  }

  /// One pass over all of the input, into space for all of the output.
  private static func run(
    _ stream: inout z_stream, _ bytes: [UInt8], _ space: Int, _ pass: (inout z_stream) -> Int32
  ) -> (status: Int32, output: [UInt8]) {
    var input = bytes
    var output = [UInt8](repeating: 0, count: space)
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return pass(&stream)
      }
    }
    return (status, Array(output[..<Int(stream.total_out)]))
  }
}
