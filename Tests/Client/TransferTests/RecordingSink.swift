import TUF

@testable import Transfer

/// Keeps what it is handed, and refuses from a number of bytes on.
final class RecordingSink: ByteSink {
  private(set) var bytes: [UInt8]
  private(set) var restarts = 0
  private let wanted: Int

  init(holding bytes: [UInt8] = [], wanting wanted: Int = .max) {
    self.bytes = bytes
    self.wanted = wanted
  }

  func receive(_ new: UnsafeRawBufferPointer) -> Bool {
    bytes.append(contentsOf: new)
    return bytes.count < wanted
  }

  func restart() -> Bool {
    bytes = []
    restarts += 1
    return true
  }
}

extension Fetcher {
  /// Fetches and gives the failure back, if any; the table of a test compares it as text.
  func failure(
    _ url: String, limit: Int64 = 1000, offset: Int64 = 0, isMetadata: Bool = false,
    into sink: RecordingSink = RecordingSink()
  ) -> FetchError? {
    let request = FetchRequest(
      url: url, limit: limit, offset: offset, isMetadata: isMetadata)
    do throws(FetchError) {
      try fetch(request, into: sink)
      return nil
    } catch {
      return error
    }
  }
}

/// An error as text, which tests compare: the enum itself holds reasons that nobody compares.
func name(_ error: FetchError?) -> String {
  switch error {
  case nil: "none"
  case .notFound(let status): "notFound \(status)"
  case .status(let status): "status \(status)"
  case .unreachable: "unreachable"
  case .certificate(_, .unknownIssuer): "unknownIssuer"
  case .certificate(_, .wrongName): "wrongName"
  case .certificate(_, .expired): "expired"
  case .certificate(_, .notYetValid): "notYetValid"
  case .certificate(_, .other(let reason)): "certificate: \(reason)"
  case .webPage(let host): "webPage \(host)"
  case .timedOut(let seconds): "timedOut \(seconds)"
  case .tooSlow(let bytes, let seconds): "tooSlow \(bytes) \(seconds)"
  case .tooLong(let limit): "tooLong \(limit)"
  case .headTooLong(let limit): "headTooLong \(limit)"
  case .truncated: "truncated"
  case .unsupportedURL: "unsupportedURL"
  case .noTransport: "noTransport"
  case .file: "file"
  case .notModified: "notModified"
  case .stopped: "stopped"
  }
}

/// Bytes that differ from place to place.
func sample(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 / 3) } }
