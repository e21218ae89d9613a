import Bytes
import CPosix
import FileSystem

/// Text on the standard streams.
///
/// Names and reasons come from strangers, so what would steer a terminal is escaped.
enum Output {
  /// True when something that was to be written could not be.
  nonisolated(unsafe) private(set) static var isLost = false

  static func line(_ text: String) { write(PrintableText.escape(text) + [0x0a], to: 1) }

  static func error(_ text: String) { write(PrintableText.escape(text) + [0x0a], to: 2) }

  /// Text of the program's own, line breaks and all.
  static func text(_ text: StaticString) {
    write(Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)), to: 1)
  }

  private static func write(_ bytes: [UInt8], to descriptor: CInt) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        CPosix.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count <= 0 {
        // That nobody listens is the listener's affair; a full disk is ours.
        if posix_errno() != EPIPE { isLost = true }
        return
      }
      written += count
    }
  }
}
