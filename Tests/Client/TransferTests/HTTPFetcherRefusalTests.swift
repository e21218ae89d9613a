import CCurl
import LoopbackServer
import TUF
import Testing

@testable import Transfer

/// What is refused, and what the sink has got by then.
@Suite struct HTTPFetcherRefusalTests {
  typealias Response = LoopbackServer.Response

  let fetcher = HTTPFetcher()

  /// Fetches from a server that always answers the same.
  private func failure(
    _ response: Response, limit: Int64 = 1000, offset: Int64 = 0, isMetadata: Bool = false,
    into sink: RecordingSink = RecordingSink()
  ) throws -> String {
    let server = try LoopbackServer { _ in response }
    defer { server.stop() }
    return name(
      fetcher.failure(
        server.url + "/a", limit: limit, offset: offset, isMetadata: isMetadata,
        into: sink))
  }

  @Test(arguments: [
    (404, "notFound 404"), (403, "notFound 403"), (410, "status 410"), (500, "status 500"),
    (503, "status 503"), (401, "status 401"), (407, "status 407"), (204, "status 204"),
    (206, "status 206"), (304, "status 304"), (300, "status 300"),
  ])
  func tellsStatusesApartAndDropsTheirBodies(status: Int, expected: String) throws {
    let sink = RecordingSink()
    let bytes = status == 204 || status == 304 ? [] : sample(100)
    #expect(try failure(.body(bytes, status: status), into: sink) == expected)
    #expect(sink.bytes.isEmpty)
  }

  @Test func endsAnEndlessErrorPage() throws {
    #expect(try failure(.endless(status: 404)) == "notFound 404")
  }

  @Test func refusesAnEndlessBody() throws {
    let sink = RecordingSink()
    #expect(try failure(.endless(), limit: 100_000, into: sink) == "tooLong 100000")
    #expect(sink.bytes.count <= 100_000)
  }

  @Test func refusesAnAnnouncedLengthAtOnce() throws {
    let sink = RecordingSink()
    #expect(try failure(.body(sample(1001)), into: sink) == "tooLong 1000")
    #expect(sink.bytes.isEmpty)
    #expect(try failure(.hangAfterHeaders(length: 1001)) == "tooLong 1000")
  }

  @Test func refusesEndlessHeaders() throws {
    #expect(try failure(.endlessHeaders) == "headTooLong \(256 << 10)")
  }

  @Test func refusesAGzipBomb() throws {
    let sink = RecordingSink()
    let error = try failure(
      .gzip(zeros: 50_000_000), limit: 100_000, isMetadata: true, into: sink)
    #expect(error == "tooLong 100000")
    #expect(sink.bytes.count <= 100_000)
  }

  @Test func refusesAnOffsetBeyondTheLimit() throws {
    #expect(try failure(.resource(sample(10)), limit: 5, offset: 6) == "tooLong 5")
  }

  @Test func countsTheLimitFromTheFirstByteOfTheFile() throws {
    let sink = RecordingSink(holding: sample(600))
    #expect(try failure(.resource(sample(1001)), offset: 600, into: sink) == "tooLong 1000")
    #expect(sink.bytes == sample(600))
  }

  @Test(arguments: [
    "bytes 0-9/20", "bytes 11-19/20", "bytes 9-19/20", "bytes 10-9/20", "bytes 10-19/15",
    "bytes */20", "items 10-19/20", "bytes 10-19/20x", "bytes -10-19/20", "10-19/20", "",
    "bytes 10-99999999999999999999/99999999999999999999",
  ])
  func refusesARangeThatItDidNotAskFor(_ range: String) throws {
    let sink = RecordingSink(holding: sample(10))
    let response = Response.body(sample(10), status: 206, headers: ["Content-Range": range])
    #expect(try failure(response, offset: 10, into: sink) == "status 206")
    #expect(sink.bytes == sample(10))
    #expect(sink.restarts == 0)
  }

  @Test func noticesARangeThatEndsTooEarly() throws {
    let response = Response.body(
      sample(10), status: 206, headers: ["Content-Range": "bytes 10-19/30"])
    #expect(try failure(response, offset: 10) == "truncated")
  }

  @Test func noticesATruncatedBody() throws {
    let sink = RecordingSink()
    #expect(try failure(.truncated(sample(10), length: 20), into: sink) == "truncated")
    #expect(sink.bytes == sample(10))
  }

  @Test func noticesAConnectionThatClosesAtOnce() throws {
    #expect(try failure(.close) == "unreachable")
  }

  @Test func refusesWhatIsNoHTTP() throws {
    #expect(try failure(.raw(Array("SSH-2.0-x\r\n".utf8))) == "unreachable")
  }

  @Test func endsARedirectLoop() throws {
    let server = try LoopbackServer { _ in .redirect(to: "/again") }
    defer { server.stop() }
    #expect(name(fetcher.failure(server.url)) == "status 302")
    #expect(server.requests.count == 6)
  }

  @Test(arguments: ["file:///etc/hostname", "ftp://127.0.0.1/a", "gopher://127.0.0.1/a", "http://"])
  func followsNoRedirectTo(_ target: String) throws {
    let sink = RecordingSink()
    #expect(try failure(.redirect(to: target), into: sink) == "status 302")
    #expect(sink.bytes.isEmpty)
  }

  @Test(arguments: [
    "ftp://127.0.0.1/a", "file:///etc/hostname", "127.0.0.1/a", "", "http:", "http://",
    "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX-Injected: b", "http://127.0.0.1/a\0b",
    "http://127.0.0.1/a\u{7f}", " http://127.0.0.1/a", "http://127.0.0.1:port/",
  ])
  func refusesTheURL(_ url: String) {
    #expect(name(fetcher.failure(url)) == "unsupportedURL")
  }

  @Test func stopsWhenTheSinkWantsNoMore() throws {
    let sink = RecordingSink(wanting: 1)
    #expect(try failure(.endless(), limit: .max, into: sink) == "stopped")
  }

  @Test func tellsARefusedConnectionWithItsHost() throws {
    let server = try LoopbackServer { _ in .close }
    server.stop()
    let error = fetcher.failure("http://user:word@127.0.0.1:\(server.port)/a")
    guard case .unreachable(let reason) = error else {
      Issue.record("not refused: \(name(error))")
      return
    }
    #expect(reason.hasPrefix("127.0.0.1:\(server.port): "))
  }

  /// The option that requests by HTTPS are made with, on a request by HTTP: no certificate is needed.
  @Test(arguments: [(true, CURLE_UNSUPPORTED_PROTOCOL), (false, CURLE_OK)])
  func allowsRedirectsToHTTPSAlone(isOn: Bool, expected: CURLcode) throws {
    let server = try LoopbackServer { request in
      request.path == "/old" ? .redirect(to: "/new") : .resource([])
    }
    defer { server.stop() }
    try CurlLibrary.load()
    let handle = curl_shim_easy_init()
    defer { curl_shim_easy_cleanup(handle) }
    let codes = [
      curl_shim_set_protocols(handle, isOn), curl_shim_set_long(handle, CURLOPT_FOLLOWLOCATION, 1),
      curl_shim_set_string(handle, CURLOPT_URL, server.url + "/old"),
      curl_shim_easy_perform(handle),
    ]
    #expect(codes == [CURLE_OK, CURLE_OK, CURLE_OK, expected])
    #expect(server.requests.map(\.target) == (isOn ? ["/old"] : ["/old", "/new"]))
  }
}
