import TUF

/// What a transfer may cost at the most, each limit named for what it stops.
///
/// All are more than 0. Lengths of bodies are no part of it: a request brings its own limit.
public struct TransferLimits: Sendable {
  /// Seconds for finding a host, connecting to it and agreeing on TLS.
  ///
  /// Stops: a host that drops packets, a server that accepts and never shakes hands.
  public var connectSeconds = 10

  /// Seconds for all of a request, redirects included, beside those that ``averageBytes`` adds.
  ///
  /// Stops: a mirror that keeps a client busy with a small file, so that it never learns of an update.
  public var baseSeconds = 30

  /// Bytes a second that a body must come at on average.
  ///
  /// One of N bytes gets N / `averageBytes` seconds more than ``baseSeconds``. Where the length is not known, the
  /// limit of the request stands for it.
  ///
  /// Stops: a mirror that is just fast enough for ``lowSpeedBytes``, and holds a client's locks for hours. What
  /// has come of a target by then is kept, so a slow but honest line gets on with every try.
  public var averageBytes = 16 << 10

  /// Seconds that all requests to one fetcher together may take, beside those that ``averageBytes`` allows for
  /// what has come; nil for no such limit.
  ///
  /// Stops: a mirror that takes its time with each of a great many files.
  public var patienceSeconds: Int?

  /// Bytes a second, decoded, that must arrive on average in each ``lowSpeedSeconds``.
  ///
  /// Stops: slow retrieval, which is bytes that trickle, long before the time for all of them is over.
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

  /// Limits for any number of files.
  public init() {}

  /// Milliseconds that so many bytes may take on their own.
  func milliseconds(for bytes: Int64) -> Int64 {
    let rate = Int64(max(1, averageBytes))
    // Eleven days are as good as no limit, and fit every type of libcurl's.
    return min(bytes / rate, 1_000_000) * 1000 + bytes % rate * 1000 / rate
  }

  /// For a person who asked for an update and waits for it.
  public static let interactive: TransferLimits = {
    var limits = TransferLimits()
    limits.patienceSeconds = 300
    return limits
  }()

  /// For a check that runs beside the app: a bad network costs it seconds, and it is made again later.
  public static let background: TransferLimits = {
    var limits = TransferLimits()
    limits.connectSeconds = 5
    limits.baseSeconds = 15
    limits.averageBytes = 32 << 10
    limits.patienceSeconds = 120
    return limits
  }()
}
