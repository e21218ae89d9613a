import Foundation
import Testing

/// What a user sees of an app that is in a folder which he may not write; users are made with setpriv, so root runs
/// these.
struct ReaderEndToEndTests {
  /// An administrator's umask is for what he writes, not for what others may look for.
  @Test func theUmaskOfRootKeepsNobodyFromLooking() throws {
    let story = try Story.ofRoots()
    var update = try story.user.finder(["check"])
    update.arguments = ["-c", "umask 077; exec \"$@\"", "sh", update.program] + update.arguments
    update.program = "/bin/sh"
    #expect(try update.run().status == 10)
    let home = try TemporaryFolder.ofNobodys()
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
    let story = try Story.ofRoots()
    let home = try TemporaryFolder.ofNobodys()
    let list = story.user.version("0.9") + "/esky-bootstrap.txt"
    try File.write("esky-bootstrap 1\nprogram hello\nend\n".utf8, to: list)
    chmod(story.user.version("0.9"), 0o700)
    for (words, status) in [(["check"], 10), (["status"], 0)] as [([String], CInt)] {
      let outcome = try story.user.finder(words).unprivileged(home: home).run()
      #expect(outcome.status == status, "\(outcome.errors)")
    }
  }

  @Test func whoHasNoPlaceForCachesIsToldSo() throws {
    let story = try Story.ofRoots()
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
    chown(home.path, nobody, nobody)
    mkdir(home.path + "/.cache", 0o755)
    chown(home.path + "/.cache", nobody, nobody)
    mkdir(home.path + "/.cache/esky", 0o755)
    var command = try story.user.finder(["check"])
    command.environment["HOME"] = home.path
    let outcome = try command.unprivileged().run()
    #expect(outcome.errors.contains("chown -R 65534:65534 '\(home.path)/.cache'"))
  }

