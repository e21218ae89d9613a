import Foundation
import Testing

/// Who may have put what a finder goes by into an app folder; users are made with setpriv, so root runs these.
struct OwnershipEndToEndTests {
  private static let nobody: UInt32 = 65534

  /// 1.0 installed where everybody may look, and 1.1 published.
  private func story() throws -> Story {
    try #require(geteuid() == 0, "these tests give files to other users, which takes root")
    let story = try Story()
    try story.release("1.1")
    chmod(story.user.folder.path, 0o755)
    return story
  }

  /// Something that another user could have done to an installation of root's.
  struct Doubt: CustomTestStringConvertible {
    let testDescription: String
    /// What is said to help; nil for making the app folder root's own.
    var remedy: (@Sendable (Installation) -> String)?
    let act: @Sendable (Installation) throws -> Void

    static let all: [Doubt] = [
      Doubt(testDescription: "the app folder is another's") { chown($0.root, nobody, nobody) },
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
        remedy: {
          "run esky as the user whose app it is, or move the app out of \($0.folder.path) and make it root's own: chown -R 0:0 '"
        }
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
    let story = try story()
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
    let story = try story()
    let list = story.user.path("other-1.0.any/esky-bootstrap.txt")
    try File.write("esky-bootstrap 1\nprogram other\nfile hello\nend\n".utf8, to: list)
    let finder = story.user.version("1.0") + "/esky-files/esky"
    #expect(try Command(finder, ["check"]).run().status == 10)
    chown(list, Self.nobody, Self.nobody)
    let outcome = try Command(finder, ["update"]).run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("root goes by nothing that others may change"))
  }

