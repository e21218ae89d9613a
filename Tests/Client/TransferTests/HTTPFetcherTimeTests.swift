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

  /// A body that comes at 10,000 bytes a second, and the average that it is measured by.
  @Test(arguments: [
    (100_000, 1 << 20, "timedOut 2"), (15_000, 10_000, "none"),
    (2_000_000, 2_000_000, "timedOut 2"),
  ])
  func givesABodyTheTimeThatItsLengthAllowsAndNoMore(
    length: Int, average: Int, expected: String
  ) throws {
    let response = LoopbackServer.Response.crawl(sample(length), bytes: 500, seconds: 0.05)
    let error = try failure(response, limit: Int64(length)) { limits in
      limits.averageBytes = average
      limits.baseSeconds = 1
      limits.lowSpeedBytes = 1
    }
    #expect(error == expected)
  }

  @Test func losesPatienceWithManySlowFiles() throws {
    // Six tenths of a second each.
    let server = try LoopbackServer { _ in .crawl(sample(12), bytes: 1, seconds: 0.05) }
    defer { server.stop() }
    var limits = TransferLimits()
    limits.patienceSeconds = 1
    let fetcher = HTTPFetcher(limits: limits)
    let errors = (0..<3).map { _ in name(fetcher.failure(server.url, limit: 12)) }
    #expect(errors == ["none", "timedOut 1", "timedOut 1"])
  }

  /// Bytes that a request may bring, and the milliseconds that it may take.
  @Test func allowsTimeInProportionToSize() {
    var limits = TransferLimits()
    limits.baseSeconds = 10
    limits.averageBytes = 1000
    var budget = TimeBudget(limits)
    let allowed: [(bytes: Int64, milliseconds: Int64)] = [
      (0, 10_000), (1, 10_001), (1000, 11_000), (1500, 11_500), (10_000_000, 10_010_000),
      (.max, 1_000_010_807), (-5, 10_000),
    ]
    for (bytes, milliseconds) in allowed {
      #expect(budget.milliseconds(for: bytes) == milliseconds, "\(bytes)")
    }
    // Without patience, what was slow before does not count.
    budget.count(milliseconds: 1_000_000, bytes: 0)
    #expect(budget.milliseconds(for: 0) == 10_000)
    limits.patienceSeconds = 25
    budget = TimeBudget(limits)
    budget.count(milliseconds: 12_000, bytes: 2000)
    #expect(budget.milliseconds(for: 1000) == 11_000)
    budget.count(milliseconds: 10_000, bytes: 0)
    #expect(budget.milliseconds(for: 1000) == 6_000)
    // Fast ones are no credit.
    budget.count(milliseconds: 1, bytes: 1_000_000)
    budget.count(milliseconds: 5_000, bytes: 0)
    #expect(budget.milliseconds(for: 1000) == 0)
  }

  /// For those who wait, and for nobody: how long a mirror can hold an app's lock with an archive.
  @Test(
    arguments: [(TransferLimits.interactive, 30), (.background, 15)] as [(TransferLimits, Int64)])
  func anArchiveOfTwentyMegabytesIsAMatterOfMinutes(limits: TransferLimits, minutes: Int64) {
    let total = TimeBudget(limits).milliseconds(for: 20_000_000)
    #expect(total <= minutes * 60_000)
    #expect(limits.patienceSeconds != nil)
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
