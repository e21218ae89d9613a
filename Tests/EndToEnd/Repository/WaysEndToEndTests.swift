import Foundation
import Testing

/// Those who may not go to the newest version at once keep a way to it, in the channel that they follow, or it is said.
struct WaysEndToEndTests {
  private let packager: Packager

  init() throws {
    packager = try Packager()
    for version in ["1.0", "1.1", "1.1.5", "1.2"] { try build(version) }
    try publish("1.0")
  }

  private func build(_ version: String) throws {
    try packager.write(version)
    try packager.build(version, url: "file://" + packager.repository)
  }

  @discardableResult
  private func publish(_ version: String, _ terms: String...) throws -> Outcome {
    try packager.command(["publish", packager.archive(version)] + terms).succeed()
  }

  private static let remark = "by way of which those older than 1.1 could go to hello-1.2"

  @Test(arguments: [
    ["promote", "1.1", "--channel", "beta", "--only"], ["amend", "1.1", "--channel", "beta"],
    ["amend", "1.1", "--percent", "0"], ["amend", "1.1", "--halt"], ["withdraw", "1.1"],
  ])
  func whoTakesAWayFromOthersIsTold(words: [String]) throws {
    try publish("1.1")
    #expect(try publish("1.1.5", "--channel", "beta").errors == "")
    #expect(try publish("1.2", "--minimum-version", "1.1").errors == "")
    let outcome = try packager.command(words).succeed()
    #expect(outcome.errors.contains("in channel stable " + Self.remark), "\(outcome.errors)")
  }

  @Test(arguments: [["--channel", "beta"], ["--percent", "0"]])
  func aWayThatIsNotOpenToAllIsNone(terms: [String]) throws {
    try packager.command(["publish", packager.archive("1.1")] + terms).succeed()
    let outcome = try publish("1.2", "--minimum-version", "1.1")
    #expect(outcome.errors.contains(Self.remark), "\(outcome.errors)")
  }

  @Test(arguments: [["--channel", "beta"], ["--percent", "5"]])
  func pruningKeepsTheWayOfEveryChannel(terms: [String]) throws {
    try publish("1.1")
    try packager.command(["publish", packager.archive("1.1.5")] + terms).succeed()
    try publish("1.2", "--minimum-version", "1.1")
    let user = try Installation(unzipping: packager.archive("1.0"))
    let outcome = try packager.command(["prune", "--keep", "1"]).succeed()
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("removed hello-1.0"))
    #expect(try user.esky("update").status == 11)
    #expect(try user.run("x").output == "1.1|x\n")
    #expect(try user.esky("update").status == 11)
    #expect(try user.run("x").output == "1.2|x\n")
  }

  /// A roll-out that grows reaches all in the end.
  @Test func aWayThatOpensByItselfIsOne() throws {
    try publish("1.1", "--percent", "5", "--hours", "72")
    #expect(try publish("1.2", "--minimum-version", "1.1").errors == "")
  }

  // MARK: Names

  @Test(arguments: [
    (["--platform", "macos-arm64"], "is not for macos-arm64"),
    (["--app", "other"], "is no version of other"),
  ])
  func aWholeNameIsOfThatAppAndPlatform(more: [String], remark: String) throws {
    let name = String(packager.archiveName("1.0").dropLast(4))
    for command in [["withdraw"], ["amend", "--percent", "5"]] {
      let refused = try packager.command(command + [name] + more).run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains(remark), "\(refused.errors)")
    }
    #expect(try packager.command(["status", "--json"]).run().output.contains("\"withdrawn\":[]"))
  }

  @Test func anAppThatWasNeverPublishedIsNotWithdrawn() throws {
    let name = "helo-9.9.\(AppBuilder.platform)"
    let refused = try packager.command(["withdraw", name]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("no app helo was published here"))
  }

  /// What was taken back with nowhere to go is with people, also once its archive is tidied away.
  @Test func whoWasLeftOnAWithdrawnVersionIsNotForgotten() throws {
    try packager.command(["withdraw", "1.0"]).succeed()
    for folder in ["targets", "metadata"] {
      try Command(
        "/usr/bin/find",
        [packager.repository + "/" + folder, "-exec", "touch", "-d", "30 days ago", "{}", "+"]
      ).succeed()
    }
    let gone = try packager.command(["tidy"]).succeed()
    #expect(gone.output.hasPrefix("removed "), "\(gone.output)")
    let refused = try packager.command(["publish", packager.archive("1.1")]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--allow unseen"), "\(refused.errors)")
    // Once they had somewhere to go, nobody asks for it any more.
    try publish("1.1", "--allow", "unseen")
    try publish("1.2")
  }
}
