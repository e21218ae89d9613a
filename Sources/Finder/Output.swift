import CPosix

/// Text on the standard streams.
enum Output {
  static func line(_ text: String) { write(text + "\n", to: 1) }

  static func error(_ text: String) { write(text + "\n", to: 2) }

  static func write(_ text: String, to descriptor: CInt) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        CPosix.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count <= 0 { return }  // nobody listens
      written += count
    }
  }

  static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }
}
