import LoopbackServer
import TUF
import Testing

@testable import Transfer

/// A network's login page in place of metadata, told from a repository that is broken or attacked.
@Suite struct CaptivePortalTests {
  private static let page = Array("<!DOCTYPE html><title>Welcome to Hotel</title>".utf8)
  private static let html = ["Content-Type": "text/html; charset=utf-8"]

  private func failure(
    _ response: LoopbackServer.Response, limit: Int64 = 1000, isMetadata: Bool = true,
    into sink: RecordingSink = RecordingSink()
  ) throws -> String {
    let server = try LoopbackServer { _ in response }
    defer { server.stop() }
    let text = name(
      HTTPFetcher().failure(server.url, limit: limit, isMetadata: isMetadata, into: sink))
    return text.replacing("\(server.port)", with: "PORT")
  }

  @Test(
    arguments: [
      page, Array("\n \t<html>".utf8), [], Array("  ".utf8), [0xef, 0xbb, 0xbf] + page,
      Array("null".utf8), Array("[]".utf8),
    ])
  func tellsAWebPage(body: [UInt8]) throws {
    let sink = RecordingSink()
    #expect(try failure(.body(body, headers: Self.html), into: sink) == "webPage 127.0.0.1:PORT")
    #expect(!sink.bytes.contains(UInt8(ascii: "<")))
  }

  @Test func tellsOneThatIsLongerThanAnyMetadata() throws {
    let long = Self.page + [UInt8](repeating: 0x20, count: 100_000)
    #expect(try failure(.body(long, headers: Self.html)) == "webPage 127.0.0.1:PORT")
  }

  @Test func namesTheHostThatItWasRedirectedTo() throws {
    let login = try LoopbackServer { _ in .body(Self.page, headers: Self.html) }
    defer { login.stop() }
    let error = try failure(.redirect(to: login.url + "/login?from=x"))
    #expect(error == "webPage 127.0.0.1:\(login.port)")
  }

  /// What could be an attack is never taken for a login page.
  @Test(
    arguments: [
      (Array("{}".utf8), ["Content-Type": "text/html"]),
      (Array(" \n{\"signed\": <".utf8), ["content-type": "TEXT/HTML"]),
      (page, ["Content-Type": "application/json"]), (page, ["Content-Type": "text/plain"]),
      (page, [:]),
    ] as [([UInt8], [String: String])])
  func handsOverWhatIsNone(body: [UInt8], headers: [String: String]) throws {
    let sink = RecordingSink()
    #expect(try failure(.body(body, headers: headers), into: sink) == "none")
    #expect(sink.bytes == body)
  }

  @Test func keepsTheLimitOfMetadataThatIsServedAsAWebPage() throws {
    let long = Array("{".utf8) + [UInt8](repeating: 0x20, count: 100_000)
    #expect(try failure(.body(long, headers: Self.html)) == "tooLong 1000")
  }

  @Test func aTargetMayBeAWebPage() throws {
    let sink = RecordingSink()
    #expect(
      try failure(.body(Self.page, headers: Self.html), isMetadata: false, into: sink) == "none")
    #expect(sink.bytes == Self.page)
  }
}
