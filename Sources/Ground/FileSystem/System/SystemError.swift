import CPosix

/// Why the system refused something: an `errno`.
public struct SystemError: Error, Equatable, Sendable {
  /// The `errno`.
  public let code: CInt

  /// Takes an `errno`.
  public init(code: CInt) {
    self.code = code
  }

  /// That of the call before, which has just failed.
  static var last: SystemError { SystemError(code: posix_errno()) }

  /// The system's words for it, as `Permission denied`. `strerror(3)`
  public var words: [UInt8] { strerror(code).map { Path(cString: $0).bytes } ?? [] }

  /// The same as text.
  public var description: String { String(decoding: words, as: UTF8.self) }
}
