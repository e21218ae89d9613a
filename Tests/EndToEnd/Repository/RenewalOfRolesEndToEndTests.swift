import Foundation
import Testing

/// What cron and CI renew follows the roles and keys of the repository, and whoever signs hears of what they can't.
struct RenewalOfRolesEndToEndTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder("project")
    try run(["init", "--protection", "interactive"])
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func command(_ words: [String], at time: String? = nil) throws -> Command {
    var command = try Packager.command(in: folder.path, words)
    command.environment["LD_PRELOAD"] = time.map { _ in FakeClock.library }
    command.environment["FAKETIME"] = time
    command.environment["NO_FAKE_STAT"] = "1"
    return command
  }

  @discardableResult
  private func run(_ words: [String]) throws -> Outcome { try command(words).succeed() }

  private func file(_ name: String) throws -> String {
    try #require(File.text(path("renewal/" + name)))
  }

  /// The line of the crontab, at a time.
  private func cron(at time: String) throws -> Outcome {
    let line = try #require(try file("crontab").split(separator: "\n").last)
    let words = line.split(separator: " ", maxSplits: 5)[5]
    var command = Command("/bin/sh", ["-c", words.replacingOccurrences(of: "\\%", with: "%")])
    command.environment["LD_PRELOAD"] = FakeClock.library
    command.environment["FAKETIME"] = time
    return try command.run()
  }

  @Test func aRoleOfAnOnlineKeyIsRenewedLikeTheOthers() throws {
    try File.write((Packager.passphrase + "\n").utf8, to: path("keys/online/passphrase.txt"))
    try run(["key", "new", "keys/online/bins.key", "--protection", "interactive"])
    let words = ["delegate", "bins", "--bins", "4", "--key", "keys/online/bins.key"]
    let said = try run(words + ["--expires", "30d"]).output
    #expect(said.contains("renewal/crontab renews snapshot, timestamp, bins; put it again"))
    #expect(said.contains("and set ESKY_ONLINE_KEYS to what the command in it prints"))
    #expect(try file("crontab").contains(" snapshot timestamp bins --repository "))
    #expect(
      try file("github-workflow.yml").contains(
        "tar -c -C 'keys' online/bins.key online/snapshot.key online/timestamp.key | base64"))
    for day in stride(from: 1, through: 40, by: 3) {
      #expect(try cron(at: "+\(day)d").status == 0)
    }
    #expect(try command(["status", "--fail-within", "7d"], at: "+40d").run().status == 0)
    // What is as it was is not said again.
    #expect(try !run(["rotate", "targets", "--threshold", "1"]).output.contains("renewal/"))
    #expect(
      try run(["delegate", "bins", "--revoke"]).output.contains("renews snapshot, timestamp;"))
  }

  @Test func aKeyThatWasExchangedIsInWhatCIPacks() throws {
    try run(["key", "new", "keys/online/new.key", "--protection", "interactive"])
    let pair = "keys/online/timestamp.key=keys/online/new.key"
    let said = try run(["rotate", "timestamp", "--replace", pair]).output
    #expect(said.contains("renewal/github-workflow.yml renews snapshot, timestamp"))
    #expect(!said.contains("renewal/crontab"))
    #expect(
      try file("github-workflow.yml").contains(
        "tar -c -C 'keys' online/new.key online/snapshot.key | base64"))
  }

  // MARK: Clocks and expiry

  @Test func aClockThatWentBackSignsNothing() throws {
    let before = try File.snapshot(path("repository"))
    for words in [["refresh", "--force", "timestamp"], ["withdraw", "1.0"]] {
      let refused = try command(words, at: "2020-01-01 00:00:00").run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains("this machine's clock says 2020-01-0"), "\(refused.errors)")
    }
    #expect(try File.snapshot(path("repository")) == before)
    #expect(try command(["status"], at: "2020-01-01 00:00:00").run().status == 0)
  }

  @Test func whatHasExpiredIsSaidByWhatItKeepsFromClients() throws {
    try File.write("a".utf8, to: path("a"))
    let remark = "root expired on"
    try command(["refresh", "targets"], at: "+390d").succeed()
    let due = try command(["refresh", "snapshot", "timestamp"], at: "+400d").succeed()
    #expect(due.errors.contains(remark) && due.errors.contains("bundle-esky refresh root"))
    let none = try command(["refresh", "snapshot", "timestamp"], at: "+400d").run()
    #expect(none.status == 10)
    #expect(none.errors.contains(remark))
    #expect(try command(["refresh", "root"], at: "+400d").succeed().errors == "")
  }

  /// Signing anew would not help against a margin that a role is never valid for.
  @Test(arguments: [("1d", "8h"), ("3d", "1d"), ("7d", "56h")])
  func aMarginBeyondThePeriodIsSaid(period: String, margin: String) throws {
    try run(["refresh", "--expires", "timestamp=" + period])
    let early = try command(["status", "--fail-within", "7d"]).run()
    #expect(early.status == 1)
    #expect(
      early.errors.contains(
        "it is never valid for longer than \(period), so give a --fail-within of \(margin)\n"),
      "\(early.errors)")
    #expect(try command(["status", "--fail-within", margin]).run().status == 0)
    let late = try command(["status", "--fail-within", margin], at: "+\(period)").run()
    #expect(late.status == 1)
    #expect(late.errors.contains("run bundle-esky refresh\n"))
  }

  @Test func theRemedyIsOneThatDoesSomething() throws {
    try run(["refresh", "--expires", "timestamp=8d"])
    let early = try command(["status", "--fail-within", "7d"], at: "+2d").run()
    #expect(early.errors.contains("run bundle-esky refresh --force timestamp\n"), "\(early.errors)")
    try command(["refresh", "--force", "timestamp"], at: "+2d").succeed()
    #expect(try command(["status", "--fail-within", "7d"], at: "+2d").run().status == 0)
  }

  /// What is published while a change waits is not shown as if that took it away.
  @Test func whatWaitsIsNotComparedWithWhatCameAfter() throws {
    try run(["key", "new", "keys/offline/new.key", "--protection", "interactive"])
    for name in ["a", "b"] { try File.write(name.utf8, to: path(name)) }
    let aside = path("aside")
    try FileManager.default.moveItem(atPath: path("keys/offline/root.key"), toPath: aside)
    let recovery = path("keys/recovery")
    try FileManager.default.moveItem(atPath: recovery, toPath: path("sealed"))
    let pair = "keys/offline/targets.key=keys/offline/new.key"
    #expect(try command(["rotate", "targets", "--replace", pair]).run().status == 12)
    try run(["add", "a"])
    let staged = try command(["staged"]).run().output
    #expect(staged.contains("out of date: before it is signed it is made anew"), "\(staged)")
    #expect(!staged.contains("- a"))
    try FileManager.default.moveItem(atPath: aside, toPath: path("keys/offline/root.key"))
    try run(["sign"])
    #expect(try run(["list", "--targets"]).output.contains("a"))
  }
}
