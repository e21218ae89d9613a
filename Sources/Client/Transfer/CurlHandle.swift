import CCurl
import FileSystem
import TUF

/// A handle of libcurl and the options that esky sets on it.
///
/// Every option counts: a libcurl that does not know one of them is refused rather than used without it.
final class CurlHandle {
  private let raw: UnsafeMutableRawPointer
  /// Where libcurl writes what went wrong, in more words than its code has.
  private let words: UnsafeMutablePointer<CChar>
  /// The field of the request that is not libcurl's own, which libcurl reads while it performs.
  private var field: RequestField?

  /// Makes a handle with what stays the same from request to request.
  convenience init(
    limits: TransferLimits, userAgent: String, store: CertificateStore
  ) throws(FetchError) {
    guard let raw = curl_shim_easy_init() else {
      throw .noTransport(reason: "libcurl makes no handle")
    }
    self.init(raw)
    try check(curl_shim_set_pointer(raw, CURLOPT_ERRORBUFFER, words))
    // Signals belong to the app; libcurl would use SIGALRM to time out a name.
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_FOLLOWLOCATION, 1)
    try set(CURLOPT_MAXREDIRS, limits.maximumRedirects)
    try set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectSeconds * 1000)
    // A name with `..` is sent as it was signed, not as another name.
    try set(CURLOPT_PATH_AS_IS, 1)
    // The answer of a proxy to CONNECT is not the response.
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try set(CURLOPT_USERAGENT, userAgent)
    try set(CURLOPT_CAINFO, store.file)
    try set(CURLOPT_CAPATH, store.folder)
    try check(curl_shim_set_sockets_apart(raw))
    try check(curl_shim_set_write(raw, takeBody, nil))
    try check(curl_shim_set_header(raw, takeHeader, nil))
    try check(curl_shim_set_progress(raw, tick, nil))
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(_ raw: UnsafeMutableRawPointer) {
    self.raw = raw
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words[0] = 0
  }

  deinit {
    curl_shim_easy_cleanup(raw)
    words.deallocate()
  }

  /// Sets what one request needs.
  func prepare(
    _ request: FetchRequest, offset: Int64, totalMilliseconds: Int64
  ) throws(FetchError) {
    let isSecure = URLScheme(of: request.url) == .https
    try check(curl_shim_set_protocols(raw, isSecure))
    try set(CURLOPT_URL, request.url)
    try set(CURLOPT_TIMEOUT_MS, Int(totalMilliseconds))
    // Places in an encoded body are not places in the file.
    try set(
      CURLOPT_ACCEPT_ENCODING, request.isMetadata && offset == 0 ? "gzip, deflate" : nil)
    try set(CURLOPT_RANGE, offset > 0 ? "\(offset)-" : nil)
    var asked = request.validator.map { RequestField("If-None-Match: ", $0.entityTag) }
    if request.bypassesCaches { asked = RequestField("Cache-Control: no-cache", []) }
    try check(curl_shim_set_pointer(raw, CURLOPT_HTTPHEADER, asked?.list))
    field = asked
  }

  /// Performs the prepared request, calling the exchange back.
  func perform(_ exchange: Exchange) throws(FetchError) -> CURLcode {
    let context = CallbackContext(exchange: exchange, handle: raw)
    let pointer = Unmanaged.passUnretained(context).toOpaque()
    try check(curl_shim_set_pointer(raw, CURLOPT_WRITEDATA, pointer))
    try check(curl_shim_set_pointer(raw, CURLOPT_HEADERDATA, pointer))
    try check(curl_shim_set_pointer(raw, CURLOPT_XFERINFODATA, pointer))
    words[0] = 0
    return withExtendedLifetime(context) { curl_shim_easy_perform(raw) }
  }

  /// True once a connection of the last request stood, TLS included.
  var isConnected: Bool { isTransferring(raw) }

  /// What libcurl says of a code that the last request ended with.
  func reason(_ code: CURLcode) -> String {
    String(cString: words[0] == 0 ? curl_shim_easy_strerror(code) : UnsafePointer(words))
  }

  /// Why the certificate of the last request was refused.
  func certificateProblem(_ code: CURLcode) -> CertificateProblem {
    var result = 0
    _ = curl_shim_get_long(raw, CURLINFO_SSL_VERIFYRESULT, &result)
    return CertificateVerdict.problem(
      result: result, version: String(cString: curl_shim_version()), words: reason(code))
  }

  /// The host that the last request was answered by, behind all redirects.
  func answeringHost(of request: FetchRequest) -> String {
    var url: UnsafePointer<CChar>?
    let code = curl_shim_get_string(raw, CURLINFO_EFFECTIVE_URL, &url)
    guard code == CURLE_OK, let url else { return URLScheme.host(of: request.url) }
    return URLScheme.host(of: String(cString: url))
  }

  /// Sets a path; nil leaves what libcurl was built with.
  private func set(_ option: CURLoption, _ path: Path?) throws(FetchError) {
    guard let path else { return }
    try check(path.withCString { curl_shim_set_string(raw, option, $0) })
  }

  private func set(_ option: CURLoption, _ value: Int) throws(FetchError) {
    try check(curl_shim_set_long(raw, option, value))
  }

  /// Sets a text, which libcurl copies; nil unsets it.
  private func set(_ option: CURLoption, _ text: String?) throws(FetchError) {
    guard let text else { return try check(curl_shim_set_string(raw, option, nil)) }
    var bytes = text.utf8.map { CChar(bitPattern: $0) }
    bytes.append(0)
    try check(
      bytes.withUnsafeBufferPointer { curl_shim_set_string(raw, option, $0.baseAddress) })
  }

  private func check(_ code: CURLcode) throws(FetchError) {
    if code == CURLE_OK { return }
    throw .noTransport(
      reason: "libcurl is too old or lacks HTTPS: "
        + String(cString: curl_shim_easy_strerror(code)))
  }
}

