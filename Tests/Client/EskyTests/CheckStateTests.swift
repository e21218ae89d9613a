import FileSystem
import Layout
import Testing

@testable import Esky

struct CheckStateTests {
  private func parse(_ lines: String) -> CheckState? {
    CheckState(Array("esky-state 1\n\(lines)\nend\n".utf8))
  }

  @Test(arguments: [
    "checked 1\nresult ok", "checked 1\nresult ok\navailable 1.2",
    "checked 9\nresult offline\nmessage why\nfailing-since 3\nfailures 7",
    "checked 9\nresult ok\nwithdrawn 1.2\nwithdrawn-since 4",
  ])
  func isReadAsItWasWritten(lines: String) throws {
    let state = try #require(parse(lines))
    #expect(state.text == Array("esky-state 1\n\(lines)\nend\n".utf8))
  }

  @Test(arguments: [
    "result ok", "checked 1", "checked -1\nresult ok", "checked x\nresult ok",
    "checked 9223372036854775808\nresult ok",
  ])
  func isNoneWhenDamaged(lines: String) {
    #expect(parse(lines) == nil)
  }

  /// What can't be counted on is not counted.
  @Test func countsFromWhateverStandsThere() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    let esky = try fixture.esky()
    _ = try esky.work.make()
    for failures in ["9223372036854775807", "-1", "many", ""] {
      let text =
        "esky-state 1\nchecked 1\nresult offline\nfailing-since 1\nfailures \(failures)\nend\n"
      try esky.work.state.writeAtomically(Array(text.utf8))
      esky.note(.noSource("settings.txt"), at: 5)
      let noted = try #require(esky.checkState())
      #expect(noted.checked == 5)
      #expect(noted.failures > 0)
      #expect(noted.trouble?.isEmpty == false)
    }
  }

  /// As a clock that was wrong once leaves them.
  @Test func whatBeganInTheFutureBeganNow() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    let esky = try fixture.esky()
    _ = try esky.work.make()
    let name = try fixture.name("1.0")
    esky.note(.noSource("settings.txt"), at: 4_102_444_800)
    esky.note(.noSource("settings.txt"), at: 60)
    #expect(esky.checkState()?.failingSince == 60)
    #expect(esky.checkState()?.failures == 2)
    esky.note(.ok, withdrawn: name, at: 4_102_444_800)
    esky.note(.noSource("settings.txt"), at: 60)
    #expect(esky.checkState()?.withdrawnSince == 60)
    esky.note(.ok, at: 60)
    esky.note(.ok, withdrawn: name, at: 4_102_444_800)
    esky.note(.ok, withdrawn: name, at: 120)
    #expect(esky.checkState()?.withdrawnSince == 120)
  }

  @Test func namesSinceWhenAVersionIsWithdrawn() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    let esky = try fixture.esky()
    _ = try esky.work.make()
    esky.note(.ok, withdrawn: try fixture.name("1.0"), at: 60)
    esky.note(.ok, withdrawn: try fixture.name("1.0"), at: 120)
    esky.note(.noSource("settings.txt"), at: 180)
    #expect(esky.checkState()?.withdrawnSince == 60)
    esky.note(.ok, at: 240)
    #expect(esky.checkState()?.withdrawnSince == nil)
    #expect(esky.checkState()?.trouble == nil)
    esky.note(.ok, withdrawn: try fixture.name("1.0"), at: 300)
    #expect(esky.checkState()?.withdrawal?.hasSuffix("first seen 1970-01-01T00:05:00Z") == true)
  }
}
