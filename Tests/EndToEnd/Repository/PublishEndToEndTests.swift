import Foundation
import Testing

/// `bundle-esky init`, `publish`, `list` and `status` on real repositories.
struct PublishEndToEndTests {
  @Test func tellsWhatIsPublished() throws {
    let packager = try Packager()
    #expect(
      try packager.command(["list"]).succeed().output
        == "nothing is published yet; bundle-esky publish adds a version\n")
    #expect(try packager.command(["list", "--json"]).succeed().output == "[]\n")
    try packager.write("1.0")
    let archive = try packager.build("1.0", url: nil)
    let published = try packager.command(["publish", archive]).succeed()
    #expect(
      published.output
        == "published hello-1.0.\(AppBuilder.platform)\nsigned targets 2, snapshot 2, timestamp 2\n"
    )
    try packager.write("1.10")
    try packager.publish(
      packager.build("1.9", url: nil), packager.build("1.10", url: nil),
      packager.build("1.10", url: nil, platform: Packager.foreignPlatform),
      more: ["--allow", "platform"])
    let list = try packager.command(["list"]).succeed().output.split(separator: "\n")
    #expect(list.count == 5)
    #expect(list[0].hasPrefix("APP    VERSION  PLATFORM"))
    #expect(list[1].hasPrefix("hello  1.10     \(Packager.foreignPlatform)"))
    #expect(list[2].hasPrefix("hello  1.10     \(AppBuilder.platform)"))
    #expect(list[3].hasPrefix("hello  1.9 "))
    let json = try packager.command(["list", "--json"]).succeed().output
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["version"] as? String } == ["1.10", "1.10", "1.9", "1.0"])
    let hash = try Command("/usr/bin/sha256sum", [archive]).succeed().output.prefix(64)
    #expect(rows[3]["sha256"] as? String == String(hash))
    #expect(
      rows[3]["size"] as? Int
        == (try FileManager.default.attributesOfItem(atPath: archive)[.size] as? Int))
  }

  @Test func tellsHowTheRolesStand() throws {
    let packager = try Packager()
    let status = try packager.command(["status"]).succeed().output.split(separator: "\n")
    #expect(status[0] == "repository: fresh; 0 versions, 0 B")
    #expect(status[1].hasPrefix("ROLE       VERSION  EXPIRES     DAYS LEFT  SIGNED  KEYS"))
    #expect(status.count == 6)
    let json = try packager.command(["status", "--json"]).succeed().json()
    let roles = try #require(json["roles"] as? [[String: Any]])
    #expect(
      roles.map { $0["role"] as? String } == ["root", "timestamp", "snapshot", "targets"])
    #expect(roles.allSatisfy { $0["version"] as? Int == 1 && $0["threshold"] as? Int == 1 })
    // Whole days: in the second in which they were signed, one more.
    let days = roles.map { $0["days-left"] as? Int }
    #expect(days == [395, 20, 20, 395] || days == [396, 21, 21, 396])
  }

  @Test func initMakesKeysThatOnlyTheirOwnerReads() throws {
    let folder = try TemporaryFolder("project")
    var command = try Packager.command(in: folder.path, ["init", "--protection", "interactive"])
    command.arguments =
      ["-c", "umask 000 && exec \"$0\" \"$@\"", command.program] + command.arguments
    command.program = "/bin/sh"
    let outcome = try command.succeed()
    #expect(outcome.output.hasPrefix("repository/: what a web server serves"))
    let listed = try Command("/usr/bin/find", [folder.path + "/keys", "-printf", "%f %m\\n"])
      .succeed().output.split(separator: "\n").sorted()
    #expect(
      listed == [
        ".gitignore 600", "keys 700", "offline 700", "online 700", "phrase.txt 600", "recovery 700",
        "root.key 600",
        "root.key 600", "snapshot.key 600", "targets.key 600", "timestamp.key 600",
      ])
    let text = try #require(File.text(folder.path + "/keys/offline/root.key"))
    #expect(text.contains("argon2id13"))
    let served = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/repository")
    #expect(served.sorted() == [".gitignore", "lock", "metadata", "targets"])
  }

  @Test func whatIsServedAnybodyMayRead() throws {
    let folder = try TemporaryFolder("project")
    try File.write("one".utf8, to: folder.path + "/file")
    for words in [["init", "--protection", "interactive"], ["add", "file", "--under", "a/b"]] {
      let plain = try Packager.command(in: folder.path, words)
      var command = Command(
        "/bin/sh", ["-c", "umask 077; exec \"$0\" \"$@\"", plain.program] + words)
      command.folder = plain.folder
      command.environment = plain.environment
      try command.succeed()
    }
    func found(_ place: String, _ words: String...) throws -> [Substring] {
      try Command("/usr/bin/find", [folder.path + "/" + place] + words).succeed().output
        .split(separator: "\n")
    }
    let files = try found("repository", "-type", "f", "!", "-name", "lock", "!", "-perm", "-444")
    #expect(files == [])
    #expect(try found("repository", "-type", "d", "!", "-perm", "-555") == [])
    #expect(try found("keys", "-perm", "/077") == [])
  }

  @Test func passphrasesComeFromADescriptorWithWhateverLineEnds() throws {
    let packager = try Packager()
    for ending in ["", "\n", "\r\n", "\r\nanother\r\n"] {
      try File.write((Packager.passphrase + ending).utf8, to: packager.path("passphrase"))
      let program = try packager.command([]).program
      var command = Command(
        "/bin/sh",
        ["-c", "exec \"$0\" refresh --force timestamp --passphrase-fd 3 3< passphrase", program])
      command.folder = packager.folder.path
      command.environment["ESKY_PASSPHRASE"] = nil
      try command.succeed()
    }
  }

  @Test func aSecondInitIsRefusedAndChangesNothing() throws {
    let packager = try Packager()
    let before = try File.snapshot(packager.folder.path)
    for words in [[], ["--keys", "others"], ["--repository", "other"]] {
      let outcome = try packager.command(["init"] + words).run()
      #expect(outcome.status == 1)
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.contains("nothing was changed"))
      #expect(try File.snapshot(packager.folder.path) == before)
    }
  }

  @Test func initGoesOnAfterItWasKilled() throws {
    for milliseconds in stride(from: 10, through: 500, by: 70) {
      let folder = try TemporaryFolder("project")
      let words = ["init", "--protection", "interactive"]
      let running = try Packager.command(in: folder.path, words).start()
      usleep(useconds_t(milliseconds * 1000))
      kill(running.pid, SIGKILL)
      if try running.finish().ending == .exited(0) { break }
      let again = try Packager.command(in: folder.path, words).run()
      #expect(again.status == 0 || again.errors.contains("holds a repository already"))
      try Packager.command(in: folder.path, ["check"]).succeed()
    }
  }

  /// What an interrupted `init` leaves: the mark that it was there, and some of the files.
  @Test(arguments: [
    "keys/offline/targets.key", "keys/recovery", "keys/recovery/root.key", "repository", "",
  ])
  func initGoesOnWithTheKeysThatAreThere(missing: String) throws {
    let folder = try TemporaryFolder("project")
    let words = ["init", "--protection", "interactive"]
    try Packager.command(in: folder.path, words).succeed()
    let root = File.text(folder.path + "/keys/offline/root.key")
    try File.write("".utf8, to: folder.path + "/keys/init-unfinished")
    let isBegun = missing.isEmpty || missing == "repository"
    for name in isBegun ? [missing] : [missing, "repository"] where !name.isEmpty {
      try FileManager.default.removeItem(atPath: folder.path + "/" + name)
    }
    try Packager.command(in: folder.path, words).succeed()
    #expect(File.text(folder.path + "/keys/offline/root.key") == root)
    #expect(!File.exists(folder.path + "/keys/init-unfinished"))
    try Packager.command(in: folder.path, ["check"]).succeed()
    let refresh = ["refresh", "--force", "targets", "timestamp"]
    try Packager.command(in: folder.path, refresh).succeed()
    #expect(try Packager.command(in: folder.path, words).run().status == 1)
  }

  @Test func whatCannotHoldARepositoryGetsNoKeys() throws {
    let folder = try TemporaryFolder("project")
    try File.write("".utf8, to: folder.path + "/file")
    let words = ["init", "--protection", "interactive"]
    let refused = try Packager.command(in: folder.path, words + ["--repository", "file/x"]).run()
    #expect(refused.status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
    #expect(try Packager.command(in: folder.path, words + ["--repository", ""]).run().status == 64)
    try Packager.command(in: folder.path, words).succeed()
  }

  @Test func aSecondRepositoryHasARenewalOfItsOwn() throws {
    let folder = try TemporaryFolder("project")
    let words = ["init", "--protection", "interactive"]
    try Packager.command(in: folder.path, words).succeed()
    let other = ["--repository", "beta", "--keys", "beta-keys"]
    let outcome = try Packager.command(in: folder.path, words + other).succeed()
    #expect(outcome.output.contains("renewal/2-crontab: a line for cron"))
    #expect(File.text(folder.path + "/renewal/2-crontab")?.contains("'beta'") == true)
    #expect(File.text(folder.path + "/renewal/crontab")?.contains("'repository'") == true)
  }

  @Test func keysOfAnInterruptedInitAreNotForAnotherRepository() throws {
    let packager = try Packager()
    try FileManager.default.moveItem(atPath: packager.path("keys"), toPath: packager.path("old"))
    try File.write("".utf8, to: packager.path("init-unfinished"))
    try FileManager.default.createDirectory(
      atPath: packager.path("keys"), withIntermediateDirectories: false)
    try FileManager.default.moveItem(
      atPath: packager.path("init-unfinished"), toPath: packager.path("keys/init-unfinished"))
    let outcome = try packager.command(["init", "--protection", "interactive"]).run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("holds another repository"))
  }

  @Test(arguments: ["wrong", ""])
  func aWrongPassphraseIsRefused(passphrase: String) throws {
    let packager = try Packager()
    try packager.write("1.0")
    let archive = try packager.build("1.0", url: nil)
    let before = try Installation.tree(packager.repository)
    var command = try packager.command(["publish", archive])
    command.environment["ESKY_PASSPHRASE"] = passphrase
    let outcome = try command.run()
    #expect(outcome.status == 1)
    #expect(outcome.complaints.count == 1)
    #expect(
      outcome.errors.contains(
        passphrase.isEmpty
          ? "ESKY_PASSPHRASE is empty"
          : "keys/offline/targets.key stays locked: the passphrase in ESKY_PASSPHRASE is wrong"))
    #expect(outcome.output == "")
    // The archive may have been copied; nothing refers to it.
    let metadata = before.filter { !$0.contains("targets/") }
    #expect(
      try Installation.tree(packager.repository).filter { !$0.contains("targets/") } == metadata)
  }

  @Test func withoutAnyPassphraseAndTerminalItSaysHowToGiveOne() throws {
    let packager = try Packager()
    try packager.write("1.0")
    var command = try packager.command(["publish", try packager.build("1.0", url: nil)])
    command.environment["ESKY_PASSPHRASE"] = nil
    command.arguments = ["--wait", command.program] + command.arguments
    command.program = "/usr/bin/setsid"
    let outcome = try command.run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("set ESKY_PASSPHRASE, give --passphrase-fd, or run on"))
    #expect(outcome.complaints.count == 1)
  }

  @Test func takesThePassphraseFromADescriptor() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let archive = try packager.build("1.0", url: nil)
    let tool = try Dist.product("bundle-esky")
    for (line, descriptor, status) in [
      ("nonsense\n", 3, 1), ("\n", 3, 1), (Packager.passphrase, 9, 1),
      (Packager.passphrase + "\nmore\n", 3, 0),
    ] {
      try File.write(line.utf8, to: packager.path("secret"))
      var command = Command(
        "/bin/sh",
        [
          "-c", "exec \"$@\" 3<secret", "sh", tool, "publish", archive, "--passphrase-fd",
          "\(descriptor)",
        ])
      command.folder = packager.folder.path
      let outcome = try command.run()
      #expect(outcome.status == CInt(status), Comment(rawValue: outcome.errors))
      #expect(!(outcome.output + outcome.errors).contains(Packager.passphrase))
    }
  }

  @Test func refusesWhatItsUsersCouldNeverUpdateFrom() throws {
    let packager = try Packager()
    let other = try TemporaryFolder("other")
    try Packager.command(in: other.path, ["init", "--protection", "interactive"]).succeed()
    try packager.write("1.0")
    let archive = try packager.build(
      "1.0", url: nil, ["--repository", other.path + "/repository"])
    let before = try Installation.tree(packager.repository)
    let outcome = try packager.command(["publish", archive]).run()
    #expect(outcome.status == 1)
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains("trusts a root that is not of this repository"))
    #expect(try Installation.tree(packager.repository) == before)
  }

  @Test func refusesWhatIsNoBundle() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let archive = try packager.build("1.0", url: nil)
    let before = try Installation.tree(packager.repository)
    func refuse(_ path: String, _ remark: String) throws {
      let outcome = try packager.command(["publish", path]).run()
      #expect(outcome.status == 1)
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.contains(remark), Comment(rawValue: outcome.errors))
      #expect(try Installation.tree(packager.repository) == before)
    }
    try refuse("/no/such/hello-1.0.any.zip", "there is no file /no/such")
    try FileManager.default.copyItem(atPath: archive, toPath: packager.path("hello.zip"))
    try refuse("hello.zip", "is not named as")
    try FileManager.default.copyItem(
      atPath: archive, toPath: packager.archive("1.1"))
    try refuse(packager.archiveName("1.1"), "it has no hello-1.1.")
    try File.write("PK".utf8, to: packager.archive("1.2"))
    try refuse(packager.archiveName("1.2"), "no zip end record")
    truncate(archive, 5000)
    try refuse(archive, "no zip end record")
  }

  @Test func refusesAnOlderVersionUnlessAskedTo() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let old = try packager.build("1.0", url: nil)
    try packager.publish(packager.build("1.1", url: nil))
    let refused = try packager.command(["publish", old]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("is not newer than hello-1.1.\(AppBuilder.platform)"))
    #expect(refused.errors.contains("--allow-older"))
    try packager.command(["publish", old, "--allow-older"]).succeed()
    // Another platform's versions are of their own.
    try packager.publish(
      packager.build("1.0", url: nil, platform: Packager.foreignPlatform),
      more: ["--allow", "platform"])
  }

  @Test func theSameAgainChangesNothing() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let archive = try packager.build("1.0", url: nil)
    try packager.publish(archive)
    let before = try Installation.tree(packager.repository)
    #expect(
      try packager.command(["publish", archive]).succeed().output
        == "hello-1.0.\(AppBuilder.platform) was published already\n")
    #expect(try Installation.tree(packager.repository) == before)
    // Other bytes under the same name are another matter.
    try packager.write("1.0", files: ["more": "more"])
    try packager.build("1.0", url: nil)
    let refused = try packager.command(["publish", archive]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("with other bytes or on other terms"))
    #expect(
      try Installation.tree(packager.repository, without: "incoming")
        == before.filter { !$0.contains("incoming") })
  }

  @Test func twoAtOncePublishBothOrSaySo() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let archives = try (0..<3).map { try packager.build("1.\($0)", url: nil) }
    let running = try archives.map {
      try packager.command(["publish", $0, "--allow-older"]).start()
    }
    var published = 0
    for process in running {
      let outcome = try process.finish()
      if outcome.status == 0 {
        published += 1
      } else {
        #expect(outcome.errors.contains("another process is publishing"))
      }
    }
    let json = try packager.command(["list", "--json"]).succeed().output
    #expect(json.components(separatedBy: "sha256").count == published + 1)
    #expect(published >= 1)
  }

  @Test func aKilledPublishLeavesARepositoryThatClientsAccept() throws {
    let story = try Story()
    var killed = 0
    for round in 1...10 {
      let version = "1.\(round)"
      try story.packager.write(version)
      let archive = try story.packager.build(version, url: story.mirror.url)
      let running = try story.packager.command(["publish", archive]).start()
      usleep(useconds_t.random(in: 20_000...300_000))
      kill(running.pid, SIGKILL)
      if case .killed = try running.finish().ending { killed += 1 }
      let check = try story.user.esky("check")
      #expect(check.status == 0 || check.status == 10, Comment(rawValue: check.errors))
      try story.packager.publish(archive)
      let after = try story.user.esky("check")
      #expect(after.status == 10)
      #expect(after.output.contains("hello \(version) is available"))
    }
    #expect(killed > 0)
    try story.packager.command(["status"]).succeed()
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run().output == "1.10|\n")
  }
}
