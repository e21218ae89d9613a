/// Where the bytes of a fetched file go.
public protocol ByteSink: AnyObject {
  /// Takes the next bytes of the body, decoded; false ends the fetch with ``FetchError/stopped``.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool

  /// Forgets what was kept before this fetch: the body starts at its first byte after all, because
  /// the server does not resume. False ends the fetch with ``FetchError/stopped``.
  func restart() -> Bool
}

/// What to fetch, and how much of it at the most.
public struct FetchRequest: Sendable {
  /// The URL, used as it is: nothing in it is decoded or normalised.
  public var url: String
  /// The most bytes that the body may have, decoded, from its very first byte on.
  public var limit: Int64
  /// The first byte wanted; more than 0 resumes a fetch that was broken off.
  public var offset: Int64
  /// True for metadata: a compressed encoding is welcome, and the whole of it must come in a bounded time.
  public var isMetadata: Bool
  /// What the file was when it was fetched before; ``FetchError/notModified`` says that it still is.
  public var validator: Validator?
  /// What the file begins with, white space aside, where that is known: a web page in its place is told by it, and
  /// ends the fetch with ``FetchError/webPage(host:)``.
  public var beginning: [UInt8]?
  /// True to ask caches on the way not to answer by themselves (RFC 9111 §5.2.1.4).
  public var bypassesCaches = false

  /// Puts a request together.
  public init(
    url: String, limit: Int64, offset: Int64 = 0, isMetadata: Bool = false,
    validator: Validator? = nil
  ) {
    self.url = url
    self.limit = limit
    self.offset = offset
    self.isMetadata = isMetadata
    self.validator = validator
    if isMetadata { beginning = [UInt8(ascii: "{")] }
  }
}

/// What a server tells one state of a file from the next by, to ask whether it has changed. RFC 9110 §8.8
public struct Validator: Sendable {
  /// A strong entity tag as it came, quotation marks and all: printable ASCII, at most ``maximumLength`` bytes.
  public let entityTag: [UInt8]

  /// A longer tag is none.
  public static let maximumLength = 256

  /// Takes the value of `ETag`; nil for one that is empty, too long, or not printable.
  public init?(_ entityTag: [UInt8]) {
    guard 1...Self.maximumLength ~= entityTag.count,
      entityTag.allSatisfy({ 0x20...0x7e ~= $0 })
    else { return nil }
    self.entityTag = entityTag
  }
}

/// Why a file could not be fetched.
///
/// None of these says that anybody cheated.
public enum FetchError: Error, Sendable {
  /// The source answered that it has no such file (HTTP 403 and 404; a missing file).
  case notFound(status: Int)
  /// The source answered with any other status that is no success.
  case status(Int)
  /// No connection: name not resolved, refused, unreachable, TLS failure. The reason is libcurl's.
  case unreachable(reason: String)
  /// The certificate of a host is not trusted.
  case certificate(host: String, CertificateProblem)
  /// A host answered with a web page in place of a file that is none: the login page of a network, as a rule.
  case webPage(host: String)
  /// Nothing was answered within a limit, in seconds.
  case timedOut(seconds: Int)
  /// Fewer bytes a second than the limit, for longer than a number of seconds: slow retrieval.
  case tooSlow(bytesPerSecond: Int, seconds: Int)
  /// The body is longer than the request allows, in bytes: endless data.
  case tooLong(limit: Int64)
  /// The head of the answer, redirects included, is longer than a limit in bytes: endless headers.
  case headTooLong(limit: Int)
  /// The connection ended before the body did, or what came can't be decoded.
  case truncated(reason: String)
  /// The URL has a scheme that no transport here serves, or can't be read as a URL.
  case unsupportedURL
  /// This machine has no library to fetch with, or no certificates where it is told to look for them; the reason
  /// names what was looked for.
  case noTransport(reason: String)
  /// Reading a local file failed; the reason names it.
  case file(reason: String)
  /// The sink wanted no more.
  case stopped
  /// The file is still what the request's validator says.
  case notModified
}

/// Why the certificate that a host showed is not trusted.
public enum CertificateProblem: Sendable {
  /// None of the authorities that are trusted here has signed it.
  case unknownIssuer
  /// It is for another name than the host's.
  case wrongName
  /// It is valid no longer.
  case expired
  /// It is not valid yet.
  case notYetValid
  /// Anything else, in libcurl's words.
  case other(reason: String)
}

/// Gets files from where a URL points; the client's only way to the outside.
///
/// A fetcher bounds connect time, total time, speed and redirects by limits of its own, and never
/// hands a sink more than ``FetchRequest/limit`` bytes.
public protocol Fetcher: AnyObject {
  /// Fetches one file into a sink; returns once all of the body has been handed over.
  ///
  /// - Returns: what to ask with whether the file has changed; nil where the source offers nothing reliable.
  @discardableResult
  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator?
}
