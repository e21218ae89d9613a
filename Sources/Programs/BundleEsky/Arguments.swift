import FileSystem

/// What the program was started with.
enum Arguments {
  /// The words behind the program's name.
  ///
  /// Swift looks for them on the stack, behind the environment. A library that is loaded before, such as
  /// libfaketime, may have moved that elsewhere; then nothing is found, and the kernel is asked.
  static func given() throws(FileError) -> [String] {
    let words = CommandLine.arguments
    if !words.isEmpty { return Array(words.dropFirst()) }
    let file = try File("/proc/self/cmdline", .read)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    // Each ends with a 0.
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().dropFirst()
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
