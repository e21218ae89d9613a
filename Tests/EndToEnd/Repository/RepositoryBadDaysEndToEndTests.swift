import Foundation
import Testing

/// Days on which a packager's machine, colleagues or luck do not play along.
struct RepositoryBadDaysEndToEndTests {
  private let packager: Packager

  init() throws { packager = try Packager() }

  private func write(_ name: String) throws {
    try File.write(name.utf8, to: packager.path(name))
  }

  // MARK: What can't be placed

  @Test func whatIsInTheWayIsNamedAndNothingIsDecided() throws {
    try write("a")
    try File.write("stray".utf8, to: packager.path("repository/targets/docs"))
    let refused = try packager.command(["add", "--under", "docs", "a"]).run()
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains(
        "nothing was changed: repository/targets/docs is no folder, and one is needed there"))
    try packager.command(["refresh", "--force", "timestamp"]).succeed()
    try packager.command(["add", "a"]).succeed()
  }

  /// One who may write everything but the folder of targets.
  @Test func whoMayNotWriteIsToldAndNothingIsDecided() throws {
    try write("a")
    try Command("/bin/chmod", ["-R", "a+rwX", packager.folder.path]).succeed()
    try Command("/bin/chmod", ["a-w", packager.path("repository/targets")]).succeed()
    let refused = try packager.command(["add", "a"]).unprivileged().run()
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("nothing was changed: can't create repository/targets: Permission"))
    #expect(!File.exists(packager.path("repository/building")))
    try packager.command(["refresh", "--force", "timestamp"]).unprivileged().succeed()
  }

  /// Runs `bundle-esky` where another folder is mounted as the folder of targets.
  private func mounted(_ words: [String]) throws {
    let plain = try packager.command(words)
    var command = Command(
      "/usr/bin/unshare",
      [
        "--user", "--map-root-user", "--mount", "/bin/sh", "-c",
        "mount --bind elsewhere repository/targets && exec \"$@\"", "sh", plain.program,
      ] + plain.arguments)
    command.folder = packager.folder.path
    command.environment = plain.environment
    try command.succeed()
  }

  /// A folder that is mounted twice has one number, and no rename leads from one to the other.
  @Test func targetsOnAMountAreWrittenToAndRemoved() throws {
    try write("a")
    let elsewhere = packager.path("elsewhere")
    try FileManager.default.createDirectory(
      atPath: elsewhere, withIntermediateDirectories: true)
    try mounted(["add", "a"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).count == 1)
    try mounted(["check", "--deep"])
    try mounted(["destroy", "--confirm", "repository"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == [])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: packager.repository) == ["targets"])
  }

  /// Leaves a change that was decided on, with nothing of it done: the first of its renames after that is
  /// where it is killed.
  private func interrupt() throws {
    try write("a")
    let add = try packager.command(["add", "--under", "docs", "a"])
    for number in 1...9 where !File.exists(packager.path("repository/building/placing.json")) {
      var command = Command(
        "/usr/bin/strace",
        [
          "-f", "-o", "/dev/null", "-e", "trace=rename", "-e",
          "inject=rename:signal=KILL:when=\(number)", add.program,
        ] + add.arguments)
      command.folder = packager.folder.path
      command.environment = add.environment
      #expect(try command.run().ending == .killed(9))
    }
    try #require(File.exists(packager.path("repository/building/placing.json")))
  }

  @Test func anInterruptedChangeIsNoFaultAndNoQuestionFinishesIt() throws {
    try interrupt()
    let before = try File.snapshot(packager.repository)
    let check = try packager.command(["check", "--deep"]).run()
    #expect(check.status == 0)
    #expect(check.output == "all is sound\n")
    #expect(check.errors.contains("a change was interrupted; the next command that publishes"))
    for words in [["status"], ["list", "--targets"], ["staged"], ["key", "list"]] {
      #expect(try packager.command(words).run().status == 0, "\(words)")
    }
    #expect(try File.snapshot(packager.repository) == before)
    try packager.command(["refresh", "--force", "timestamp"]).succeed()
    let after = try packager.command(["check", "--deep"]).run()
    #expect(after.status == 0 && after.errors == "")
    #expect(try packager.command(["list", "--targets"]).run().output.contains("docs/a"))
  }

  /// A change that was never served makes nothing fresh.
  @Test func whatIsShownIsWhatClientsGet() throws {
    let published = try packager.command(["status", "--json"]).run()
    try interrupt()
    let shown = try packager.command(["status", "--json"]).run()
    #expect(shown.errors.contains("a change was decided on and is not in place yet"))
    func version(_ outcome: Outcome) throws -> [Int] {
      let roles = try #require(try outcome.json()["roles"] as? [[String: Any]])
      return roles.compactMap { $0["version"] as? Int }
    }
    #expect(try version(shown) == version(published))
    var late = try packager.command(["status", "--fail-within", "7d"])
    late.environment["LD_PRELOAD"] = FakeClock.library
    late.environment["FAKETIME"] = "+22d"
    #expect(try late.run().status == 1)
    late.arguments = ["check"]
    let check = try late.run()
    #expect(check.status == 1)
    #expect(check.output.contains("metadata/timestamp.json: it expired on"))
  }

  /// `sudo`, or a cron job of root's, in a publisher's own repository.
  @Test(.enabled(if: geteuid() == 0, "only root gives files to others"))
  func theLockThatRootMakesIsTheOwnersOfTheRepository() throws {
    try Command("/bin/chown", ["-R", "65534:65534", packager.folder.path]).succeed()
    let lock = packager.path("repository/lock")
    unlink(lock)
    try packager.command(["refresh", "--force", "timestamp"]).succeed()
    #expect(
      try FileManager.default.attributesOfItem(atPath: lock)[.ownerAccountID] as? Int == 65534)
  }

  /// Nobody may rename there what is another's, so nothing is decided.
  @Test(.enabled(if: geteuid() == 0, "only root gives files to others"))
  func aStickyFolderOfAnothersIsSeenBefore() throws {
    chmod(packager.folder.path, 0o755)
    try Command("/bin/chown", ["-R", "65534:65534", packager.folder.path]).succeed()
    let metadata = packager.path("repository/metadata")
    chmod(metadata, 0o1777)
    for path in [metadata, metadata + "/timestamp.json"] { chown(path, 0, 0) }
    let outcome = try packager.command(["refresh", "--force", "timestamp"]).unprivileged().run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("nothing was changed"), "\(outcome.errors)")
    #expect(!File.exists(packager.path("repository/building/placing.json")))
  }

  @Test func aPipeInTheFormOfAnArchiveIsNotWaitedFor() throws {
    let name = packager.archiveName("1.2")
    mkdir(packager.path("pipes"), 0o755)
    #expect(mkfifo(packager.path("pipes/" + name), 0o644) == 0)
    let outcome = try packager.command(["publish", "pipes/" + name]).run(seconds: 60)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(name))
  }

  @Test func theCommandThatTheMessageNamesTakesAChangeBack() throws {
    try interrupt()
    try? FileManager.default.removeItem(atPath: packager.path("repository/targets/docs"))
    try File.write("stray".utf8, to: packager.path("repository/targets/docs"))
    let stuck = try packager.command(["refresh", "--force", "timestamp"]).run()
    #expect(stuck.status == 1)
    #expect(stuck.errors.contains("take the change back with bundle-esky staged --discard"))
    let check = try packager.command(["check"]).run()
    #expect(check.status == 1)
    #expect(check.output.contains("repository/targets/docs is no folder"))
    #expect(check.output.contains("take the change back with bundle-esky staged --discard"))
    for words in [["status"], ["list", "--targets"], ["key", "list"]] {
      #expect(try packager.command(words).run().status == 0, "\(words)")
    }
    try packager.command(["staged", "--discard"]).succeed()
    try packager.command(["refresh", "--force", "timestamp"]).succeed()
    try FileManager.default.removeItem(atPath: packager.path("repository/targets/docs"))
    #expect(try packager.command(["check", "--deep"]).run().output == "all is sound\n")
  }

  // MARK: At the same time

  @Test func allWhoPublishAtTheSameTimeGetTheirTurn() throws {
    let count = 24
    for number in 0..<count { try write("file-\(number)") }
    let running = try (0..<count).map { try packager.command(["add", "file-\($0)"]).start() }
    let outcomes = try running.map { try $0.finish(seconds: 150) }
    #expect(outcomes.map(\.status) == outcomes.map { _ in 0 }, "\(outcomes.map(\.errors))")
    let list = try packager.command(["list", "--targets", "--json"]).run().output
    #expect(list.components(separatedBy: "\"name\"").count - 1 == count)
    #expect(try packager.command(["check", "--deep"]).run().output == "all is sound\n")
  }

  /// Somebody at a terminal is asked for a passphrase, and has gone for lunch.
  @Test func aPromptForAPassphraseKeepsNobodyWaiting() throws {
    try write("a")
    var person = try packager.command([])
    person = Command(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import os, pty, sys
        child, terminal = pty.fork()
        if child == 0:
            os.execv(sys.argv[1], sys.argv[1:])
        shown = b""
        while not shown.rstrip().endswith(b":"):
            shown += os.read(terminal, 4096)
        print("asked", flush=True)
        while True:
            os.read(terminal, 4096)
        """, person.program, "add", "a",
      ])
    person.folder = packager.folder.path
    let waiting = try person.start()
    try #require(Executable.eventually(seconds: 60) { waiting.output.contains("asked") })
    try packager.command(["refresh", "--force", "timestamp"]).succeed()
    kill(waiting.pid, SIGKILL)
    _ = try waiting.finish()
  }

  // MARK: Again after a kill

  /// The change is done, but whoever asked for it does not know: asked for again, it is no failure.
  @Test func aRotationThatIsAskedForAgainIsDoneAlready() throws {
    try packager.command(["key", "new", "keys/online/new.key", "--protection", "interactive"])
      .succeed()
    let words = ["rotate", "timestamp", "--replace"]
    let id = try packager.command(["key", "show", "keys/online/timestamp.key", "--id"]).succeed()
      .output.prefix(8)
    let rotate = words + ["\(id)=keys/online/new.key"]
    try packager.command(rotate).succeed()
    for again in [rotate, words + ["keys/online/timestamp.key=keys/online/new.key"]] {
      let outcome = try packager.command(again).run()
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output == "the roles have these keys and thresholds already\n")
    }
    let wrong = try packager.command(words + ["00000000=keys/online/new.key"]).run()
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("timestamp has no key that begins with \"00000000\""))
  }

  // MARK: Keys

  @Test func aSealedKeyThatStaysLockedIsNamed() throws {
    try packager.command(["key", "new", "new.key", "--protection", "interactive"]).succeed()
    try FileManager.default.removeItem(atPath: packager.path("keys/offline/root.key"))
    let rotate = try packager.command(["rotate", "root", "--add", "new.key"]).run()
    #expect(rotate.status == 12)
    let locked = "keys/recovery/root.key stays locked: "
    #expect(rotate.errors.contains(locked) && rotate.errors.contains("ESKY_RECOVERY_PASSPHRASE"))
    let sign = try packager.command(["sign", "--keys", "keys"]).run()
    #expect(sign.errors.contains(locked) && sign.errors.contains("ESKY_RECOVERY_PASSPHRASE"))
    #expect(!sign.errors.contains("no key at hand"))
    var opened = try packager.command(["sign", "--keys", "keys"])
    opened.environment["ESKY_RECOVERY_PASSPHRASE"] = try #require(
      File.text(packager.path("keys/recovery/phrase.txt"))
    ).trimmingCharacters(in: .newlines)
    try opened.succeed()
  }

  @Test func onlineKeysAreMadeUnderTheOnlinePassphrase() throws {
    var new = try packager.command(
      ["key", "new", "keys/online/new.key", "--protection", "interactive"])
    new.environment["ESKY_ONLINE_PASSPHRASE"] = "of machines"
    try new.succeed()
    try packager.command(["rotate", "timestamp", "--add", "keys/online/new.key"]).succeed()
    try FileManager.default.removeItem(atPath: packager.path("keys/online/timestamp.key"))
    var refresh = try packager.command(["refresh", "--force", "timestamp"])
    refresh.environment["ESKY_PASSPHRASE"] = nil
    refresh.environment["ESKY_ONLINE_PASSPHRASE"] = "of machines"
    try refresh.succeed()
    // What is wrong is called wrong, by the variable that fits.
    refresh.environment["ESKY_ONLINE_PASSPHRASE"] = "of others"
    #expect(
      try refresh.run().errors
        == "bundle-esky: keys/online/new.key stays locked: the passphrase in ESKY_ONLINE_PASSPHRASE is wrong\n"
    )
    let list = try packager.command(["key", "list", "--json"]).run().output
    #expect(list.contains("\"file\":\"keys/online/new.key\",\"id\":"))
    #expect(list.contains("\"passphrase\":\"online\""))
  }

  @Test(arguments: ["ESKY_PASSPHRASE", "ESKY_ONLINE_PASSPHRASE"])
  func aWeakPassphraseIsTakenOnlyWhereItIsMeant(variable: String) throws {
    let folder = try TemporaryFolder("project")
    func make(_ more: [String]) throws -> Outcome {
      var command = try Packager.command(
        in: folder.path, ["init", "--protection", "interactive"] + more)
      command.environment["ESKY_ONLINE_PASSPHRASE"] = "bread roll"
      command.environment[variable] = "a"
      return try command.run()
    }
    let refused = try make([])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("is so short that whoever gets a key file can guess it"))
    #expect(refused.errors.contains("--allow-weak-passphrase"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    #expect(try make(["--allow-weak-passphrase"]).status == 0)
    var command = try Packager.command(in: folder.path, ["key", "new", "keys/offline/new.key"])
    command.environment["ESKY_PASSPHRASE"] = "a"
    #expect(try command.run().status == 1)
    #expect(!File.exists(folder.path + "/keys/offline/new.key"))
  }

  @Test func theLastSealedKeyIsNotTakenAwayWithoutAWord() throws {
    let words = ["rotate", "root", "--revoke", "keys/recovery/root.key"]
    let refused = try packager.command(words).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("is the last sealed key of root"), "\(refused.errors)")
    try packager.command(words + ["--no-recovery"]).succeed()
  }

  // MARK: Small things

  @Test func aFolderUnderTheArchivesNameIsNamed() throws {
    try packager.write("1.0")
    let archive = packager.archive("1.0")
    try FileManager.default.createDirectory(
      atPath: archive, withIntermediateDirectories: true)
    let words = [
      "build", packager.source, "--name", "hello", "--version", "1.0", "--update-url",
      Packager.elsewhere,
    ]
    let refused = try packager.command(words).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("\(packager.archiveName("1.0")) is a folder"))
    #expect(!refused.errors.contains("unchecked"))
  }

  @Test(arguments: [
    "/dev/zero", "/dev/null", "keys", "pipe", "/proc/self/mem", "/proc/self/pagemap",
  ])
  func notesComeFromAnOrdinaryFile(name: String) throws {
    try Command("/usr/bin/mkfifo", [packager.path("pipe")]).succeed()
    try packager.release("1.0", url: nil)
    let refused = try packager.command(["amend", "1.0", "--notes-file", name]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("\(name) is no ordinary file"), "\(refused.errors)")
  }

  @Test func argumentsSurviveALibraryThatIsLoadedBefore() throws {
    var command = try packager.command(["add", "missing file", ""])
    command.environment["LD_PRELOAD"] = FakeClock.library
    command.environment["FAKETIME"] = "+1d"
    let outcome = try command.run()
    #expect(outcome.status == 1)
    // The empty one, too.
    #expect(outcome.errors.contains("\"\" can't name a target"))
    #expect(!outcome.output.contains("OVERVIEW"))
  }

  @Test func aPeriodChanges() throws {
    let outcome = try packager.command(
      ["refresh", "--expires", "timestamp=2d", "--expires", "root=800d"]
    ).succeed()
    #expect(outcome.output == "signed root 2\nsigned timestamp 2\n")
    try packager.command(["refresh", "--force"]).succeed()
    let status = try packager.command(["status", "--json"]).run().json()
    let days = (status["roles"] as? [[String: Any]] ?? []).map { $0["days-left"] as? Int }
    #expect(days == [799, 1, 20, 395] || days == [800, 2, 21, 396])
  }
}
