import Foundation
import Testing

/// Disks that are full, folders that may not be written, and updates that are switched off.
struct UpdateDiskEndToEndTests {
  @Test func aFileThatCannotGrowIsSaidSoWhereverItHappens() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let before = try story.user.installed()
    // In blocks of 512 bytes: metadata, the archive, and what is unpacked of it meet the limit in turn.
    let finder = try FileManager.default.attributesOfItem(atPath: Dist.product("runtime/esky"))
    let largest = (finder[.size] as? Int ?? 0) / 512
    for blocks in [0, 1, 4, 100, 1000, largest - 1] {
      var command = try story.user.finder(["update"])
      command.arguments =
        ["-c", "(ulimit -f \(blocks); trap '' XFSZ; exec \"$0\" \"$@\" 2>&1) | cat"]
        + [command.program] + command.arguments
      command.program = "/bin/sh"
      let outcome = try command.run()
      let errors = outcome.output.split(separator: "\n").filter { $0.hasPrefix("esky: ") }
      #expect(errors.count == 1, Comment(rawValue: outcome.output))
      #expect(errors.first?.hasPrefix("esky: failed: ") == true)
      #expect(errors.first?.hasSuffix("File too large") == true)
      #expect(try story.user.installed() == before)
      #expect(try story.user.run("x").output == "1.0|x\n")
    }
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(try story.user.leftovers() == [])
  }

  @Test(.enabled(if: SmallVolume.isPossible, "mounting takes root, and a container that allows it"))
  func aFullDiskIsSaidSo() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    // The app takes 2 MB, its archive 1 MB, and the new version 2 MB once more.
    for kilobytes in [2200, 2900, 3300, 4100] {
      let folder = try SmallVolume(kilobytes: kilobytes)
      try Command("/bin/cp", ["-a", story.user.root + "/.", folder.path]).succeed()
      let before = try Installation.tree(folder.path, without: "updates")
      let finder = try Dist.product("runtime/esky")
      let outcome = try Command(finder, ["--root", folder.path, "update"]).run()
      #expect(outcome.status == 1, Comment(rawValue: outcome.errors))
      #expect(outcome.complaints.count == 1)
      #expect(
        outcome.errors.contains("No space left") || outcome.errors.contains("bytes are needed"))
      #expect(try Installation.tree(folder.path, without: "updates") == before)
      #expect(try Command(folder.path + "/hello", ["x"]).run().output == "1.0|x\n")
      // With room it goes on.
      try folder.resize(kilobytes: 20_000)
      #expect(try Command(finder, ["--root", folder.path, "update"]).run().status == 11)
      #expect(try Command(folder.path + "/hello", ["x"]).run().output == "1.1|x\n")
    }
  }

  @Test func aFolderThatMayNotBeWrittenIsSaidSo() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    try Command("/bin/chmod", ["-R", "a-w", story.user.root]).succeed()
    let before = try File.snapshot(story.user.root)
    let remarks = [
      // Whoever has no folder of his own can't keep what he looked for either.
      "check": "can't make the folder /nowhere/.cache: No such file or directory",
      "update": "belongs to root; an administrator can update it",
      "cleanup": "belongs to root; an administrator can update it",
    ]
    for (command, remark) in remarks {
      let outcome = try story.user.finder([command]).unprivileged().run()
      #expect(outcome.status == 1)
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.hasPrefix("esky: failed: "))
      #expect(outcome.errors.contains(remark), "\(outcome.errors)")
    }
    for command in ["status", "list"] {
      #expect(try story.user.finder([command]).unprivileged().run().status == 0)
    }
    #expect(try File.snapshot(story.user.root) == before)
    let app = try Command(story.user.launcher, ["x"]).unprivileged().run()
    #expect(app.output == "1.0|x\n")
    #expect(app.errors == "")
  }

  @Test func theMarkerAndTheVariableSwitchUpdatesOff() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    func expectOff(_ command: Command, by remark: String) throws {
      let outcome = try command.run()
      #expect(outcome.status == 23)
      #expect(outcome.errors == "esky: off: updates are switched off by \(remark)\n")
    }
    for word in ["check", "update"] {
      var command = try story.user.finder([word])
      command.environment["ESKY_UPDATES"] = "off"
      try expectOff(command, by: "ESKY_UPDATES=off in the environment")
      try File.write([], to: story.user.path("updates-off"))
      try expectOff(
        try story.user.finder([word]), by: "the file \(story.user.path("updates-off"))")
      unlink(story.user.path("updates-off"))
    }
    #expect(story.mirror.requests().isEmpty)
    #expect(!File.exists(story.user.path("updates")))
    var command = try story.user.finder(["update"])
    command.environment["ESKY_UPDATES"] = "on"
    #expect(try command.run().status == 11)
    #expect(try story.user.run("x").output == "1.1|x\n")
  }

  @Test func thePolicyFileOfTheAdministratorSwitchesUpdatesOff() throws {
    // A name of its own, since the folder is everybody's.
    let app = "policy\(getpid())"
    let packager = try Packager(app)
    let mirror = try Mirror(packager.repository)
    let user = try Installation(unzipping: packager.release("1.0", url: mirror.url), app: app)
    let policy = "/etc/esky/\(app).updates-off"
    guard geteuid() == 0 else {
      // Without the rights of root there is no file, and nothing is off.
      #expect(open(policy, O_CREAT | O_WRONLY, 0o644) < 0)
      #expect(try user.esky("check").status == 0)
      return
    }
    let isNew = mkdir("/etc/esky", 0o755) == 0
    defer {
      unlink(policy)
      if isNew { rmdir("/etc/esky") }
    }
    try File.write([], to: policy)
    for word in ["check", "update"] {
      let outcome = try user.esky(word)
      #expect(outcome.status == 23)
      #expect(outcome.errors == "esky: off: updates are switched off by the file \(policy)\n")
    }
    // Somebody else's file is no policy.
    chown(policy, 65534, 65534)
    #expect(try user.esky("check").status == 0)
  }
}
