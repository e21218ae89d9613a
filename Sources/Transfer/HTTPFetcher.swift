import CCurl
public import TUF

/// Fetches files over HTTP and HTTPS with the system's libcurl.
///
/// Connections are kept and used again for later requests. Redirects are followed, from HTTPS only to
/// HTTPS. Proxies come from the environment, as in libcurl. Nothing is retried, save that a server which does not
/// resume is asked once more for the whole file. One fetch at a time; not for several threads at once.
public final class HTTPFetcher: Fetcher {
  private let limits: TransferLimits
  private let userAgent: String
  /// Names of libraries to look for instead of the usual ones.
  private let libraries: String?
  private var handle: CurlHandle?

  /// Prepares to fetch; libcurl is looked for by the first fetch.
  public convenience init(limits: TransferLimits = .interactive, userAgent: String = "esky/1") {
    self.init(limits: limits, userAgent: userAgent, libraries: nil)
  }

  init(limits: TransferLimits, userAgent: String, libraries: String?) {
    self.limits = limits
    self.userAgent = userAgent
    self.libraries = libraries
  }

  /// Fetches one file into a sink; returns once all of the body has been handed over.
  ///
  /// A body is what comes with status 200, or with 206 in answer to an offset; the latter must begin
  /// at that offset.
  ///
  /// - Returns: the entity tag of the body, else the time of its last change.
  /// - Throws: ``FetchError``. ``FetchError/status(_:)`` with a status of 3xx is a redirect that is not followed:
  ///   one too many, or to a scheme that is not allowed. With 206 it is a part of the file that was not asked for.
  @discardableResult
  public func fetch(
    _ request: FetchRequest, into sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    switch URLScheme(of: request.url) {
    case .http, .https: break
    case .file, nil: throw .unsupportedURL
    }
    guard request.offset <= request.limit else { throw .tooLong(limit: request.limit) }
    let handle = try openHandle()
    let offset = max(0, request.offset)
    do throws(FetchError) {
      return try exchange(request, offset: offset, isStartedOver: false, handle: handle, sink: sink)
    } catch {
      // 416: the file has become shorter than what is there of it already. Others don't know ranges, or don't
      // allow them.
      guard offset > 0, Self.mayHelpToStartOver(error) else { throw error }
      return try exchange(request, offset: 0, isStartedOver: true, handle: handle, sink: sink)
    }
  }

  /// True when the same request without an offset may be answered better.
  private static func mayHelpToStartOver(_ error: FetchError) -> Bool {
    switch error {
    case .status, .notFound(403): true
    default: false
    }
  }

  private func openHandle() throws(FetchError) -> CurlHandle {
    if let handle { return handle }
    if let libraries { try CurlLibrary.tryOpening(libraries) }
    try CurlLibrary.load()
    let opened = try CurlHandle(limits: limits, userAgent: userAgent)
    handle = opened
    return opened
  }

  private func exchange(
    _ request: FetchRequest, offset: Int64, isStartedOver: Bool, handle: CurlHandle,
    sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    let total = limits.totalSeconds(for: request)
    try handle.prepare(request, offset: offset, totalSeconds: total)
    let exchange = Exchange(
      request, offset: offset, isStartedOver: isStartedOver, limits: limits, sink: sink)
    let code = try handle.perform(exchange)
    if code == CURLE_OK || exchange.isRefusal { exchange.finish() }
    if let failure = exchange.failure { throw failure }
    if code == CURLE_OK { return exchange.head.validator }
    if code == CURLE_OPERATION_TIMEDOUT {
      throw .timedOut(seconds: metLimit(total: total, isConnected: handle.isConnected))
    }
    throw error(
      code, host: URLScheme.host(of: request.url), status: exchange.head.status,
      isConnected: handle.isConnected)
  }

  /// Which limit in seconds a timeout of libcurl met: the one for connecting or the one for everything.
  ///
  /// Speed and silence are watched by ``SpeedGuard``.
  private func metLimit(total: Int?, isConnected: Bool) -> Int {
    guard let total else { return limits.connectSeconds }
    return isConnected ? total : min(total, limits.connectSeconds)
  }

  /// What a code of libcurl means; status 0 says that nothing was answered.
  private func error(
    _ code: CURLcode, host: String, status: Int, isConnected: Bool
  ) -> FetchError {
    switch code {
    case CURLE_TOO_MANY_REDIRECTS:
      return .status(status)
    case CURLE_UNSUPPORTED_PROTOCOL where status > 0, CURLE_URL_MALFORMAT where status > 0:
      // The URL of a redirect.
      return .status(status)
    case CURLE_UNSUPPORTED_PROTOCOL where !isConnected, CURLE_URL_MALFORMAT:
      return .unsupportedURL
    default:
      let reason = host + ": " + String(cString: curl_shim_easy_strerror(code))
      return status == 0 ? .unreachable(reason: reason) : .truncated(reason: reason)
    }
  }
}
