import Esky

/// The exit statuses of `esky`; `esky --help` documents them.
enum ExitStatus: CInt {
  /// Done, or nothing newer to be had.
  case success = 0
  /// Something failed that is none of the others.
  case failure = 1
  /// The command line can't be understood.
  case usage = 2
  /// `check` found a newer version.
  case available = 10
  /// `update` installed a newer version.
  case installed = 11
  /// The repository can't be reached, or does not answer as it should.
  case offline = 20
  /// What was received is not trusted.
  case refused = 21
  /// Another process is updating, or a version is in use.
  case locked = 22
  /// Updates are switched off.
  case off = 23

  init(_ kind: EskyError.Kind) {
    switch kind {
    case .offline: self = .offline
    case .refused: self = .refused
    case .locked: self = .locked
    case .off: self = .off
    case .cancelled, .failed: self = .failure
    }
  }

  /// The word for it in `--json`.
  var word: StaticString {
    switch self {
    case .success: "ok"
    case .failure: "failed"
    case .usage: "usage"
    case .available: "available"
    case .installed: "installed"
    case .offline: "offline"
    case .refused: "refused"
    case .locked: "locked"
    case .off: "off"
    }
  }
}