/// One field of a request in the form that libcurl takes: a list of one line.
private final class RequestField {
  let list: UnsafeMutablePointer<curl_slist>

  /// A name, what stands between it and the value, and a value of printable ASCII.
  init(_ name: StaticString, _ value: [UInt8]) {
    let count = name.utf8CodeUnitCount
    let line = UnsafeMutablePointer<CChar>.allocate(capacity: count + value.count + 1)
    for index in 0..<count { line[index] = CChar(bitPattern: name.utf8Start[index]) }
    for (index, byte) in value.enumerated() { line[count + index] = CChar(bitPattern: byte) }
    line[count + value.count] = 0
    list = .allocate(capacity: 1)
    list.initialize(to: curl_slist(data: line, next: nil))
  }

  deinit {
    list.pointee.data.deallocate()
    list.deallocate()
  }
}

/// What the callbacks get at through libcurl's untyped pointer, valid during one transfer.
private final class CallbackContext {
  let exchange: Exchange
  let handle: UnsafeMutableRawPointer

  init(exchange: Exchange, handle: UnsafeMutableRawPointer) {
    self.exchange = exchange
    self.handle = handle
  }

  static func from(_ pointer: UnsafeMutableRawPointer) -> CallbackContext {
    Unmanaged<CallbackContext>.fromOpaque(pointer).takeUnretainedValue()
  }
}

private let takeBody: curl_shim_data_callback = { bytes, size, count, pointer in
  guard let pointer else { return 0 }
  let length = size * count
  let body = UnsafeRawBufferPointer(start: bytes, count: length)
  return CallbackContext.from(pointer).exchange.takeBody(body) ? length : refusal(of: length)
}

private let takeHeader: curl_shim_data_callback = { bytes, size, count, pointer in
  guard let pointer else { return 0 }
  let length = size * count
  let line = UnsafeRawBufferPointer(start: bytes, count: length)
  return CallbackContext.from(pointer).exchange.takeHeader(line) ? length : refusal(of: length)
}

private let tick: curl_shim_progress_callback = { pointer, _, _, _, _ in
  guard let pointer else { return 1 }
  let context = CallbackContext.from(pointer)
  let goesOn = context.exchange.tick(
    isConnected: isTransferring(context.handle), now: SystemClock.milliseconds)
  return goesOn ? 0 : 1
}

/// A count that libcurl takes for an error: any other than that of the bytes it gave.
private func refusal(of length: Int) -> Int { length == 0 ? 1 : 0 }

/// True once a request could be sent; a libcurl before 7.61 can't tell, and then it counts as sent.
private func isTransferring(_ handle: UnsafeMutableRawPointer) -> Bool {
  var microseconds: curl_off_t = 0
  let code = curl_shim_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
  return code != CURLE_OK || microseconds > 0
}
