import Foundation
import Testing

/// Updates that are disturbed, and folders that are not as they should be.
struct UpdateRepairEndToEndTests {
  @Test func aBrokenNewestVersionIsRepaired() throws {
    let story = try Story()
    try story.release("1.1")
    #expect(try story.user.esky("update").status == 11)
    unlink(story.user.version("1.1") + "/hello")
    let fallback = try story.user.run("x")
    #expect(fallback.output == "1.0|x\n")
    #expect(fallback.complaints.count == 1)
    #expect(try story.user.esky("list").output.contains("1.1.\(AppBuilder.platform)  not-runnable"))
    // It is no reason to lose the one that works.
    #expect(try story.user.esky("cleanup").output == "nothing to clean up\n")
    #expect(try story.user.esky("check").status == 10)
    #expect(try story.user.esky("update").status == 11)
    let repaired = try story.user.run("x")
    #expect(repaired.output == "1.1|x\n")
    #expect(repaired.errors == "")
    #expect(try story.user.esky("verify").status == 0)
    #expect(try story.user.leftovers() == [])
  }

  /// Nobody can tell a reader of the list from somebody who runs the version: both go on, and keep it.
  @Test func aBrokenVersionIsRepairedWhileItRuns() throws {
    let story = try Story()
    let program = """
      #!/bin/sh
      if [ "$1" != wait ]; then echo "1.1|$*"; exit; fi
      echo on
      while [ ! -e "$2" ]; do sleep 0.05; done
      cat "${0%/*}/data"

      """
    try story.release("1.1", program: program, files: ["data": "whole"])
    #expect(try story.user.esky("update").status == 11)
    let running = try Command(story.user.launcher, ["wait", story.user.path("go on")]).start()
    #expect(Executable.eventually(seconds: 60) { running.output == "on\n" })
    unlink(story.user.version("1.1") + "/hello")
    try File.write("damaged".utf8, to: story.user.version("1.1") + "/data")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(try story.user.esky("verify").status == 0)
    #expect(try story.user.leftovers() == [])
    // It is still held: a newer version does not make it go.
    try story.release("1.2")
    #expect(try story.user.esky("update").status == 11)
    try story.user.esky("cleanup").expectSuccess()
    #expect(File.exists(story.user.version("1.1")))
    try File.write("".utf8, to: story.user.path("go on"))
    #expect(try running.finish().output == "on\nwhole")
    try story.user.esky("cleanup").expectSuccess()
    #expect(!File.exists(story.user.version("1.1")))
  }

  /// It starts, and could never be updated again.
  @Test(arguments: ["esky-files/esky", "esky-files/settings.txt", "esky-files"])
  func aVersionThatCannotBeKeptFreshIsRepaired(lost: String) throws {
    let story = try Story()
    try story.release("1.1")
    #expect(try story.user.esky("update").status == 11)
    try FileManager.default.removeItem(atPath: story.user.version("1.1") + "/" + lost)
    // The older one is the only one that could mend it.
    #expect(try story.user.esky("cleanup").output == "nothing to clean up\n")
    #expect(try story.user.esky("check").status == 10)
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(File.exists(story.user.version("1.1") + "/" + lost))
    #expect(try story.user.esky("cleanup").output.contains("removed hello-1.0"))
  }

  @Test(arguments: ["esky-bootstrap.txt missing", "cut short", "hardly begun", "empty folder"])
  func anIncompleteUnzipOfTheNewestIsRepaired(state: String) throws {
    let story = try Story()
    let archive = try story.release("1.1")
    let folder = story.user.version("1.1")
    try story.user.unzip(archive)
    switch state {
    case "cut short": truncate(folder + "/esky-bootstrap.txt", 20)
    case "hardly begun":
      try FileManager.default.removeItem(atPath: folder + "/esky-files")
      unlink(folder + "/esky-bootstrap.txt")
    case "empty folder":
      try FileManager.default.removeItem(atPath: folder)
      mkdir(folder, 0o755)
    default: unlink(folder + "/esky-bootstrap.txt")
    }
    #expect(try story.user.run().output == "1.0|\n")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run().output == "1.1|\n")
    #expect(try story.user.esky("verify").status == 0)
    try story.user.esky("cleanup").expectSuccess()
    #expect(try story.user.names() == ["hello", "hello-1.1.\(AppBuilder.platform)", "updates"])
  }

