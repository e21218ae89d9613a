import CPosix

/// What becomes of this process.
public enum ThisProcess {
  /// Ends it, with what C's streams hold back written out. `exit(3)`
  public static func exit(_ status: CInt) -> Never { CPosix.exit(status) }

  /// Makes it another program. `execv(3)`
  ///
  /// What C's streams hold back is written first. The new program has no signal blocked, whatever thread this is
  /// called on.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: what it gets behind its path, which is its first word.
  /// - Throws: ``SystemError`` when it could not be started; it does not return otherwise.
  public static func become(
    _ program: Path, arguments: [[UInt8]]
  ) throws(SystemError) -> Never {
    let words = CStrings([program.bytes] + arguments)
    StandardStream.flush()
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    _ = program.withCString { execv($0, words.list) }
    let error = SystemError.last
    pthread_sigmask(SIG_SETMASK, &before, nil)
    throw error
  }
}