  /// However the folder is spelled, what is known of it is the same.
  @Test func oneFolderHasOnePlaceInAUsersCaches() throws {
    let story = try Story.ofRoots()
    let home = try TemporaryFolder.ofNobodys()
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

  @Test func whoMayNotWriteTheFolderCanLookAndIsToldWhoCanUpdate() throws {
    let story = try Story.ofRoots()
    let home = try TemporaryFolder.ofNobodys()
    let before = try Installation.tree(story.user.root)
    func run(_ words: String...) throws -> Outcome {
      try story.user.finder(words).unprivileged(home: home).run()
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
    let story = try Story.ofRoots()
    let home = try TemporaryFolder.ofNobodys()
    chown(story.user.folder.path, nobody, nobody)
    #expect(try story.user.finder(["check"]).unprivileged(home: home).run().status == 10)
    let refused = try story.user.finder(["update"]).unprivileged(home: home).run()
    #expect(refused.status == 1)
    #expect(!refused.errors.contains("sudo"))
    let remedy = "chown -R 65534:65534 '\(story.user.root)'"
    #expect(
      refused.errors.contains(
        "an administrator can move the app out of \(story.user.folder.path), or make it this user's own: \(remedy)"
      ), "\(refused.errors)")
    try Command("/bin/sh", ["-c", remedy]).succeed()
    #expect(try story.user.finder(["update"]).unprivileged(home: home).run().status == 11)
  }

  /// The folder is the group's, and what root's finder made in it is not.
  @Test(arguments: ["updates", "updates/hello", "updates/hello/lock"])
  func whoMayWriteTheFolderAndNotItsWorkAreaCanLook(name: String) throws {
    let story = try Story.ofRoots()
    #expect(try story.user.esky("check").status == 10)
    let home = try TemporaryFolder.ofNobodys()
    chown(story.user.root, 0, nobody)
    chmod(story.user.root, 0o2775)
    for path in ["updates", "updates/hello", "updates/hello/metadata"] where name != path {
      if name == "updates" { break }
      chown(story.user.path(path), 0, nobody)
      chmod(story.user.path(path), 0o2775)
    }
    let before = try Installation.tree(story.user.root)
    #expect(try story.user.finder(["check"]).unprivileged(home: home).run().status == 10)
    let refused = try story.user.finder(["update"]).unprivileged(home: home).run()
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
    let story = try Story.ofRoots()
    let home = try TemporaryFolder("home")
    for folder in [home.path, story.user.folder.path] {
      try Command("/bin/chown", ["-R", "65534:65534", folder]).succeed()
    }
    for path in [story.user.root, story.user.path("updates")] {
      mkdir(path, 0o755)
      chown(path, nobody, nobody)
      chmod(path, 0o555)
      #expect(try story.user.finder(["check"]).unprivileged(home: home).run().status == 10)
      let refused = try story.user.finder(["update"]).unprivileged(home: home).run()
      #expect(refused.status == 1)
      let remedy = "chmod u+rwx '\(path)'"
      #expect(refused.errors.contains(remedy), "\(refused.errors)")
      try Command("/bin/sh", ["-c", remedy]).unprivileged().succeed()
    }
    #expect(try story.user.finder(["update"]).unprivileged(home: home).run().status == 11)
  }

  @Test(.enabled(if: SmallVolume.isPossible, "mounting takes root, and a container that allows it"))
  func onAVolumeForReadingNobodyIsSentToAnotherUser() throws {
    let story = try Story.ofRoots()
    let home = try TemporaryFolder("home")
    let volume = try SmallVolume(kilobytes: 16 << 10)
    try Command("/bin/cp", ["-a", story.user.root, volume.path]).succeed()
    try Command("/bin/mount", ["-o", "remount,ro", volume.path]).succeed()
    let root = volume.path + "/hello"
    for user in [nobody, 0] {
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

  /// What is said of a folder of caches that is not the user's own.
  @Test func cachesThatAreNotOnesOwnAreToldWithTheRemedy() throws {
    let story = try Story.ofRoots()
    let home = try TemporaryFolder.ofNobodys()
    let caches = home.path + "/.cache"
    mkdir(caches, 0o755)
    func check() throws -> Outcome {
      try story.user.finder(["check"]).unprivileged(home: home).run()
    }
    for (owner, mode, remark, remedy) in [
      (0, 0o755, "\(caches) belongs to root", "chown -R 65534:65534 '\(caches)'"),
      (12345, 0o755, "\(caches) belongs to user 12345", "chown -R 65534:65534 '\(caches)'"),
      (nobody, 0o777, "\(caches) may be written by everybody", "chmod o-w '\(caches)'"),
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
      var command = try story.user.finder(["check"]).unprivileged(home: home)
      command.environment["XDG_CACHE_HOME"] = place
      let refused = try command.run()
      #expect(refused.errors.contains("\(place) belongs to root"), "\(refused.errors)")
      #expect(!refused.errors.contains("chown"))
    }
  }

  @Test func theLauncherLooksOnceADayForThoseWhoMayNotWrite() throws {
    let story = try Story.ofRoots()
    try File.write(
      "esky-settings 1\nupdate-url \(story.mirror.url)\ncheck on-start\nend\n".utf8,
      to: story.user.version("1.0") + "/esky-files/settings.txt")
    let home = try TemporaryFolder.ofNobodys()
    let before = try Installation.tree(story.user.root)
    for _ in 1...3 {
      let outcome = try Command(story.user.launcher, ["x"]).unprivileged(home: home).run()
      #expect(outcome.output == "1.0|x\n")
      #expect(outcome.errors == "")
    }
    func status() throws -> [String: Any] {
      try story.user.finder(["--json", "status"]).unprivileged(home: home).run().json()
    }
    #expect(Executable.eventually { (try? status()["available"] as? String) == "1.1" })
    let looks = story.mirror.requests().filter { $0.path.hasSuffix("/timestamp.json") }
    #expect(looks.count == 1)
    #expect(try Installation.tree(story.user.root) == before)
    // A cache that is another's, as under a sudo that keeps HOME, is not written.
    chown(home.path + "/.cache", 12345, 12345)
    try FileManager.default.removeItem(atPath: home.path + "/.cache/esky")
    #expect(
      try Command(story.user.launcher, ["x"]).unprivileged(home: home).run().output == "1.0|x\n")
    usleep(300_000)
    #expect(!File.exists(home.path + "/.cache/esky"))
  }
}
