import Foundation
import Testing

/// Which version is taken, for which folder, and what is said of it.
struct UpdateChoiceEndToEndTests {
  private func available(_ user: Installation) throws -> String {
    try user.esky("check", "--json").json()["available"] as? String ?? "none"
  }

  @Test func preReleasesAreForThoseWhoRunOne() throws {
    let story = try Story("1.0")
    let early = try Installation(
      unzipping: story.packager.release("1.1rc1", url: story.mirror.url))
    try story.release("1.1rc2")
    #expect(try available(story.user) == "none")
    #expect(try available(early) == "1.1rc2")
    #expect(try early.esky("update").status == 11)
    #expect(try early.run().output == "1.1rc2|\n")
    try story.release("1.1")
    #expect(try available(story.user) == "1.1")
    #expect(try available(early) == "1.1")
    #expect(try early.esky("update").status == 11)
    try story.release("1.2-alpha.1".replacingOccurrences(of: "-alpha.", with: "a"))
    // Who came to a release by way of pre-releases takes releases from then on.
    #expect(try available(early) == "none")
  }

  @Test func otherAppsAndPlatformsArePassedOver() throws {
    let story = try Story("1.0")
    let packager = story.packager
    let forger = Forger(packager: packager)
    let others = ["windows-x86_64", "macos-arm64", "linux-m68k"]
    for platform in others {
      try forger.publish(
        packager.archive("1.0"), as: packager.archiveName("9.0", platform: platform))
    }
    try packager.command([
      "build", packager.source, "--name", "hello-world", "--version", "9.1", "--program", "hello",
      "--update-url", Packager.elsewhere,
    ]).succeed()
    try packager.publish(packager.path("hello-world-9.1.\(AppBuilder.platform).zip"))
    #expect(try available(story.user) == "none")
    try story.release("1.1")
    #expect(try available(story.user) == "1.1")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run().output == "1.1|\n")
  }

  @Test func anOlderOrEqualVersionIsNoUpdate() throws {
    let story = try Story("1.0")
    for version in ["0.9", "1.0.0", "1"] {
      try story.packager.write(version)
      try story.packager.publish(
        story.packager.build(version, url: nil), more: ["--allow-older"])
    }
    #expect(try available(story.user) == "none")
    #expect(try story.user.esky("update").status == 0)
  }

  @Test func findsTheAppFolderInEveryWayItIsTold() throws {
    let story = try Story("1.0")
    let other = try Installation(unzipping: story.packager.archive("1.0"))
    let user = story.user
    let finder = user.version("1.0") + "/esky-files/esky"
    func root(_ command: Command) throws -> String? {
      try command.run().json()["root"] as? String
    }
    // By where it is itself, also through a link.
    #expect(try root(Command(finder, ["status", "--json"])) == user.root)
    let links = try TemporaryFolder("links")
    symlink(finder, links.path + "/esky")
    #expect(try root(Command(links.path + "/esky", ["status", "--json"])) == user.root)
    // By the variable, which comes before that.
    var command = Command(finder, ["status", "--json"])
    command.environment["ESKY_ROOT"] = other.root
    #expect(try root(command) == other.root)
    // By the option, which comes before all, and may be relative.
    command.arguments = ["--root", user.root, "status", "--json"]
    #expect(try root(command) == user.root)
    command.arguments = ["--root=.", "status", "--json"]
    command.folder = user.root
    #expect(try root(command).map { $0.hasPrefix(user.root) } == true)
    // By the working directory, or one above, for a finder that stands elsewhere; but not for root.
    for folder in [links.path, user.folder.path] { chmod(folder, 0o755) }
    let elsewhere = links.path + "/elsewhere"
    try Executable.copy(Dist.product("runtime/esky"), to: elsewhere)
    command = Command(elsewhere, ["status", "--json"]).unprivileged()
    for folder in [user.root, user.version("1.0"), user.version("1.0") + "/esky-files"] {
      command.folder = folder
      #expect(try root(command) == user.root)
    }
    command.folder = "/"
    let lost = try command.run()
    #expect(lost.status == 1)
    #expect(
      lost.errors == "esky: failed: / holds no version directory of an app (appname-X.Y.platform)\n"
    )
    #expect(try lost.json()["result"] as? String == "failed")
  }

  @Test func theFinderThatTheLauncherNamesUpdatesTheAppThatRuns() throws {
    let story = try Story("1.0")
    let old = story.user.version("1.0") + "/hello"
    // The app asks by what the environment says; it belongs to 1.0 and may clean up after itself.
    try Executable.write("#!/bin/sh\n\"$ESKY_FINDER\" --json \"$@\"\n".utf8, to: old)
    try story.release("1.1")
    #expect(try story.user.run("status").json()["running"] as? String == "1.0")
    #expect(try story.user.run("update").json()["result"] as? String == "installed")
    let list = try Command(story.user.launcher, ["x"]).run()
    #expect(list.output == "1.1|x\n")
  }

  @Test func wrongUsageIsSaidSoAndChangesNothing() throws {
    let story = try Story("1.0")
    for words in [[], ["sing"], ["check", "update"], ["--root"], ["check", "--loud"]] {
      let outcome = try Command(Dist.product("runtime/esky"), words).run()
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.hasSuffix("; see esky --help\n"))
    }
    #expect(!File.exists(story.user.path("updates")))
    let help = try Command(Dist.product("runtime/esky"), ["--help"]).run()
    #expect(help.status == 0)
    for status in ["10", "11", "20", "21", "22", "23"] { #expect(help.output.contains(status)) }
  }

  @Test func aBundleWithoutAPlaceToUpdateFromSaysSo() throws {
    let packager = try Packager()
    try packager.write("1.0")
    try packager.command(["build", packager.source, "--name", "hello", "--version", "1.0"])
      .succeed()
    let user = try Installation(unzipping: packager.archive("1.0"))
    let outcome = try user.esky("check")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("names no update-url"))
    let mirror = try Mirror(packager.repository)
    #expect(try user.esky("check", "--update-url", mirror.url).status == 0)
    // A mirror on a disk is as good as one on the web.
    try packager.release("1.1", url: nil)
    #expect(
      try user.esky("update", "--update-url", "file://" + packager.repository).status == 11)
    #expect(try user.run().output == "1.1|\n")
  }
}
