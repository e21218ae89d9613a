import CPosix

/// A program that is given bytes and answers with others, while this one waits.
public struct FilterProgram: Sendable {
  /// How a program ended.
  public enum Ending: Equatable, Sendable {
    /// By itself, with an exit status; 127 also where there is no such program.
    case exited(CInt)
    /// By a signal.
    case signalled(CInt)
  }

  /// What it wrote, cut at the limit.
  public let output: [UInt8]
  /// How it ended.
  public let ending: Ending

  /// Runs a program as a child, with pipes for its standard input and output; it has ten minutes. `fork(2)`,
  /// `execvp(3)`
  ///
  /// - Parameters:
  ///   - command: the program, looked up in `PATH`, and its arguments.
  ///   - limit: how many bytes of what it writes are taken; it is not heard any more then.
  /// - Throws: ``SystemError`` when it could not be started or served; `ETIMEDOUT` when it took too long.
  public init(
    running command: [[UInt8]], on input: [UInt8], limit: Int
  ) throws(SystemError) {
    let words = CStrings(command)
    var space = [UInt8](repeating: 0, count: limit)
    var status: CInt = 0
    let count = input.withUnsafeBufferPointer { input in
      posix_filter(words.list, input.baseAddress, input.count, &space, limit, &status)
    }
    if count < 0 { throw .last }
    output = Array(space[..<count])
    ending = status < 0 ? .signalled(-status) : .exited(status)
  }
}
