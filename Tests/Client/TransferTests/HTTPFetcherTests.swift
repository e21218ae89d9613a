import LoopbackServer
import TUF
import Testing

@testable import Transfer

/// What is fetched, and how it is asked for.
@Suite struct HTTPFetcherTests {
  let fetcher = HTTPFetcher()

  @Test func handsOverAWholeBody() throws {
    let server = try LoopbackServer { _ in .resource(sample(200_000)) }
    defer { server.stop() }
    let sink = RecordingSink()
    try fetcher.fetch(FetchRequest(url: server.url + "/a", limit: 200_000), into: sink)
    #expect(sink.bytes == sample(200_000))
    #expect(sink.restarts == 0)
    #expect(server.requests[0].method == "GET")
    #expect(server.requests[0].headers["user-agent"] == "esky/1")
    #expect(server.requests[0].headers["accept-encoding"] == nil)
    #expect(server.requests[0].headers["range"] == nil)
  }

  @Test func takesAnEmptyBody() throws {
    let server = try LoopbackServer { _ in .resource([]) }
    defer { server.stop() }
    let sink = RecordingSink()
    #expect(name(fetcher.failure(server.url, limit: 0, into: sink)) == "none")
    #expect(sink.bytes.isEmpty)
  }

  @Test(arguments: [
    "/a%2Fb", "/a%2fb", "/..%2Fx.json", "/1.%2E%2E%2Fx", "/a/../b", "/a/./b", "/%41", "/a//b",
    "/%C3%A4", "/a?b=%2F&c=..", "/{a}[1-2]", "/%25",
  ])
  func sendsAPathAsItIs(_ path: String) throws {
    let server = try LoopbackServer { _ in .resource([1]) }
    defer { server.stop() }
    #expect(name(fetcher.failure(server.url + path)) == "none")
    #expect(server.requests.map(\.target) == [path])
  }

  @Test func usesItsConnectionAgainEvenAfterAnErrorPage() throws {
    let server = try LoopbackServer { request in
      request.path == "/there" ? .resource([1]) : .body(sample(500), status: 404)
    }
    defer { server.stop() }
    for path in ["/there", "/missing", "/there"] { _ = fetcher.failure(server.url + path) }
    #expect(server.requests.count == 3)
    #expect(server.connections == 1)
  }

  @Test func decodesAnEncodedBodyThatItAskedFor() throws {
    let server = try LoopbackServer { _ in .gzip(zeros: 5000) }
    defer { server.stop() }
    let sink = RecordingSink()
    let error = fetcher.failure(server.url, limit: 5000, isMetadata: true, into: sink)
    #expect(name(error) == "none")
    #expect(sink.bytes == [UInt8](repeating: 0, count: 5000))
    #expect(server.requests[0].headers["accept-encoding"] == "gzip, deflate")
  }

  @Test func takesAFileThatGrewByBeingCompressed() throws {
    let server = try LoopbackServer { _ in .gzip(zeros: 1) }
    defer { server.stop() }
    let error = fetcher.failure(server.url, limit: 1, isMetadata: true)
    #expect(name(error) == "none")
  }

  @Test func followsRedirects() throws {
    let server = try LoopbackServer { request in
      request.path == "/old" ? .redirect(to: "/new%2F..", status: 301) : .resource([7])
    }
    defer { server.stop() }
    let sink = RecordingSink()
    #expect(name(fetcher.failure(server.url + "/old", into: sink)) == "none")
    #expect(sink.bytes == [7])
    #expect(server.requests.map(\.target) == ["/old", "/new%2F.."])
  }

  @Test func resumesAtAnOffset() throws {
    let server = try LoopbackServer { _ in .resource(sample(1000)) }
    defer { server.stop() }
    let sink = RecordingSink(holding: Array(sample(1000)[..<400]))
    #expect(name(fetcher.failure(server.url, offset: 400, into: sink)) == "none")
    #expect(sink.bytes == sample(1000))
    #expect(sink.restarts == 0)
    #expect(server.requests[0].headers["range"] == "bytes=400-")
  }

  @Test(arguments: [0, 1000])
  func startsOverWhereTheServerDoesNotResume(length: Int) throws {
    let server = try LoopbackServer { _ in .body(sample(length)) }
    defer { server.stop() }
    let sink = RecordingSink(holding: [9, 9, 9])
    #expect(name(fetcher.failure(server.url, offset: 3, into: sink)) == "none")
    #expect(sink.bytes == sample(length))
    #expect(sink.restarts == 1)
  }

  @Test func startsOverWhenTheFileIsShorterThanTheOffset() throws {
    let server = try LoopbackServer { _ in .resource(sample(10)) }
    defer { server.stop() }
    let sink = RecordingSink(holding: sample(20))
    #expect(name(fetcher.failure(server.url, offset: 20, into: sink)) == "none")
    #expect(sink.bytes == sample(10))
    #expect(sink.restarts == 1)
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=20-", nil])
  }

  @Test func keepsWhatItHasWhenStartingOverFails() throws {
    let server = try LoopbackServer { request in
      .body([], status: request.headers["range"] == nil ? 503 : 416)
    }
    defer { server.stop() }
    let sink = RecordingSink(holding: [1, 2, 3])
    #expect(name(fetcher.failure(server.url, offset: 3, into: sink)) == "status 503")
    #expect(sink.bytes == [1, 2, 3])
    #expect(sink.restarts == 0)
  }

  @Test(arguments: [403, 501, 500, 400])
  func startsOverWhereRangesAreRefused(status: Int) throws {
    let server = try LoopbackServer { request in
      request.rangeStart == nil ? .body(sample(100)) : .body([], status: status)
    }
    defer { server.stop() }
    let sink = RecordingSink()
    #expect(name(fetcher.failure(server.url, limit: 100, offset: 50, into: sink)) == "none")
    #expect(sink.bytes == sample(100))
    #expect(sink.restarts == 1)
  }

  @Test func asksForTheWholeFileOnlyOnce() throws {
    let server = try LoopbackServer { _ in .body([], status: 416) }
    defer { server.stop() }
    #expect(name(fetcher.failure(server.url, offset: 3)) == "status 416")
    #expect(server.requests.count == 2)
  }

  @Test func fetchesByASchemeInCapitals() throws {
    let server = try LoopbackServer { _ in .resource([1]) }
    defer { server.stop() }
    let error = SchemeFetcher().failure("HTTP://127.0.0.1:\(server.port)/a")
    #expect(name(error) == "none")
  }
}
