import CPosix

/// Gives a terminal its echo back when somebody interrupts a prompt for a passphrase.
///
/// One prompt at a time, on one thread.
enum EchoRestorer {
  nonisolated(unsafe) private static var terminal: CInt = -1
  nonisolated(unsafe) private static var settings = termios()
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  /// The signals that ended the program before, which those who start it may have let it ignore.
  nonisolated(unsafe) private static var ending: [CInt] = []

  /// From here on a signal that ends the program restores these settings first.
  static func begin(_ descriptor: CInt, _ before: termios) {
    terminal = descriptor
    settings = before
    ending = signals.filter { !posix_is_ignored($0) }
    for number in ending {
      signal(number) { number in
        tcsetattr(EchoRestorer.terminal, TCSANOW, &EchoRestorer.settings)
        signal(number, nil)
        raise(number)
      }
    }
  }

  /// Signals do again what they did.
  static func end() {
    for number in ending { signal(number, nil) }
    terminal = -1
  }
}
