import CZlib

/// So many zero bytes, compressed with a gzip header.
func gzip(zeros: Int) -> [UInt8] {
  var stream = z_stream()
  // 15 bits of window, and 16 for the gzip header.
  deflateInit2_(
    &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var zeroes = [UInt8](repeating: 0, count: zeros)
  var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(zeros))))
  return zeroes.withUnsafeMutableBufferPointer { input in
    packed.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
      return Array(output[..<Int(stream.total_out)])
    }
  }
}
