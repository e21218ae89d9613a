import Foundation
import LoopbackServer
import Testing

/// Who gets a version, when, and how it is taken back: the packager's words and an installation's deeds.
struct VersionTermsEndToEndTests {
  private let packager: Packager
  private let mirror: Mirror

  init() throws {
    packager = try Packager()
    mirror = try Mirror(packager.repository)
  }

  private func installed(_ version: String = "1.0", _ more: String...) throws -> Installation {
    let archive = try packager.release(
      version, url: mirror.url, programs: nil, program: nil, files: [:], more)
    return try Installation(unzipping: archive, app: packager.app)
  }

  private func release(_ version: String, _ terms: String...) throws {
    try packager.write(version)
    try packager.publish(try packager.build(version, url: mirror.url), more: terms)
  }

  /// Publishes a version, which may be refused.
  private func attempt(_ version: String, _ terms: String...) throws -> Outcome {
    try packager.write(version)
    let archive = try packager.build(version, url: mirror.url)
    return try packager.command(["publish", archive] + terms).run()
  }

  @Test func notesAndUrgencyAreTold() throws {
    let user = try installed()
    try File.write("First.\n\u{1b}[31mSecond.\n".utf8, to: packager.path("notes"))
    try release("1.1", "--notes-file", "notes", "--required")
    let text = try user.finder(["check"]).run()
    #expect(text.status == 10)
    #expect(
      text.output.contains(
        "installed is 1.0; the update is required\n  First.\n  \\x1b[31mSecond.\n"))
    let json = try user.finder(["--json", "check"]).run().output
    #expect(json.contains("\"required\":true,\"notes\":\"First.\\u000a\\u001b[31mSecond.\\u000a\""))
  }

  @Test func aChannelIsFollowedAndAVersionPromoted() throws {
    let user = try installed()
    try release("1.1", "--channel", "beta")
    #expect(try user.finder(["update"]).run().status == 0)
    var command = try user.finder(["check"])
    command.environment["ESKY_CHANNEL"] = "beta"
    #expect(try command.run().output.contains("1.1 is available"))
    #expect(try packager.command(["list"]).run().output.contains("beta"))
    try packager.command(["promote", "1.1", "--channel", "stable"]).succeed()
    #expect(
      try packager.command(["promote", "1.1", "--channel", "stable"]).run().output
        == "1.1 is there already\n")
    #expect(try user.finder(["update"]).run().status == 11)
    #expect(try user.run().output.contains("1.1"))
  }

  @Test func aBundleCanFollowAChannel() throws {
    let user = try installed("1.0", "--channel", "beta")
    try packager.write("1.1rc1")
    let next = try packager.build("1.1rc1", url: mirror.url, ["--channel", "beta"])
    try packager.publish(next, more: ["--channel", "beta"])
    #expect(try user.finder(["--json", "status"]).run().output.contains("\"channel\":\"beta\""))
    #expect(try user.finder(["update"]).run().status == 11)
  }

  @Test func aRollOutIsHaltedAndOpened() throws {
    let user = try installed()
    try release("1.1", "--percent", "0", "--hours", "24")
    #expect(try user.finder(["update"]).run().status == 0)
    try packager.command(["amend", "1.1", "--percent", "100"]).succeed()
    #expect(try user.finder(["check"]).run().status == 10)
    try packager.command(["amend", "1.1", "--halt"]).succeed()
    #expect(try packager.command(["list"]).run().output.contains("halted"))
    #expect(try user.finder(["update"]).run().status == 0)
    try packager.command(["amend", "1.1", "--resume"]).succeed()
    let shown = try packager.command(["show", "1.1"]).run().output
    #expect(shown.contains("100 % from 20"))
    #expect(shown.contains("all after 24 hours"))
    #expect(try user.finder(["update"]).run().status == 11)
  }

  /// Users and packager agree: nobody takes it, and nothing of what can't be read is lost by changing it.
  @Test func termsThatCanNotBeReadReachNobody() throws {
    let user = try installed()
    try release("1.1")
    try Forger(packager: packager).say(
      "{\"esky\":{\"roll-out\":{\"halted\":\"true\"}}}", of: packager.archiveName("1.1"))
    #expect(try user.finder(["update"]).run().status == 0)
    #expect(try user.run().output.contains("1.0"))
    let shown = try packager.command(["show", "1.1"]).run().output
    #expect(shown.contains("nobody: roll-out can't be read"))
    let json = try packager.command(["show", "1.1", "--json"]).run().output
    #expect(json.contains("\"share\":0") && json.contains("\"unreadable\":\"roll-out\""))
    let before = try Installation.tree(packager.repository)
    for words in [["amend", "1.1", "--required"], ["promote", "1.1", "--channel", "beta"]] {
      let outcome = try packager.command(words).run()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("\"roll-out\" of its terms can't be read"))
    }
    #expect(try Installation.tree(packager.repository) == before)
    try packager.command(["withdraw", "1.1"]).succeed()
    try release("1.2")
    #expect(try user.finder(["update"]).run().status == 11)
  }

  @Test func aListOfWithdrawnVersionsThatCanNotBeReadStopsEverything() throws {
    let user = try installed()
    try release("1.1")
    let name = packager.archiveName("1.1").dropLast(4)
    try Forger(packager: packager).sayWithdrawn("\"\(name)\"")
    let outcome = try user.finder(["update"]).run()
    #expect(outcome.status == 21)
    #expect(outcome.errors.contains("\"x-esky-withdrawn\" is no array of names"))
    #expect(try user.run().output.contains("1.0"))
    for words in [["withdraw", "1.0"], ["status"]] {
      let refused = try packager.command(words).run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains("x-esky-withdrawn is no array of names"))
    }
  }

  @Test func aVersionThatIsTooOldGoesByWayOfAnother() throws {
    let user = try installed()
    try release("1.5")
    try release("2.0", "--minimum-version", "1.5")
    #expect(try user.finder(["update"]).run().output.contains("installed hello 1.5"))
    #expect(try user.finder(["update"]).run().output.contains("installed hello 2.0"))
  }

  @Test func aWithdrawnVersionIsLeftAlsoDownwards() throws {
    let user = try installed()
    try release("1.1")
    #expect(try user.finder(["update"]).run().status == 11)
    #expect(try user.run().output.contains("1.1"))
    try user.finder(["cleanup"]).succeed()
    // Nothing goes down by itself: a version that is merely gone is kept by those who have it.
    #expect(try user.finder(["update"]).run().status == 0)
    let outcome = try packager.command(["withdraw", "1.1"]).succeed()
    #expect(outcome.output.hasPrefix("withdrew \(packager.archiveName("1.1").dropLast(4))"))
    let check = try user.finder(["check"]).run()
    #expect(check.output.contains("1.0 is available"))
    #expect(check.output.contains("installed is 1.1, which was withdrawn"))
    #expect(try user.finder(["--json", "check"]).run().output.contains("\"withdrawn\":true"))
    #expect(try user.finder(["update"]).run().output.contains("installed hello 1.0"))
    #expect(try user.run().output.contains("1.0"))
    try user.finder(["cleanup"]).succeed()
    #expect(try user.finder(["list"]).run().output.split(separator: "\n").count == 1)
    #expect(try user.finder(["update"]).run().status == 0)
    // The same version again would be another one to those who had it.
    let again = try packager.command(["publish", packager.archiveName("1.1")]).run()
    #expect(again.status == 1)
    #expect(again.errors.contains("was withdrawn"))
    try release("1.2")
    #expect(try user.finder(["update"]).run().output.contains("installed hello 1.2"))
  }

  @Test func onlyTheNewestAreKept() throws {
    for version in ["1.0", "1.1", "1.2"] { _ = try packager.release(version, url: mirror.url) }
    try release("1.3", "--channel", "beta")
    let dry = try packager.command(["prune", "--keep", "1", "--dry-run"]).run()
    #expect(dry.output.split(separator: "\n").count == 2)
    try packager.command(["prune", "--keep", "1"]).succeed()
    let left = try packager.command(["list"]).run().output
    // Between spaces: sizes have points, too.
    #expect(left.contains(" 1.2 ") && left.contains(" 1.3 "))
    #expect(!left.contains("hello  1.0 ") && !left.contains("hello  1.1 "))
    #expect(try packager.command(["prune", "--keep", "1"]).run().output == "nothing to prune\n")
    #expect(try packager.command(["check", "--deep"]).run().status == 0)
  }

  @Test func theStepsToWhatIsKeptAreKept() throws {
    try release("1.0")
    try release("1.5")
    try release("1.6")
    try release("2.0", "--minimum-version", "1.5")
    try packager.command(["prune", "--keep", "1"]).succeed()
    let left = try packager.command(["list"]).run().output
    #expect(left.contains("2.0") && left.contains("1.6"))
    #expect(!left.contains("hello  1.5 ") && !left.contains("hello  1.0 "))
    // A client in the middle of a download still gets what was there, until it is tidied away.
    let names = {
      try FileManager.default.contentsOfDirectory(atPath: packager.repository + "/targets").count
    }
    #expect(try names() == 4)
    try packager.command(["tidy", "--older-than", "1d"]).succeed()
    #expect(try names() == 4)
    #expect(try packager.command(["check", "--deep"]).run().output == "all is sound\n")
  }

  /// Two at once: none is lost, whoever is first.
  @Test func changesMadeAtTheSameTimeAllCount() throws {
    for version in ["1.0", "1.1", "1.2"] { try release(version) }
    let words = [["withdraw", "1.1"], ["withdraw", "1.2"], ["amend", "1.0", "--halt"]]
    let running = try words.map { try packager.command($0).start() }
    for process in running { #expect(try process.finish().ending == .exited(0)) }
    let json = try packager.command(["list", "--json"]).run().output
    #expect(!json.contains("\"1.1\"") && !json.contains("\"1.2\""))
    let folder = try FileManager.default.contentsOfDirectory(
      atPath: packager.repository + "/metadata")
    let newest = folder.filter { $0.hasSuffix(".targets.json") }.max {
      Int($0.prefix { $0 != "." })! < Int($1.prefix { $0 != "." })!
    }
    let targets = try #require(
      newest.flatMap { File.text(packager.repository + "/metadata/" + $0) })
    for version in ["1.1", "1.2"] {
      #expect(targets.contains("\"\(packager.archiveName(version).dropLast(4))\""))
    }
    #expect(targets.contains("\"halted\":true"))
  }

  @Test func whatIsNotListedAnyMoreIsWithdrawnByItsWholeName() throws {
    let user = try installed("1.1")
    try release("1.2")
    try packager.command(["prune", "--keep", "1"]).succeed()
    let short = try packager.command(["withdraw", "1.1"]).run()
    #expect(short.status == 1)
    #expect(short.errors.contains("whole name"))
    let name = String(packager.archiveName("1.1").dropLast(4))
    try packager.command(["withdraw", name]).succeed()
    #expect(try packager.command(["withdraw", name]).run().output.contains("already"))
    try release("1.0", "--allow-older")
    try packager.command(["withdraw", "1.2"]).succeed()
    #expect(
      try user.finder(["check"]).run().output.contains("installed is 1.1, which was withdrawn"))
  }

  @Test func whoWouldBeLeftBehindIsSaid() throws {
    try release("1.0")
    let outcome = try attempt("2.0", "--minimum-version", "1.5")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("those older than 1.5"))
    let lifted = try packager.command(["amend", "2.0", "--minimum-version", "none"]).run()
    #expect(lifted.errors == "")
    try packager.command(["amend", "1.0", "--channel", "beta"]).succeed()
    let withdrawn = try packager.command(["withdraw", "2.0"]).run()
    #expect(withdrawn.errors.contains("no other version is offered to all who have"))
  }

  @Test func whatFewHaveGotTakesNoPlaceFromWhatAllHave() throws {
    for version in ["1.0", "1.1"] { try release(version) }
    try release("1.2", "--percent", "5")
    try release("1.3")
    try packager.command(["amend", "1.3", "--halt"]).succeed()
    try packager.command(["prune", "--keep", "1"]).succeed()
    let left = try packager.command(["list"]).run().output
    #expect(left.contains("1.3") && left.contains("1.2") && left.contains("1.1"))
    #expect(!left.contains("hello  1.0 "))
  }

  /// Stable versions are open to all, whatever channel they follow.
  @Test func anOlderVersionInAnotherChannelIsRefused() throws {
    try release("1.1")
    let outcome = try attempt("1.0", "--channel", "beta")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("--allow-older"))
  }

  /// Words that ask for what can't be, and the exit status.
  @Test(
    arguments: [
      (["remove", "hello-1.0.linux-x86_64.zip"], 1),
      (["promote", "1.0", "--channel", "no space"], 64),
      (["withdraw", "9.9"], 1), (["show", "9.9"], 1), (["amend", "1.0"], 64),
      (["amend", "1.0", "--percent", "101"], 64), (["amend", "1.0", "--hours", "0"], 64),
      (["amend", "1.0", "--start", "tomorrow"], 64), (["amend", "1.0", "--halt", "--resume"], 64),
      (["prune", "--keep", "0"], 64), (["promote", "1.0"], 64),
      (["promote", "1.0", "--channel", "a", "--to", "b"], 64),
      (["promote", "nobody", "--to", "targets"], 1),
      (["amend", "1.0", "--channel", "no space"], 64),
      (["amend", "1.0", "--notes-file", "nowhere"], 1),
      (["amend", "1.0", "--notes-file", "long"], 1),
      (["amend", "1.0", "--minimum-version", "one"], 64),
      (["amend", "1.0", "--minimum-version", "1.0"], 1),
    ] as [([String], Int32)])
  func refusesWhatCanNotBe(words: [String], status: Int32) throws {
    try release("1.0")
    try File.write(repeatElement(0x61, count: (64 << 10) + 1), to: packager.path("long"))
    let before = try Installation.tree(packager.repository)
    let outcome = try packager.command(words).run()
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(!outcome.errors.isEmpty)
    #expect(try Installation.tree(packager.repository) == before)
  }
}
