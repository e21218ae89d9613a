import LoopbackServer
import TUF
import Testing

@testable import Transfer

/// Servers that take their time: each ends by the limit made for it.
@Suite struct HTTPFetcherTimeTests {
  /// Long enough limits for all but one, which is a second or two.
  private func failure(
    _ response: LoopbackServer.Response, scheme: String = "http", limit: Int64 = 1000,
    changing change: (inout TransferLimits) -> Void
  ) throws -> String {
    let server = try LoopbackServer { _ in response }
    defer { server.stop() }
    var limits = TransferLimits()
    change(&limits)
    let fetcher = HTTPFetcher(limits: limits)
    return name(fetcher.failure("\(scheme)://127.0.0.1:\(server.port)/a", limit: limit))
  }

  @Test func endsAServerThatNeverAnswers() throws {
    #expect(try failure(.hang) { $0.lowSpeedSeconds = 1 } == "timedOut 1")
  }

  @Test func endsAServerThatNeverShakesHands() throws {
    #expect(try failure(.hang, scheme: "https") { $0.connectSeconds = 1 } == "timedOut 1")
  }

  @Test func endsSlowHeaders() throws {
    #expect(
      try failure(.slowHeaders(seconds: 0.05)) { $0.lowSpeedSeconds = 1 } == "timedOut 1")
  }

  @Test func endsABodyThatNeverComes() throws {
    let error = try failure(.hangAfterHeaders(length: 500)) { $0.lowSpeedSeconds = 2 }
    #expect(error == "tooSlow 1024 2")
  }

  @Test func endsACrawlingBody() throws {
    let response = LoopbackServer.Response.crawl(sample(5000), bytes: 5, seconds: 0.05)
    let error = try failure(response, limit: 5000) { $0.lowSpeedSeconds = 2 }
    #expect(error == "tooSlow 1024 2")
  }

  @Test func endsMetadataThatIsFastEnoughButTakesTooLong() throws {
    let response = LoopbackServer.Response.crawl(sample(100_000), bytes: 500, seconds: 0.05)
    let error = try failure(response, limit: 100_000) { limits in
      limits.metadataSeconds = 1
      limits.lowSpeedBytes = 1
    }
    #expect(error == "timedOut 1")
  }

  @Test func givesALongBodyTheTimeItNeeds() throws {
    let response = LoopbackServer.Response.crawl(sample(15_000), bytes: 500, seconds: 0.05)
    let error = try failure(response, limit: 15_000) { limits in
      limits.metadataBytes = 10_000
      limits.metadataSeconds = 1
      limits.lowSpeedBytes = 1
    }
    #expect(error == "none")
  }

  @Test func measuresSpeedFromWindowToWindow() {
    var limits = TransferLimits()
    limits.lowSpeedBytes = 100
    limits.lowSpeedSeconds = 10
    var speed = SpeedGuard(limits: limits, now: 5_000)
    let samples: [(now: Int64, total: Int64)] = [
      (14_999, 0), (15_000, 1_000), (24_999, 1_000), (25_000, 1_000_000),
      // A fast start is no credit for later.
      (35_000, 1_000_999),
    ]
    let verdicts = samples.map { speed.isFastEnough(now: $0.now, total: $0.total) }
    #expect(verdicts == [true, true, true, true, false])
    speed.reset(now: 40_000, total: 1_000_999)
    let verdict = speed.isFastEnough(now: 49_999, total: 1_000_999)
    #expect(verdict)
  }
}
