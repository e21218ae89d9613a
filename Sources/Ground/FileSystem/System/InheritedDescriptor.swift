import CPosix

/// A descriptor that whoever started this process has left open for it; it stays open.
public struct InheritedDescriptor: Sendable {
  /// Its number.
  public let number: CInt

  /// The descriptor of a number.
  public init(_ number: CInt) {
    self.number = number
  }

  /// Reads to the end. `read(2)`
  ///
  /// - Returns: nil when there are more bytes than the limit.
  /// - Throws: ``SystemError``, with `EBADF` when nothing is open there.
  public func readAll(limit: Int) throws(SystemError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBufferPointer {
        read(number, $0.baseAddress! + filled, $0.count - filled)
      }
      if count < 0 && posix_errno() == EINTR { continue }
      if count < 0 { throw .last }
      if count == 0 { return Array(bytes[..<filled]) }
      filled += count
    }
    return nil
  }
}
