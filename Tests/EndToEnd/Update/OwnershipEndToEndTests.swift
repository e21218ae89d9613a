import Foundation
import Testing

/// Who may have put what a finder goes by into an app folder; users are made with setpriv, so root runs these.
struct OwnershipEndToEndTests {
  /// Something that another user could have done to an installation of root's.
  struct Doubt: CustomTestStringConvertible {
    let testDescription: String
    /// What is said to help; nil for making the app folder root's own.
    var remedy: (@Sendable (Installation) -> String)?
    let act: @Sendable (Installation) throws -> Void

    private static let unpackAnew =
      "; run esky as the user whose app it is, or unpack the app anew as root, in a folder that nobody else may write\n"

    static let all: [Doubt] = [
      // What else is in it, as in a home, is not given to root.
      Doubt(testDescription: "the app folder is another's", remedy: { _ in unpackAnew }) {
        chown($0.root, nobody, nobody)
      },
      Doubt(testDescription: "everybody may write the app folder") { chmod($0.root, 0o777) },
      Doubt(testDescription: "a group may write the app folder") { chmod($0.root, 0o775) },
      Doubt(
        testDescription: "the folder above is another's",
        remedy: {
          "move the app out of \($0.folder.path), or give it to its user: chown -R 65534:65534 '\($0.root)'"
        }
      ) { chown($0.folder.path, nobody, nobody) },
      Doubt(
        testDescription: "everybody may write the folder above",
        remedy: {
          "move the app out of \($0.folder.path), or let nobody else write that: chmod go-w '\($0.folder.path)'"
        }
      ) { chmod($0.folder.path, 0o777) },
      Doubt(
        testDescription: "the app folder and the one above are another's",
        remedy: { _ in unpackAnew }
      ) {
        chown($0.folder.path, nobody, nobody)
        chown($0.root, nobody, nobody)
      },
      Doubt(testDescription: "updates is another's") {
        mkdir($0.path("updates"), 0o755)
        chown($0.path("updates"), nobody, nobody)
      },
      Doubt(testDescription: "a planted root of trust") {
        try File.write("{}".utf8, to: $0.work + "/metadata/root.json")
        chown($0.work + "/metadata/root.json", nobody, nobody)
      },
      Doubt(testDescription: "a download that everybody may write") {
        try File.write("x".utf8, to: $0.work + "/downloads/hello-1.1.zip.part")
        chmod($0.work + "/downloads/hello-1.1.zip.part", 0o666)
      },
      Doubt(testDescription: "settings that everybody may write") {
        chmod($0.version("1.0") + "/esky-files/settings.txt", 0o666)
      },
      Doubt(testDescription: "a version of another's") {
        chown($0.version("1.0"), nobody, nobody)
      },
      Doubt(testDescription: "a launcher of another's that waits") {
        let launcher = $0.version("1.0") + "/esky-bootstrap/bin/hello"
        try Executable.write("#!/bin/sh\n".utf8, to: launcher)
        chown(launcher, nobody, nobody)
      },
      Doubt(testDescription: "a withdrawn list that everybody may write") {
        try File.write("".utf8, to: $0.version("1.0") + "/esky-bootstrap.withdrawn")
        chmod($0.version("1.0") + "/esky-bootstrap.withdrawn", 0o666)
      },
    ]
  }

