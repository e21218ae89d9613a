import CPosix

/// A program that outlives this process and is no child of it.
public enum DetachedProgram {
  /// Starts one, with nothing of ours open, in a session of its own and the folder `/`.
  ///
  /// - Parameters:
  ///   - arguments: all of its words, its own name too.
  ///   - environment: its variables as C has them: `NAME=VALUE` each, NULL at the end.
  /// - Returns: false when it could not be started.
  @discardableResult
  public static func start(
    _ program: Path, arguments: [[UInt8]],
    environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Bool {
    let words = CStrings(arguments)
    return program.withCString { posix_spawn_detached($0, words.list, environment) } == 0
  }
}