  @Test func anotherUserRefusesWhatIsAThirdOnes() throws {
    let story = try story()
    try Command("/bin/chown", ["-R", "12345:12345", story.user.root]).succeed()
    let outcome = try story.user.finder(["check"]).unprivileged().run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("belongs to user 12345"))
    #expect(story.mirror.requests().isEmpty)
    #expect(try story.user.run("x").output == "1.0|x\n")
  }

  @Test func aGroupOfOnesOwnMayWrite() throws {
    let story = try story()
    try Command("/bin/chown", ["-R", "65534:65534", story.user.folder.path]).succeed()
    try Command("/bin/chmod", ["-R", "g+w", story.user.root]).succeed()
    #expect(try story.user.finder(["update"]).unprivileged().run().status == 11)
    #expect(try Command(story.user.launcher, ["x"]).unprivileged().run().output == "1.1|x\n")
    #expect(try story.user.finder(["cleanup"]).unprivileged().run().status == 0)
  }

  /// An administrator's umask is for what he writes, not for what others may look for.
  @Test func theUmaskOfRootKeepsNobodyFromLooking() throws {
    let story = try story()
    var update = try story.user.finder(["check"])
    update.arguments = ["-c", "umask 077; exec \"$@\"", "sh", update.program] + update.arguments
    update.program = "/bin/sh"
    #expect(try update.run().status == 10)
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    // As it may have been made before.
    for mode in [nil, 0o700] as [mode_t?] {
      if let mode { chmod(story.user.path("updates"), mode) }
      for (words, status) in [
        (["check"], 10), (["status"], 0), (["list"], 0), (["verify"], 0), (["update"], 1),
      ] as [([String], CInt)] {
        var command = try story.user.finder(words)
        command.environment["HOME"] = home.path
        let outcome = try command.unprivileged().run()
        #expect(outcome.status == status, "\(words): \(outcome.errors)")
        if status == 1 {
          #expect(outcome.errors.contains("an administrator can update it (sudo '"))
        }
      }
    }
  }

  /// What a user may not look at he goes by in nothing.
  @Test func aVersionThatIsClosedToAUserKeepsHimFromNothingElse() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    let list = story.user.version("0.9") + "/esky-bootstrap.txt"
    try File.write("esky-bootstrap 1\nprogram hello\nend\n".utf8, to: list)
    chmod(story.user.version("0.9"), 0o700)
    for (words, status) in [(["check"], 10), (["status"], 0)] as [([String], CInt)] {
      var command = try story.user.finder(words)
      command.environment["HOME"] = home.path
      let outcome = try command.unprivileged().run()
      #expect(outcome.status == status, "\(outcome.errors)")
    }
  }

  @Test func whoHasNoPlaceForCachesIsToldSo() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    for (variable, value) in [("HOME", "/no/such"), ("HOME", ""), ("XDG_CACHE_HOME", "/proc/x")] {
      var command = try story.user.finder(["check"])
      command.environment["HOME"] = nil
      command.environment[variable] = value
      let outcome = try command.unprivileged().run()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("in HOME or where XDG_CACHE_HOME says"))
    }
    // What root left there is named.
    chown(home.path, Self.nobody, Self.nobody)
    mkdir(home.path + "/.cache", 0o755)
    chown(home.path + "/.cache", Self.nobody, Self.nobody)
    mkdir(home.path + "/.cache/esky", 0o755)
    var command = try story.user.finder(["check"])
    command.environment["HOME"] = home.path
    let outcome = try command.unprivileged().run()
    #expect(outcome.errors.contains("chown -R 65534:65534 '\(home.path)/.cache'"))
  }

  /// However the folder is spelled, what is known of it is the same.
  @Test func oneFolderHasOnePlaceInAUsersCaches() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    try FileManager.default.createSymbolicLink(
      atPath: story.user.folder.path + "/link", withDestinationPath: story.user.root)
    let root = story.user.root
    for spelling in [root, root + "/", root + "/.", story.user.folder.path + "/link"] {
      var command = try story.user.finder(["check"])
      command.arguments[1] = spelling
      command.environment["HOME"] = home.path
      #expect(try command.unprivileged().run().status == 10)
    }
    let caches = try FileManager.default.contentsOfDirectory(atPath: home.path + "/.cache/esky")
    #expect(caches.count == 1)
  }

  /// What an app that root started once has left in its version, or root made among the files of the app folder.
  @Test func whatRootLeftDeeperIsNamedAndKeepsNothingElse() throws {
    let story = try story()
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
    let story = try story()
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
    let story = try story()
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
    let story = try story()
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

  /// The environment of a user with a folder of his own.
  private func asUser(_ command: Command, _ home: TemporaryFolder) -> Command {
    var command = command.unprivileged()
    command.environment["HOME"] = home.path
    return command
  }

  @Test func whoMayNotWriteTheFolderCanLookAndIsToldWhoCanUpdate() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    let before = try Installation.tree(story.user.root)
    func run(_ words: String...) throws -> Outcome {
      try asUser(story.user.finder(words), home).run()
    }
    #expect(try run("check").status == 10)
    for words in ["status", "list", "verify"] { #expect(try run(words).status == 0, "\(words)") }
    #expect(try run("status").output.contains("available    1.1"))
    #expect(try run("--json", "status").json()["may-update"] as? Bool == false)
    let refused = try run("update")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("an administrator can update it"))
    #expect(try Installation.tree(story.user.root) == before)
    // What belongs to looking is with the user.
    let caches = try FileManager.default.contentsOfDirectory(atPath: home.path + "/.cache/esky")
    #expect(caches.count == 1 && caches[0].hasPrefix("hello-"))

    #expect(try story.user.esky("update").status == 11)
    #expect(try run("check").status == 0)
    #expect(try !run("status").output.contains("available"))
  }

  /// Root's app below a folder of the user's: each is told what helps, and that it does.
  @Test func nobodyIsSentToRootForWhatRootWouldNotDo() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    chown(story.user.folder.path, Self.nobody, Self.nobody)
    #expect(try asUser(story.user.finder(["check"]), home).run().status == 10)
    let refused = try asUser(story.user.finder(["update"]), home).run()
    #expect(refused.status == 1)
    #expect(!refused.errors.contains("sudo"))
    let remedy = "chown -R 65534:65534 '\(story.user.root)'"
    #expect(
      refused.errors.contains(
        "an administrator can move the app out of \(story.user.folder.path), or make it this user's own: \(remedy)"
      ), "\(refused.errors)")
    try Command("/bin/sh", ["-c", remedy]).succeed()
    #expect(try asUser(story.user.finder(["update"]), home).run().status == 11)
  }

  /// The folder is the group's, and what root's finder made in it is not.
  @Test(arguments: ["updates", "updates/hello", "updates/hello/lock"])
  func whoMayWriteTheFolderAndNotItsWorkAreaCanLook(name: String) throws {
    let story = try story()
    #expect(try story.user.esky("check").status == 10)
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    chown(story.user.root, 0, Self.nobody)
    chmod(story.user.root, 0o2775)
    for path in ["updates", "updates/hello", "updates/hello/metadata"] where name != path {
      if name == "updates" { break }
      chown(story.user.path(path), 0, Self.nobody)
      chmod(story.user.path(path), 0o2775)
    }
    let before = try Installation.tree(story.user.root)
    #expect(try asUser(story.user.finder(["check"]), home).run().status == 10)
    let refused = try asUser(story.user.finder(["update"]), home).run()
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("\(story.user.path(name)) belongs to root, who would not update it"),
      "\(refused.errors)")
    let remedy = "chown -R 0:0 '\(story.user.root)' && chmod -R go-w '\(story.user.root)'"
    #expect(refused.errors.contains(remedy))
    #expect(try Installation.tree(story.user.root) == before)
    try Command("/bin/sh", ["-c", remedy]).succeed()
    #expect(try story.user.esky("update").status == 11)
  }

  @Test func whoTookHisOwnRightAwayIsToldSo() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    for folder in [home.path, story.user.folder.path] {
      try Command("/bin/chown", ["-R", "65534:65534", folder]).succeed()
    }
    for path in [story.user.root, story.user.path("updates")] {
      mkdir(path, 0o755)
      chown(path, Self.nobody, Self.nobody)
      chmod(path, 0o555)
      #expect(try asUser(story.user.finder(["check"]), home).run().status == 10)
      let refused = try asUser(story.user.finder(["update"]), home).run()
      #expect(refused.status == 1)
      let remedy = "chmod u+rwx '\(path)'"
      #expect(refused.errors.contains(remedy), "\(refused.errors)")
      try Command("/bin/sh", ["-c", remedy]).unprivileged().succeed()
    }
    #expect(try asUser(story.user.finder(["update"]), home).run().status == 11)
  }

  @Test(.enabled(if: SmallVolume.isPossible, "mounting takes root, and a container that allows it"))
  func onAVolumeForReadingNobodyIsSentToAnotherUser() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    let volume = try SmallVolume(kilobytes: 16 << 10)
    try Command("/bin/cp", ["-a", story.user.root, volume.path]).succeed()
    try Command("/bin/mount", ["-o", "remount,ro", volume.path]).succeed()
    let root = volume.path + "/hello"
    for user in [Self.nobody, 0] {
      chown(home.path, user, user)
      for (word, status) in [("check", 10), ("update", 1)] as [(String, CInt)] {
        var command = try story.user.finder([word])
        command.arguments[1] = root
        if user != 0 { command = command.unprivileged() }
        command.environment["HOME"] = home.path
        let outcome = try command.run()
        #expect(outcome.status == status, "\(outcome.errors)")
        if word == "update" {
          #expect(
            outcome.errors.contains("\(root) is on a volume that is mounted for reading only"))
        }
      }
      try? FileManager.default.removeItem(atPath: home.path + "/.cache")
    }
  }

  /// One `sudo hello` after an update, and then a repair, which puts the damaged version into staging.
  @Test func whatRootLeftInAVersionThatIsRepairedEndsNoUpdates() throws {
    let story = try story()
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

  /// What is said of a folder of caches that is not the user's own.
  @Test func cachesThatAreNotOnesOwnAreToldWithTheRemedy() throws {
    let story = try story()
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    let caches = home.path + "/.cache"
    mkdir(caches, 0o755)
    func check() throws -> Outcome { try asUser(story.user.finder(["check"]), home).run() }
    for (owner, mode, remark, remedy) in [
      (0, 0o755, "\(caches) belongs to root", "chown -R 65534:65534 '\(caches)'"),
      (12345, 0o755, "\(caches) belongs to user 12345", "chown -R 65534:65534 '\(caches)'"),
      (Self.nobody, 0o777, "\(caches) may be written by everybody", "chmod o-w '\(caches)'"),
    ] as [(UInt32, mode_t, String, String)] {
      chown(caches, owner, owner)
      chmod(caches, mode)
      let outcome = try check()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(remark), "\(outcome.errors)")
      #expect(outcome.errors.contains(remedy))
      try Command("/bin/sh", ["-c", remedy]).succeed()
      #expect(try check().status == 10)
      try FileManager.default.removeItem(atPath: caches + "/esky")
    }
    chown(caches, 0, 0)
    chmod(caches, 0o1777)
    let outcome = try check()
    #expect(outcome.errors.contains("\(caches) is there for everybody"))
    #expect(outcome.errors.contains("XDG_CACHE_HOME") && !outcome.errors.contains("chown"))
    // What others need is nobody's to be given.
    for place in ["/", "/usr", "/var/cache"] {
      var command = try asUser(story.user.finder(["check"]), home)
      command.environment["XDG_CACHE_HOME"] = place
      let refused = try command.run()
      #expect(refused.errors.contains("\(place) belongs to root"), "\(refused.errors)")
      #expect(!refused.errors.contains("chown"))
    }
  }

  @Test func theLauncherLooksOnceADayForThoseWhoMayNotWrite() throws {
    let story = try story()
    try File.write(
      "esky-settings 1\nupdate-url \(story.mirror.url)\ncheck on-start\nend\n".utf8,
      to: story.user.version("1.0") + "/esky-files/settings.txt")
    let home = try TemporaryFolder("home")
    chown(home.path, Self.nobody, Self.nobody)
    let before = try Installation.tree(story.user.root)
    for _ in 1...3 {
      let outcome = try asUser(Command(story.user.launcher, ["x"]), home).run()
      #expect(outcome.output == "1.0|x\n")
      #expect(outcome.errors == "")
    }
    func status() throws -> [String: Any] {
      try asUser(story.user.finder(["--json", "status"]), home).run().json()
    }
    #expect(Executable.eventually { (try? status()["available"] as? String) == "1.1" })
    let looks = story.mirror.requests().filter { $0.path.hasSuffix("/timestamp.json") }
    #expect(looks.count == 1)
    #expect(try Installation.tree(story.user.root) == before)
    // A cache that is another's, as under a sudo that keeps HOME, is not written.
    chown(home.path + "/.cache", 12345, 12345)
    try FileManager.default.removeItem(atPath: home.path + "/.cache/esky")
    #expect(try asUser(Command(story.user.launcher, ["x"]), home).run().output == "1.0|x\n")
    usleep(300_000)
    #expect(!File.exists(home.path + "/.cache/esky"))
  }
}