  @Test(arguments: Doubt.all)
  func rootGoesByNothingThatOthersMayChange(doubt: Doubt) throws {
    let story = try Story.ofRoots()
    try doubt.act(story.user)
    let before = try Installation.tree(story.user.root)
    for words in [["check"], ["update"], ["cleanup"], ["status"], ["background"]] {
      let outcome = try story.user.finder(words).run()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("root goes by nothing that others may change"))
      let remedy = doubt.remedy ?? { "chown -R 0:0 '\($0.root)' && chmod -R go-w '\($0.root)'" }
      #expect(outcome.errors.contains(remedy(story.user)), "\(outcome.errors)")
    }
    #expect(story.mirror.requests().isEmpty)
    #expect(try Installation.tree(story.user.root) == before)
    #expect(try story.user.run("x").output == "1.0|x\n")
  }

  /// What it lists would be taken for that app's.
  @Test func rootDoesNotGoByAnotherAppsVersionOfAnothers() throws {
    let story = try Story.ofRoots()
    let list = story.user.path("other-1.0.any/esky-bootstrap.txt")
    try File.write("esky-bootstrap 1\nprogram other\nfile hello\nend\n".utf8, to: list)
    let finder = story.user.version("1.0") + "/esky-files/esky"
    #expect(try Command(finder, ["check"]).run().status == 10)
    chown(list, nobody, nobody)
    let outcome = try Command(finder, ["update"]).run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("root goes by nothing that others may change"))
  }

  @Test func anotherUserRefusesWhatIsAThirdOnes() throws {
    let story = try Story.ofRoots()
    try Command("/bin/chown", ["-R", "12345:12345", story.user.root]).succeed()
    let outcome = try story.user.finder(["check"]).unprivileged().run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("belongs to user 12345"))
    #expect(story.mirror.requests().isEmpty)
    #expect(try story.user.run("x").output == "1.0|x\n")
  }

  /// One that everybody may write, or a third one's, in a folder of the user's own.
  @Test(arguments: [(0, 0o777), (12345, 0o755)] as [(UInt32, mode_t)])
  func whatOthersMadeForUpdatesIsRemovedAndMadeAgain(owner: UInt32, mode: mode_t) throws {
    let story = try Story.ofRoots()
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    let updates = story.user.path("updates")
    mkdir(updates, 0o755)
    chown(updates, owner, owner)
    chmod(updates, mode)
    let refused = try story.user.finder(["update"]).unprivileged().run()
    #expect(refused.status == 1)
    let remedy = "rm -rf '\(updates)'"
    #expect(refused.errors.contains(remedy), "\(refused.errors)")
    try Command("/bin/sh", ["-c", remedy]).succeed()
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
  }

  @Test func aGroupOfOnesOwnMayWrite() throws {
    let story = try Story.ofRoots()
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    try Command("/bin/chmod", ["-R", "g+w", story.user.root]).succeed()
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
    #expect(try Command(story.user.launcher, ["x"]).unprivileged().run().output == "1.1|x\n")
    #expect(try story.user.finder(["cleanup"]).unprivileged().run().status == 0)
  }

  /// What an app that root started once has left in its version, or root made among the files of the app folder.
  @Test func whatRootLeftDeeperIsNamedAndKeepsNothingElse() throws {
    let story = try Story.ofRoots()
    let cache = story.user.version("1.0") + "/__pycache__"
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    mkdir(cache, 0o755)
    try File.write("x".utf8, to: cache + "/x.pyc")
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
    let remedy = "chown -R 65534:65534 '\(story.user.root)'"
    for _ in 1...2 {
      let outcome = try story.user.finder(["cleanup"]).unprivileged().run()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(remedy), "\(outcome.errors)")
    }
    // The next version goes all the same.
    try story.release("1.2")
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
    #expect(try story.user.finder(["cleanup"]).unprivileged().run().status == 1)
    #expect(!File.exists(story.user.version("1.1")))
    try Command("/bin/sh", ["-c", remedy]).succeed()
    #expect(try story.user.finder(["cleanup"]).unprivileged().run().status == 0)
    #expect(try story.user.leftovers() == [])
  }

  @Test func rootTakesNoAppAtOrAboveItsWorkingDirectory() throws {
    let story = try Story.ofRoots()
    mkdir(story.user.path("deep"), 0o755)
    for folder in [story.user.root, story.user.path("deep")] {
      var command = Command(try Dist.product("runtime/esky"), ["status"])
      command.folder = folder
      let outcome = try command.run()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("root takes no app from"))
      #expect(try command.unprivileged().run().status == 0)
    }
  }

  /// `sudo hello` in a folder of the user's own.
  @Test func whatRootStartsChangesNothingInAUsersFolder() throws {
    let story = try Story.ofRoots()
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
    // As if it had been cut short right behind the commit, with a check that is due at each start.
    let version = story.user.version("1.1")
    try File.write(
      "esky-settings 1\nupdate-url \(story.mirror.url)\ncheck on-start\nend\n".utf8,
      to: version + "/esky-files/settings.txt")
    try FileManager.default.createDirectory(
      atPath: version + "/esky-bootstrap", withIntermediateDirectories: true)
    try File.write(
      "esky-replaces 1\nfile hello\nend\n".utf8, to: version + "/esky-replaces.txt")
    rename(story.user.launcher, version + "/esky-bootstrap/hello")
    try Executable.copy(Dist.product("runtime/launcher"), to: story.user.launcher)
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    _ = story.mirror.requests()
    let before = try Installation.tree(story.user.root)

    let outcome = try story.user.run("x")
    #expect(outcome.output == "1.1|x\n")
    #expect(outcome.errors.contains("root changes nothing in it"))
    usleep(500_000)
    #expect(try Installation.tree(story.user.root) == before)
    #expect(story.mirror.requests().isEmpty)

    // And its user goes on as ever.
    #expect(try Command(story.user.launcher, ["x"]).unprivileged().run().output == "1.1|x\n")
    #expect(!File.exists(version + "/esky-bootstrap"))
  }

  @Test(arguments: ["updates", "updates/hello", "version"])
  func whatRootLeftInAUsersFolderIsNamedWithTheRemedy(name: String) throws {
    let story = try Story.ofRoots()
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    mkdir(story.user.path("updates"), 0o755)
    mkdir(story.user.path("updates/hello"), 0o755)
    try Command("/bin/chown", ["-R", "65534:65534", story.user.path("updates")]).succeed()
    chown(name == "version" ? story.user.version("1.0") : story.user.path(name), 0, 0)
    let outcome = try story.user.finder(["update"]).unprivileged().run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("was made by root"))
    #expect(outcome.errors.contains("chown -R 65534:65534 '\(story.user.root)'"))
    try Command("/bin/chown", ["-R", "65534:65534", story.user.root]).succeed()
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
  }

  /// One `sudo hello` after an update, and then a repair, which puts the damaged version into staging.
  @Test func whatRootLeftInAVersionThatIsRepairedEndsNoUpdates() throws {
    let story = try Story.ofRoots()
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    func run(_ words: String...) throws -> Outcome {
      try story.user.finder(words).unprivileged().run()
    }
    #expect(try run("update").status == 11)
    let remedy = "chown -R 65534:65534 '\(story.user.root)'"
    // Twice, so that what can't be deleted finds another of its kind.
    for _ in 1...2 {
      let cache = story.user.version("1.1") + "/__pycache__"
      mkdir(cache, 0o755)
      try File.write("x".utf8, to: cache + "/m.pyc")
      chmod(story.user.version("1.1") + "/hello", 0o644)
      let repaired = try run("update")
      #expect(repaired.status == 11)
      #expect(repaired.errors.contains(remedy), "\(repaired.errors)")
    }
    try story.release("1.2")
    let outcome = try run("update")
    #expect(outcome.status == 11, "\(outcome.errors)")
    #expect(try Command(story.user.launcher, ["x"]).unprivileged().run().output == "1.2|x\n")
    #expect(try run("cleanup").errors.contains(remedy))
    try Command("/bin/sh", ["-c", remedy]).succeed()
    #expect(try run("cleanup").status == 0)
    #expect(try story.user.leftovers() == [])
  }
}
