import FileSystem
import TUF

/// One request and its response, as libcurl's callbacks see them: decides what reaches the sink.
///
/// The first failure is kept, since libcurl itself reports only that a callback said no.
final class Exchange {
  private let request: FetchRequest
  private let offset: Int64
  private let isStartedOver: Bool
  private let limits: TransferLimits
  private let sink: any ByteSink

  private(set) var head = ResponseHead()
  /// Why the exchange has to end, if it does.
  private(set) var failure: FetchError?
  /// Bytes of the body that have come, decoded, be they handed over or thrown away.
  private(set) var received: Int64 = 0
  private var headerBytes = 0
  /// The place in the file of the next byte for the sink.
  private var position: Int64 = 0
  private var hasBegun = false
  /// True once the body is known to be more than white space, and so what it is.
  private var isJudged = false
  private var speed: SpeedGuard

  /// Prepares for the response to a request from `offset` on.
  ///
  /// `isStartedOver` says that the sink holds bytes of an earlier exchange although the offset is 0.
  init(
    _ request: FetchRequest, offset: Int64, isStartedOver: Bool, limits: TransferLimits,
    sink: any ByteSink
  ) {
    self.request = request
    self.offset = offset
    self.isStartedOver = isStartedOver
    self.limits = limits
    self.sink = sink
    speed = SpeedGuard(limits: limits, now: SystemClock.milliseconds)
  }

  /// Takes a header line; false ends the transfer.
  func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= limits.headerBytes else {
      return fail(.headTooLong(limit: limits.headerBytes))
    }
    // Trailers come behind the body and can't change what it was taken for.
    if hasBegun { return true }
    head.take(line)
    guard head.isComplete, head.status == 200 || head.status == 206 else { return true }
    // Of a web page it is not the length that is wrong.
    return mayBeWebPage || announcedLengthFits() || fail(.tooLong(limit: request.limit))
  }

  /// Takes bytes of the body; false ends the transfer.
  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // Before the sink forgets anything for it.
    if mayBeWebPage, !isJudged, !begins(bytes) { return fail(.webPage(host: "")) }
    if !hasBegun { begin() }
    received += Int64(bytes.count)
    if failure != nil { return received <= Int64(limits.discardedBytes) && isErrorPage }
    guard Int64(bytes.count) <= request.limit - position else {
      return fail(.tooLong(limit: request.limit))
    }
    position += Int64(bytes.count)
    return sink.receive(bytes) || fail(.stopped)
  }

  /// Looks at the speed; false ends the transfer.
  ///
  /// libcurl calls it about once a second while nothing comes, and oftener else.
  func tick(isConnected: Bool, now: Int64) -> Bool {
    guard isConnected else {
      // Connecting has a limit of its own.
      speed.reset(now: now, total: received)
      return true
    }
    if speed.isFastEnough(now: now, total: received) { return true }
    return head.isComplete
      ? fail(
        .tooSlow(bytesPerSecond: limits.lowSpeedBytes, seconds: limits.lowSpeedSeconds))
      : fail(.timedOut(seconds: limits.lowSpeedSeconds))
  }

  /// True when the answer's head says all there is to say: its body is an error page, whole or not.
  var isRefusal: Bool { head.isComplete && head.status >= 400 }

  /// Ends an exchange that libcurl was content with, or whose body does not matter.
  func finish() {
    // A body without bytes calls nobody back.
    if failure == nil, mayBeWebPage, !isJudged { _ = fail(.webPage(host: "")) }
    if failure == nil, !hasBegun { begin() }
    if failure == nil, let length = head.range?.length, head.status == 206, position < length {
      _ = fail(.truncated(reason: "the server sent a part of the range asked for"))
    }
  }

  /// Decides, once the final response is known, what its body is.
  private func begin() {
    hasBegun = true
    switch head.status {
    case 200:
      if (offset > 0 || isStartedOver) && !sink.restart() { _ = fail(.stopped) }
    case 206 where offset > 0 && head.range?.first == offset:
      position = offset
    case 304 where request.validator != nil:
      _ = fail(.notModified)
    case 403, 404:
      _ = fail(.notFound(status: head.status))
    default:
      _ = fail(.status(head.status))
    }
  }

  /// True where the answer calls itself a web page and the file can't be one; there are servers that say so of
  /// every file, so its beginning decides.
  private var mayBeWebPage: Bool {
    request.beginning != nil && head.status == 200 && head.isWebPage
  }

  /// True as long as a body begins as the request says; white space at its start says nothing yet.
  private func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let first = bytes.firstIndex(where: { !Self.isSpace($0) }) else { return true }
    isJudged = true
    for (byte, wanted) in zip(bytes[first...], request.beginning ?? []) where byte != wanted {
      return false
    }
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  /// True when the failure is no more than the response's status, and its body an error page.
  private var isErrorPage: Bool { head.status >= 300 }

  private func announcedLengthFits() -> Bool {
    if head.status == 206 {
      guard let range = head.range else { return true }
      return (range.length ?? 0) <= request.limit && range.last < request.limit
    }
    guard let length = head.contentLength else { return true }
    // The length of an encoded body says nothing: small files grow by being compressed.
    let isDecoded = request.isMetadata && head.isEncoded
    return isDecoded || length <= request.limit
  }

  private func fail(_ error: FetchError) -> Bool {
    if failure == nil { failure = error }
    return false
  }
}
