import Foundation
import Testing

/// What has been wrong with updates for some time is said, since when, and what was tried.
struct TroubleEndToEndTests {
  private func status(_ user: Installation) throws -> [String: Any] {
    try user.esky("--json", "status").json()
  }

  @Test func looksThatFailAreCountedUntilOneDoesNot() throws {
    let story = try Story()
    #expect(try story.user.esky("check").status == 0)
    #expect(try status(story.user)["failing-since"] == nil)
    story.mirror.answer { _ in .close }
    #expect(try story.user.esky("check").status == 20)
    let since = try #require(try status(story.user)["failing-since"] as? String)
    sleep(1)
    #expect(try story.user.esky("update").status == 20)
    let found = try status(story.user)
    #expect(found["failing-since"] as? String == since)
    #expect(found["failures"] as? Int == 2)
    #expect(found["check-result"] as? String == "offline")
    #expect((found["check-message"] as? String)?.contains(story.mirror.url) == true)
    let text = try story.user.esky("status").output
    #expect(text.contains("failing      since \(since), 2 times: "))
    story.mirror.answer(nil)
    #expect(try story.user.esky("check").status == 0)
    #expect(try status(story.user)["failing-since"] == nil)
    #expect(try !story.user.esky("status").output.contains("failing"))
  }

  @Test func aRepositoryThatIsNotRenewedIsSaidToBe() throws {
    let story = try Story()
    var command = try story.user.finder(["check"])
    command.environment["LD_PRELOAD"] = FakeClock.library
    command.environment["FAKETIME"] = "+60d"
    #expect(try command.run().status == 21)
    let message = try status(story.user)["check-message"] as? String
    #expect(message?.contains("expired") == true, "\(message ?? "")")
  }

  @Test func aVersionThatWasTakenBackWithNowhereToGoIsNamed() throws {
    let story = try Story()
    try story.packager.command(["withdraw", "1.0"]).succeed()
    #expect(try story.user.esky("check").status == 0)
    #expect(try status(story.user)["withdrawn"] as? String == "1.0")
    let since = try #require(try status(story.user)["withdrawn-since"] as? String)
    sleep(1)
    let sentence =
      "version 1.0 was taken back by its publisher, who offers none in its place yet, "
      + "as was first seen \(since)"
    for command in ["check", "update"] {
      let outcome = try story.user.esky(command)
      #expect(outcome.status == 0)
      #expect(outcome.output == "hello: \(sentence)\n")
      let json = try story.user.esky(command, "--json").json()
      #expect(json["withdrawn"] as? Bool == true)
      #expect(json["message"] as? String == sentence)
    }
    #expect(try story.user.esky("status").output.contains("withdrawn    \(sentence)\n"))
    #expect(try story.user.run("x").output == "1.0|x\n")
    try story.release("1.1")
    #expect(try story.user.esky("update").status == 11)
    #expect(try status(story.user)["withdrawn"] == nil)
  }
}
