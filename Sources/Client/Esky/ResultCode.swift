/// What was asked for came to, as a number: an exit status of `esky`, a result in `esky.h`.
public enum ResultCode: Int32, Sendable {
  /// Done; of check and update: nothing newer to be had.
  case ok = 0
  /// Something failed that is none of the others.
  case failed = 1
  /// The arguments make no sense.
  case usage = 2
  /// A check found a newer version.
  case available = 10
  /// An update installed a newer version.
  case installed = 11
  /// The repository can't be reached, or does not answer as it should.
  case offline = 20
  /// What was received is not trusted.
  case refused = 21
  /// Another process is updating, or a version is in use.
  case locked = 22
  /// Updates are switched off.
  case off = 23
  /// The caller cancelled it.
  case cancelled = 24

  /// The number for a kind of error.
  public init(_ kind: EskyError.Kind) {
    switch kind {
    case .offline: self = .offline
    case .refused: self = .refused
    case .locked: self = .locked
    case .off: self = .off
    case .cancelled: self = .cancelled
    case .failed: self = .failed
    }
  }

  /// The word for it in JSON and in logs.
  public var word: StaticString {
    switch self {
    case .ok: "ok"
    case .failed: "failed"
    case .usage: "usage"
    case .available: "available"
    case .installed: "installed"
    case .offline: "offline"
    case .refused: "refused"
    case .locked: "locked"
    case .off: "off"
    case .cancelled: "cancelled"
    }
  }
}
