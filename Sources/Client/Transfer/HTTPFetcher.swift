import CCurl
public import FileSystem
public import TUF

/// Fetches files over HTTP and HTTPS with the system's libcurl.
///
/// Connections are kept and used again for later requests. Redirects are followed, from HTTPS only to
/// HTTPS. Proxies come from the environment, as in libcurl, and so do authorities whose certificates are trusted in
/// place of the system's: `SSL_CERT_FILE` names a file of them, `SSL_CERT_DIR` a folder. Nothing is retried, save
/// that a server which does not resume is asked once more for the whole file, and one whose issuer is unknown with
/// the other authorities. One fetch at a time; not for several threads at once.
public final class HTTPFetcher: Fetcher {
  private let limits: TransferLimits
  private let userAgent: String
  /// Names of libraries to look for instead of the usual ones.
  private let libraries: String?
  /// What certificates are judged by, one or two: whichever knows the issuer.
  private let stores: [CertificateStore]
  /// The one in use; the one that knew the last issuer.
  private var store = 0
  /// A handle for each store: libcurl can't go back to what it was built with.
  private var handles: [CurlHandle?]
  private var budget: TimeBudget

  /// Prepares to fetch; libcurl is looked for by the first fetch.
  ///
  /// - Parameter authorities: a file of certificates in PEM, whose issuers are trusted as well; a server of theirs
  ///   may not redirect to one that only the system's know.
  public convenience init(
    limits: TransferLimits = .interactive, userAgent: String = "esky/1", authorities: Path? = nil
  ) {
    self.init(limits: limits, userAgent: userAgent, authorities: authorities, libraries: nil)
  }

  init(limits: TransferLimits, userAgent: String, authorities: Path? = nil, libraries: String?) {
    self.limits = limits
    self.userAgent = userAgent
    self.libraries = libraries
    let own = authorities.map { [CertificateStore(file: $0)] } ?? []
    stores = own + [.ofEnvironment()]
    handles = stores.map { _ in nil }
    budget = TimeBudget(limits)
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
    let offset = max(0, request.offset)
    do throws(FetchError) {
      return try exchange(request, offset: offset, isStartedOver: false, sink: sink)
    } catch {
      // 416: the file has become shorter than what is there of it already. Others don't know ranges, or don't
      // allow them.
      guard offset > 0, Self.mayHelpToStartOver(error) else { throw error }
      return try exchange(request, offset: 0, isStartedOver: true, sink: sink)
    }
  }

  /// True when the same request without an offset may be answered better.
  private static func mayHelpToStartOver(_ error: FetchError) -> Bool {
    switch error {
    case .status, .notFound(403): true
    default: false
    }
  }

  /// Makes the exchange with the store that knew the last certificate, else with the other one.
  private func exchange(
    _ request: FetchRequest, offset: Int64, isStartedOver: Bool, sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    do throws(FetchError) {
      return try exchange(
        request, offset: offset, isStartedOver: isStartedOver, handle: openHandle(), sink: sink)
    } catch {
      guard stores.count > 1, Self.isOfStore(error) else { throw error }
      let refusal = error
      store = 1 - store
      do throws(FetchError) {
        return try exchange(
          request, offset: offset, isStartedOver: isStartedOver, handle: openHandle(), sink: sink)
      } catch {
        throw Self.isOfStore(error) ? refusal : error
      }
    }
  }

  private func openHandle() throws(FetchError) -> CurlHandle {
    if let handle = handles[store] { return handle }
    if let libraries { try CurlLibrary.tryOpening(libraries) }
    try CurlLibrary.load()
    let opened = try CurlHandle(limits: limits, userAgent: userAgent, store: stores[store])
    handles[store] = opened
    return opened
  }

  private func exchange(
    _ request: FetchRequest, offset: Int64, isStartedOver: Bool, handle: CurlHandle,
    sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    if URLScheme(of: request.url) == .https, !stores[store].isFile { throw unreadableStore }
    let total = budget.milliseconds(for: request.limit - offset)
    guard total > 0 else { throw .timedOut(seconds: limits.patienceSeconds ?? 0) }
    try handle.prepare(request, offset: offset, totalMilliseconds: total)
    let exchange = Exchange(
      request, offset: offset, isStartedOver: isStartedOver, limits: limits, sink: sink)
    let started = SystemClock.milliseconds
    let code = try handle.perform(exchange)
    budget.count(milliseconds: SystemClock.milliseconds - started, bytes: exchange.received)
    if code == CURLE_OK || exchange.isRefusal { exchange.finish() }
    if let failure = exchange.failure {
      if case .webPage = failure { throw .webPage(host: handle.answeringHost(of: request)) }
      throw failure
    }
    if code == CURLE_OK { return exchange.head.validator }
    throw error(code, of: request, total: total, status: exchange.head.status, handle)
  }

  /// What a code of libcurl means; status 0 says that nothing was answered.
  private func error(
    _ code: CURLcode, of request: FetchRequest, total: Int64, status: Int, _ handle: CurlHandle
  ) -> FetchError {
    switch code {
    case CURLE_OPERATION_TIMEDOUT:
      // The limit for connecting or the one for everything; speed and silence are watched by SpeedGuard.
      let seconds = Int((total + 999) / 1000)
      return .timedOut(seconds: handle.isConnected ? seconds : min(seconds, limits.connectSeconds))
    case CURLE_TOO_MANY_REDIRECTS:
      return .status(status)
    case CURLE_UNSUPPORTED_PROTOCOL where status > 0, CURLE_URL_MALFORMAT where status > 0:
      // The URL of a redirect.
      return .status(status)
    case CURLE_UNSUPPORTED_PROTOCOL where !handle.isConnected, CURLE_URL_MALFORMAT:
      return .unsupportedURL
    case CURLE_PEER_FAILED_VERIFICATION:
      return .certificate(
        host: handle.answeringHost(of: request), handle.certificateProblem(code))
    case CURLE_SSL_CACERT_BADFILE:
      return unreadableStore
    default:
      let reason = URLScheme.host(of: request.url) + ": " + handle.reason(code)
      return status == 0 ? .unreachable(reason: reason) : .truncated(reason: reason)
    }
  }

  private var unreadableStore: FetchError {
    .noTransport(reason: "can't read \(stores[store].description)")
  }

  /// True when a certificate may be judged otherwise by another store.
  private static func isOfStore(_ error: FetchError) -> Bool {
    switch error {
    case .certificate(_, .unknownIssuer), .noTransport: true
    default: false
    }
  }
}
