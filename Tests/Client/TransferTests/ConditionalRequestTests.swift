import LoopbackServer
import TUF
import Testing

@testable import Transfer

/// Asking whether a file has changed.
struct ConditionalRequestTests {
  private let fetcher = HTTPFetcher()
  private static let date = "Sat, 21 Nov 2026 08:00:00 GMT"
  private static let earlier = "Sat, 21 Nov 2026 07:59:59 GMT"

  /// Fields of a response, and the tag that the file can be asked for with.
  @Test(
    arguments: [
      (["ETag": "\"a\""], "\"a\""), (["etag": "  \"a b\" "], "\"a b\""), ([:], nil),
      (["ETag": "W/\"a\""], nil), (["ETag": "a"], nil), (["ETag": "\"\""], nil),
      (["ETag": "\"" + String(repeating: "a", count: 300) + "\""], nil),
      (["Last-Modified": earlier, "Date": date], nil),
      (["ETag": "\"a\"", "Last-Modified": earlier, "Date": date], "\"a\""),
      (["ETag": "\"a\"", "Last-Modified": date, "Date": date], nil),
      (["ETag": "\"a\"", "Last-Modified": earlier], nil),
    ] as [([String: String], String?)])
  func trustsNothingButAStrongTagOfAFileThatHasComeToRest(
    headers: [String: String], tag: String?
  ) throws {
    let server = try LoopbackServer { _ in .body([1], headers: headers) }
    defer { server.stop() }
    let found = try fetcher.fetch(
      FetchRequest(url: server.url, limit: 10), into: RecordingSink())
    #expect(found.map { String(decoding: $0.entityTag, as: UTF8.self) } == tag)
  }

  @Test func asksWithTheTagAndTellsThatNothingHasChanged() throws {
    let server = try LoopbackServer { request in
      request.headers["if-none-match"] == "\"a\"" ? .body([], status: 304) : .body([1])
    }
    defer { server.stop() }
    let known = FetchRequest(url: server.url, limit: 10, validator: Validator(Array("\"a\"".utf8)))
    #expect(throws: FetchError.self) { try fetcher.fetch(known, into: RecordingSink()) }
    #expect(name(failure(known)) == "notModified")
    // The next request asks nothing of the kind.
    let sink = RecordingSink()
    try fetcher.fetch(FetchRequest(url: server.url, limit: 10), into: sink)
    #expect(sink.bytes == [1])
  }

  @Test func aServerThatWasNotAskedCannotSaySo() throws {
    let server = try LoopbackServer { _ in .body([], status: 304) }
    defer { server.stop() }
    #expect(name(failure(FetchRequest(url: server.url, limit: 10))) == "status 304")
  }

  private func failure(_ request: FetchRequest) -> FetchError? {
    do throws(FetchError) {
      try fetcher.fetch(request, into: RecordingSink())
      return nil
    } catch {
      return error
    }
  }
}
