import Foundation
import Testing

/// What a user is told of a clock that has gone back, or once ran ahead.
struct ClockEndToEndTests {
  @Test func whatHadExpiredStaysSoUntilThePublisherRenewsIt() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    func check(_ time: String? = nil) throws -> Outcome {
      var command = try story.user.finder(["check"])
      command.environment["LD_PRELOAD"] = time.map { _ in FakeClock.library }
      command.environment["FAKETIME"] = time
      return try command.run()
    }
    #expect(try check().status == 10)
    // By a month, or by more than the root is valid for.
    for time in ["+30d", "+3000d"] {
      let expired = try check(time)
      #expect(expired.status == 21, "\(expired.errors)")
      #expect(expired.errors.contains("or this machine's clock is wrong"), "\(expired.errors)")
    }
    let back = try check("+1d")
    #expect(back.status == 21)
    #expect(back.errors.contains("the clock has gone back (set it)"), "\(back.errors)")
    #expect(try story.user.run("x").output == "1.0|x\n")

    var renew = try story.packager.command(["refresh", "--force", "snapshot", "timestamp"])
    renew.environment["LD_PRELOAD"] = FakeClock.library
    renew.environment["FAKETIME"] = "+1d"
    try renew.succeed()
    #expect(try check("+1d").status == 10)
  }
}