  @Test func unzippingTheNextReleaseOverTheOldOneIsAnUpdateToo() throws {
    let story = try Story()
    try story.user.unzip(story.release("1.1"))
    #expect(try story.user.run().output == "1.1|\n")
    #expect(
      try story.user.esky("cleanup").output == "removed hello-1.0.\(AppBuilder.platform)\n")
    #expect(try story.user.esky("update").status == 0)
  }

  @Test func whatWasChangedIsReported() throws {
    let story = try Story(files: ["data": "data", "gone": "x", "mode": "m"])
    let folder = story.user.version("1.0")
    #expect(
      try story.user.esky("verify").output == "hello-1.0.\(AppBuilder.platform) is as it was made\n"
    )
    try File.write("Data".utf8, to: folder + "/data")
    unlink(folder + "/gone")
    chmod(folder + "/mode", 0o700)
    try File.write("#!/bin/sh\n".utf8, to: story.user.launcher, mode: 0o755)
    let outcome = try story.user.esky("verify")
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(
      Set(outcome.complaints) == [
        "esky: \(folder)/data has been changed", "esky: \(folder)/gone is missing",
        "esky: \(folder)/mode may be executed, or may not, other than it was made",
        "esky: \(story.user.launcher) has been changed",
      ])
    let json = try story.user.esky("verify", "--json").json()
    #expect(json["result"] as? String == "failed")
    #expect((json["problems"] as? [String])?.count == 4)
  }

  @Test(arguments: [
    "root.json", "timestamp.json", "snapshot.json", "targets.json", "all", "none", "folders",
  ])
  func corruptedMetadataOfOurOwnIsFetchedAnew(name: String) throws {
    let story = try Story()
    #expect(try story.user.esky("check").status == 0)
    let folder = story.user.path("updates/hello/metadata")
    let names = ["root.json", "timestamp.json", "snapshot.json", "targets.json"]
    for file in names {
      switch name {
      case file:
        try File.write("{\"signed\": {}, \"signatures\": []}".utf8, to: folder + "/" + file)
      case "all": try File.write([0, 1, 2], to: folder + "/" + file)
      case "none": unlink(folder + "/" + file)
      default: break
      }
    }
    if name == "folders" { try FileManager.default.removeItem(atPath: story.user.path("updates")) }
    try story.release("1.1")
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 11, Comment(rawValue: outcome.errors))
    #expect(try story.user.run().output == "1.1|\n")
  }

  /// Something that can't be read where a control file belongs.
  private func spoil(_ path: String, _ how: String) throws {
    unlink(path)
    switch how {
    case "missing": break
    case "folder": mkdir(path, 0o755)
    case "pipe": mkfifo(path, 0o644)
    default: try File.write(how.utf8, to: path)
    }
  }

  /// Trust is in what is stored once there is something.
  @Test(arguments: ["missing", "folder", "pipe", "", "{\"signed\":"])
  func theRootThatAVersionShipsIsNeededForTheFirstLookAlone(how: String) throws {
    let story = try Story()
    let root = story.user.version("1.0") + "/esky-files/root.json"
    let whole = try Data(contentsOf: URL(fileURLWithPath: root))
    try story.release("1.1")
    try spoil(root, how)
    for command in ["check", "update"] {
      let outcome = try story.user.esky(command)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("\(root) is missing, damaged or of a newer format; install"))
    }
    try? FileManager.default.removeItem(atPath: root)
    try whole.write(to: URL(fileURLWithPath: root))
    #expect(try story.user.esky("check").status == 10)
    try spoil(root, how)
    #expect(try story.user.esky("check").status == 10)
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run().output == "1.1|\n")
  }

  @Test(arguments: ["missing", "folder", "pipe", "", "esky-settings 1\n"])
  func settingsThatCantBeReadAreToldWithTheRemedy(how: String) throws {
    let story = try Story()
    let settings = story.user.version("1.0") + "/esky-files/settings.txt"
    try spoil(settings, how)
    for command in ["check", "update", "status"] {
      let outcome = try story.user.esky(command)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.contains("\(settings) is missing, damaged or of a newer format; install"))
    }
    let manifest = story.user.version("1.0") + "/esky-files/manifest.txt"
    try spoil(manifest, how)
    #expect(try story.user.esky("verify").errors.contains("\(manifest) is missing, damaged or"))
  }

  /// Archives have a folder at the top, and a launcher of its name may be in the way.
  @Test func aFolderWithoutACompleteVersionIsToldWhatHelps() throws {
    let story = try Story()
    unlink(story.user.version("1.0") + "/esky-bootstrap.txt")
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 1)
    let remedy = "elsewhere, and copy what its folder holds into this one"
    #expect(outcome.errors.contains(remedy))
    #expect(try story.user.run().errors.contains(remedy))
    let again = try Installation(unzipping: story.packager.archive("1.0"))
    try Command("/bin/cp", ["-a", again.root + "/.", story.user.root]).succeed()
    #expect(try story.user.run().output == "1.0|\n")
    #expect(try story.user.esky("update").status == 0)
  }

  @Test func ofTwoUpdatesAtOnceOneInstalls() throws {
    for _ in 1...3 {
      let story = try Story()
      let archive = try story.release("1.1")
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archive)))
      story.mirror.answer { request in
        request.path.contains("/targets/")
          ? .crawl(bytes, bytes: bytes.count / 4 + 1, seconds: 0.2) : nil
      }
      let running = try (1...5).map { _ in try story.user.finder(["update", "--json"]).start() }
      let outcomes = try running.map { try $0.finish() }
      #expect(outcomes.map(\.status).sorted { $0! < $1! } == [11, 22, 22, 22, 22])
      for outcome in outcomes where outcome.status == 22 {
        #expect(try outcome.json()["result"] as? String == "locked")
        #expect(outcome.complaints.count == 1)
        #expect(outcome.errors.contains("another process is updating the app"))
      }
      #expect(try story.user.run().output == "1.1|\n")
      #expect(try story.user.leftovers() == [])
    }
  }

  @Test func anUpdateKilledAtAnyMomentLeavesTheOldVersionOrTheNew() throws {
    let files = Dictionary(
      uniqueKeysWithValues: (1...200).map { ("lib/\($0)", UpdateEndToEndTests.noise(2000)) })
    let story = try Story(programs: ["hello", "bin/old"])
    try story.release("1.1", programs: ["hello", "bin/new"], files: files)
    let master = try TemporaryFolder("master")
    try Command("/bin/cp", ["-a", story.user.root + "/.", master.path]).succeed()
    let whole = Date()
    #expect(try story.user.esky("update").status == 11)
    let duration = Date().timeIntervalSince(whole)
    try story.user.esky("cleanup").expectSuccess()
    let updated = try story.user.installed()
    var states: Set<String> = []
    // At least 36 moments spread over an update's time; more until three different states were met.
    var round = 0
    while round < 36 || (states.count < 3 && round < 400) {
      defer { round += 1 }
      let moment = (Double(round) * 0.618034).truncatingRemainder(dividingBy: 1)
      let folder = story.user.root
      try Command(
        "/bin/sh", ["-c", "rm -rf \"$1\"; cp -a \"$2\" \"$1\"", "sh", folder, master.path]
      )
      .succeed()
      let running = try story.user.finder(["update"]).start()
      usleep(useconds_t(duration * 1_100_000 * moment))
      kill(running.pid, SIGKILL)
      _ = try running.finish()
      states.insert(Set(try story.user.names()).description + "\(try story.user.leftovers())")
      let app = try story.user.run("x")
      #expect(app.output == "1.0|x\n" || app.output == "1.1|x\n")
      #expect(app.errors == "")
      // Sometimes cleanup comes first, sometimes it is the update.
      if round % 3 == 0 { try story.user.esky("cleanup").expectSuccess() }
      let update = try story.user.esky("update")
      #expect(update.status == (app.output == "1.1|x\n" ? 0 : 11), Comment(rawValue: update.errors))
      #expect(try story.user.run("x").output == "1.1|x\n")
      try story.user.esky("cleanup").expectSuccess()
      #expect(try story.user.esky("cleanup").output == "nothing to clean up\n")
      #expect(try story.user.installed() == updated)
      #expect(try story.user.leftovers() == [])
    }
    #expect(states.count >= 3)
  }
}
