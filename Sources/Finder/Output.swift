import CPosix

/// Text on the standard streams.
enum Output {
  /// What can't be written is lost, and the exit status says so.
  static func line(_ text: String) { if !write(text + "\n", to: 1) { isLost = true } }

  /// True when a line on standard output was lost, other than to a reader that went away.
  ///
  /// One thread writes it and reads it.
  nonisolated(unsafe) private(set) static var isLost = false

  static func error(_ text: String) { write(text + "\n", to: 2) }

  /// False when not all could be written, be it that a disk is full.
  @discardableResult
  static func write(_ text: String, to descriptor: CInt) -> Bool {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        CPosix.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count <= 0 { return posix_errno() == EPIPE }  // nobody listens any more
      written += count
    }
    return true
  }

  static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }
}
