extension LoopbackServer {
  /// A request as it came, nothing in it decoded.
  public struct Request: Sendable {
    /// The method, as `GET`.
    public let method: String
    /// What stands between method and version: path and query.
    public let target: String
    /// The header fields, their names in lower case; of a repeated one the last.
    public let headers: [String: String]

    /// The target without its query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The first byte that a `Range` of the form `bytes=n-` asks for.
    public var rangeStart: Int? {
      guard let range = headers["range"], range.hasPrefix("bytes="), range.hasSuffix("-") else {
        return nil
      }
      return Int(range.dropFirst(6).dropLast())
    }
  }

  /// What the server does with a request, well or badly.
  public enum Response: Sendable {
    /// A file below a folder, by the decoded path of the request; ranges are honoured, 404 if missing.
    case folder(String)
    /// One file, whatever the path; ranges are honoured, 404 if missing.
    case file(String)
    /// Bytes as a file has them: ranges are honoured.
    case resource([UInt8])
    /// Just this, whatever range was asked for.
    case body([UInt8], status: Int = 200, headers: [String: String] = [:])
    /// Redirects to a URL, or to a path of this server.
    case redirect(to: String, status: Int = 302)
    /// Bytes straight onto the wire, then the end of the connection.
    case raw([UInt8])
    /// Closes the connection without a word.
    case close
    /// Says nothing until the client goes.
    case hang
    /// Announces a body of a length, then says nothing until the client goes.
    case hangAfterHeaders(length: Int)
    /// The headers a byte at a time with seconds between, for ever.
    case slowHeaders(seconds: Double)
    /// Headers without an end, as fast as they are taken.
    case endlessHeaders
    /// A whole body, so many bytes at a time with seconds between.
    case crawl([UInt8], bytes: Int, seconds: Double)
    /// A body without an end or a length, as fast as it is taken.
    case endless(status: Int = 200)
    /// A body that ends too early for its `Content-Length`.
    case truncated([UInt8], length: Int)
    /// A gzip-encoded body of zeros, about a thousandth of the decoded length on the wire.
    case gzip(zeros: Int)
  }
}
