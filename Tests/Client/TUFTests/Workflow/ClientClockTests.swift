import FileSystem
import Testing

@testable import TUF

private let day: Int64 = 86_400

/// What clients make of a clock that goes back, or once ran ahead.
@Suite struct ClientClockTests {
  private func outcome(_ setup: Setup, at time: Int64) -> String {
    refusal { () throws(TUFError) in try setup.refresh(at: time) }
  }

  /// Renews everything for a time from then on.
  private func renew(_ setup: Setup, from time: Int64, days: Int64) throws {
    setup.repository.timestamp.version += 1
    setup.repository.timestamp.expires = time + days * day
    try setup.repository.publish()
  }

  @Test func whatWasSeenExpiredIsNeverValidAgain() throws {
    let setup = try Setup { $0.timestamp.expires = now + 20 * day }
    try setup.refresh()
    #expect(outcome(setup, at: now + 21 * day) == "expired")
    // The clock goes back, and by somebody's will the copy is as old.
    #expect(outcome(setup, at: now) == "expired")
    #expect(outcome(setup, at: now + 19 * day) == "expired")
  }

  @Test func whatExpiredBeforeTheLastSuccessIsRefused() throws {
    let setup = try Setup()
    try setup.refresh(at: now + 20 * day)
    try renew(setup, from: now, days: 10)
    #expect(outcome(setup, at: now) == "expired")
    try renew(setup, from: now, days: 25)
    try setup.refresh(at: now)
  }

  /// By a month, or by so much that the root had expired as well.
  @Test(arguments: [25, 10_000] as [Int64])
  func aClockThatOnceRanAheadKeepsNobodyFromTheNextRenewal(days: Int64) throws {
    let setup = try Setup { $0.timestamp.expires = now + 20 * day }
    try setup.refresh()
    #expect(outcome(setup, at: now + days * day) == "expired")
    #expect(outcome(setup, at: now + day) == "expired")
    try renew(setup, from: now + 2 * day, days: 20)
    try setup.refresh(at: now + 2 * day)
    try setup.refresh(at: now + 3 * day)
  }

  @Test func itIsToldThatTheClockIsBehind() throws {
    let setup = try Setup { $0.timestamp.expires = now + 20 * day }
    _ = outcome(setup, at: now + 21 * day)
    do {
      try setup.refresh(at: now + day)
      Issue.record("what had expired was taken")
    } catch {
      guard case .expired("timestamp.json", now + 20 * day, now + 20 * day, now + day) = error.rule
      else { throw error }
    }
  }

  @Test(arguments: ["", "\n", "x\n", "-1\n", "99999999999999999999\n", "1700000000"])
  func aNoteThatCanNotBeReadIsNone(text: String) throws {
    let setup = try Setup()
    try setup.refresh()
    try FileSystem.writeAtomically(
      utf8(text), to: setup.scratch.path.appending("trusted/last-time"))
    try setup.refresh()
    #expect(setup.store.lastTime() == now)
  }

  @Test func theTimeIsNotedOnceAnHour() throws {
    let setup = try Setup()
    for (later, noted) in [(0, 0), (3600, 0), (3601, 3601), (3602, 3601), (0, 3601)]
      as [(Int64, Int64)]
    {
      try setup.refresh(at: now + later)
      #expect(setup.store.lastTime() == now + noted)
    }
  }
}
