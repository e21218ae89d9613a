import TUF

/// What a transfer may cost at the most, each limit named for what it stops.
///
/// All are more than 0. Lengths of bodies are no part of it: a request brings its own limit.
public struct TransferLimits: Sendable {
  /// Seconds for finding a host, connecting to it and agreeing on TLS.
  ///
  /// Stops: a host that drops packets, a server that accepts and never shakes hands.
  public var connectSeconds = 10

  /// A body of at most so many bytes must arrive within ``metadataSeconds``.
  ///
  /// It is compared with the limit of a request, as the length of a body is not known beforehand.
  public var metadataBytes: Int64 = 1 << 20

  /// Seconds for all of a short body, redirects included; metadata has as many for each further
  /// ``metadataBytes`` of its limit.
  ///
  /// Stops: a mirror that keeps a client busy with a small file, so that it never learns of an update.
  public var metadataSeconds = 30

  /// Bytes a second, decoded, that must arrive on average in each ``lowSpeedSeconds``.
  ///
  /// Stops: slow retrieval, which is bytes that trickle for ever. A long target has no other
  /// limit of time, since an honest one may take hours.
  public var lowSpeedBytes = 1024

  /// Seconds over which the speed is measured, and after which a silent server is given up.
  ///
  /// Stops: a server that takes the request and never answers, or stops in the middle. Short pauses of
  /// honest links stay within it.
  public var lowSpeedSeconds = 20

  /// How many redirects are followed.
  ///
  /// Stops: redirect loops.
  public var maximumRedirects = 5

  /// Bytes of headers in all responses to one request, redirects included.
  ///
  /// Stops: endless headers, which fill memory where an older libcurl does not count them.
  public var headerBytes = 256 << 10

  /// Bytes of an error page that are read and thrown away, so that the connection can be used again.
  ///
  /// Stops: endless data under a status whose body nobody wants.
  public var discardedBytes = 64 << 10

  /// Limits for a person who waits.
  public init() {}

  /// Seconds for all of a request; nil for a long target, which may take as long as it keeps coming.
  func totalSeconds(for request: FetchRequest) -> Int? {
    let pieces = (request.limit - 1) / metadataBytes + 1
    if pieces <= 1 { return metadataSeconds }
    guard request.isMetadata else { return nil }
    return Int(min(pieces, 1000)) * metadataSeconds
  }

  /// For a person who asked for an update and waits for it.
  public static let interactive = TransferLimits()

  /// For a check that runs beside the app: a bad network costs it seconds, and it is made again later.
  public static let background: TransferLimits = {
    var limits = TransferLimits()
    limits.connectSeconds = 5
    limits.metadataSeconds = 15
    return limits
  }()
}
