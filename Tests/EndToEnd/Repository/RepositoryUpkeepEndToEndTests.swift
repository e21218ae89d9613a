import Foundation
import Testing

/// What keeps a repository alive between releases: dates, and files that are no versions.
struct RepositoryUpkeepEndToEndTests {
  // MARK: refresh

  @Test func saysThatNothingIsDueWithoutAskingForAPassphrase() throws {
    let packager = try Packager()
    var command = try packager.command(["refresh"])
    command.environment["ESKY_PASSPHRASE"] = nil
    let outcome = try command.run()
    #expect(outcome.status == 10)
    #expect(outcome.output == "nothing is due\n")
    #expect(outcome.errors == "")
  }

  /// Words behind `refresh`, and the roles that are signed then, in order.
  @Test(arguments: [
    (["--within", "3w"], ["snapshot 2", "timestamp 2"]),
    (["--within", "600h", "timestamp"], ["timestamp 2"]),
    (["--within", "57w"], ["root 2", "targets 2", "snapshot 2", "timestamp 2"]),
    (["--force", "root"], ["root 2"]),
    (["--force", "targets"], ["targets 2", "snapshot 2", "timestamp 2"]),
  ])
  func signsWhatIsDue(words: [String], signed: [String]) throws {
    let packager = try Packager()
    let outcome = try packager.command(["refresh"] + words).run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == signed.map { "signed \($0)\n" }.joined())
    #expect(try packager.command(["refresh"]).run().status == 10)
  }

  /// Whoever names top-level roles asks for no others, of which there may be tens of thousands.
  @Test func renewingTheTimestampReadsNoBins() throws {
    let packager = try Packager()
    let key = "keys/online/bins.key"
    try packager.command(["key", "new", key, "--protection", "interactive"]).succeed()
    try packager.command(["delegate", "bins", "--bins", "4", "--key", key]).succeed()
    try FileManager.default.removeItem(
      atPath: packager.path("repository/metadata/1.bins-0.json"))
    #expect(try packager.command(["refresh", "timestamp", "snapshot"]).run().status == 10)
    let outcome = try packager.command(["refresh", "--force", "timestamp"]).succeed()
    #expect(outcome.output.hasPrefix("signed timestamp "))
    #expect(try packager.command(["refresh"]).run().errors.contains("bins-0.json is missing"))
  }

  @Test func signsWhatItCanAndNamesTheKeysThatAreMissing() throws {
    let packager = try Packager()
    try FileManager.default.moveItem(
      atPath: packager.path("keys/offline/root.key"), toPath: packager.path("root.key"))
    try FileManager.default.removeItem(atPath: packager.path("keys/recovery"))
    let outcome = try packager.command(["refresh", "--within", "57w"]).run()
    #expect(outcome.status == 12)
    #expect(outcome.output == "signed targets 2\nsigned snapshot 2\nsigned timestamp 2\n")
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains("0 of the 1 keys needed to sign root are at hand"))
  }

  /// Whoever has the passphrase of the online keys alone renews what those can.
  @Test func lockedKeysKeepNobodyFromSigningWithTheOthers() throws {
    let folder = try TemporaryFolder("project")
    let make = ["init", "--protection", "interactive", "--expires", "root=10d"]
    var first = try Packager.command(in: folder.path, make)
    first.environment["ESKY_ONLINE_PASSPHRASE"] = "on the line"
    try first.succeed()
    var command = try Packager.command(in: folder.path, ["refresh", "--within", "30d"])
    command.environment["ESKY_PASSPHRASE"] = nil
    command.environment["ESKY_ONLINE_PASSPHRASE"] = "on the line"
    let outcome = try command.run()
    #expect(outcome.status == 12)
    #expect(outcome.output == "signed snapshot 2\nsigned timestamp 2\n")
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains("keys/offline/root.key"))
  }

  @Test func whatWaitsKeepsNobodyFromRenewingSnapshotAndTimestamp() throws {
    let packager = try Packager()
    try FileManager.default.moveItem(
      atPath: packager.path("keys/offline"), toPath: packager.path("offline"))
    #expect(try packager.command(["refresh", "--force", "--stage", "targets"]).run().status == 12)
    let outcome = try packager.command(["refresh", "--within", "400d"]).run()
    #expect(outcome.status == 12)
    #expect(outcome.output == "signed snapshot 2\nsigned timestamp 2\n")
    #expect(outcome.errors.contains("a change waits in repository/staging"))
    let alone = try packager.command(["refresh", "--force", "snapshot", "timestamp"]).run()
    #expect(alone.status == 0)
  }

  @Test(arguments: ["7", "d", "-1d", "0d", "7y", "9999999d", ""])
  func refusesATimeThatIsNone(text: String) throws {
    let packager = try Packager()
    #expect(try packager.command(["refresh", "--within", text]).run().status == 64)
  }

  @Test func anAnswerThatIsLostIsAFailure() throws {
    let packager = try Packager()
    let plain = try packager.command(["status", "--json"])
    var command = Command(
      "/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/full", plain.program] + plain.arguments)
    command.folder = packager.folder.path
    let outcome = try command.run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("not all of the output could be written"))
  }

  // MARK: Signing elsewhere

  @Test func whoSignsSeesWhat() throws {
    let packager = try Packager()
    try FileManager.default.moveItem(
      atPath: packager.path("keys/offline"), toPath: packager.path("offline"))
    try File.write("one".utf8, to: packager.path("a"))
    #expect(try packager.command(["add", "a"]).run().status == 12)
    let here = try packager.command(["staged"]).run()
    #expect(here.status == 12)
    #expect(here.output.hasPrefix("targets 2, until 20"))
    #expect(here.output.contains("  lists 1 target\n  + a\ntargets 2: 0 of 1, waiting for key "))
    // Neither root nor targets is signed by the way where nobody can see what changes.
    let staging = packager.path("repository/staging")
    try FileManager.default.copyItem(atPath: staging, toPath: packager.path("list"))
    try FileManager.default.removeItem(atPath: packager.path("list/before/targets.json"))
    let hidden = try packager.command(["sign", "--copy", "list", "--keys", "offline"]).run()
    #expect(hidden.status == 1)
    #expect(
      hidden.errors.contains("list/before/targets.json is missing"), "\(hidden.errors)")
    try packager.command(
      ["sign", "--copy", "list", "--keys", "offline", "--allow-unseen"]
    ).succeed()
    try packager.command(["staged", "--discard"]).succeed()
    try packager.command(["key", "new", "new.key"]).succeed()
    let id = try packager.command(["key", "show", "new.key", "--id"]).succeed().output.prefix(8)
    let rotate = ["rotate", "timestamp", "--add", "new.key"]
    #expect(try packager.command(rotate).run().status == 12)
    let changed = try packager.command(["staged"]).run().output
    #expect(changed.contains("timestamp: 1 of "))
    #expect(changed.contains("\(id)…, before 1 of "))
    try FileManager.default.copyItem(
      atPath: packager.path("repository/staging"), toPath: packager.path("copy"))
    // A root whose predecessor can't be shown is not signed by the way.
    let before = packager.path("copy/before/root.json")
    let published = try #require(File.text(before))
    for (text, fault) in [
      (published + " ", "changed the copy"), ("{}", "changed the copy"), (nil, "is missing"),
    ] {
      try FileManager.default.removeItem(atPath: before)
      if let text {
        try File.write(text.replacing("\"version\":1", with: "\"version\":3").utf8, to: before)
      }
      let unseen = try packager.command(["sign", "--copy", "copy", "--keys", "offline"]).run()
      #expect(unseen.status == 1)
      #expect(
        unseen.errors.contains(fault) && unseen.errors.contains("--allow-unseen"),
        "\(unseen.errors)")
      try File.write(published.utf8, to: before)
    }
    let signed = try packager.command(["sign", "--copy", "copy", "--keys", "offline"]).run()
    #expect(signed.output.contains("  timestamp: 1 of ") && signed.output.contains("\(id)…"))
    #expect(signed.status == 0)
    #expect(try packager.command(["staged", "--copy", "copy", "--json"]).run().status == 12)
    try packager.command(["sign", "--merge", "copy"]).succeed()
    #expect(try packager.command(["staged"]).run().output == "nothing waits for signatures\n")
  }

  // MARK: add and remove

  @Test func publishesAnyFileAndTakesItBack() throws {
    let packager = try Packager()
    try File.write("one".utf8, to: packager.path("handbook.pdf"))
    try packager.command(["add", "--under", "docs/2026", "handbook.pdf"]).succeed()
    try packager.command(
      ["add", "handbook.pdf", "--name", "other name", "--custom", "{\"board\": 7}"]
    ).succeed()
    let list = try packager.command(["list", "--targets"]).run().output
    #expect(list.contains("docs/2026/handbook.pdf"))
    let json = try packager.command(["list", "--targets", "--json"]).run().output
    #expect(json.contains("\"custom\":{\"board\":7},\"name\":\"other name\""))
    #expect(try packager.command(["list"]).run().output.contains("nothing is published yet"))
    try packager.command(["remove", "docs/2026/handbook.pdf", "other name", "--delete-files"])
      .succeed()
    #expect(try packager.command(["list", "--targets", "--json"]).run().output == "[]\n")
    let left = try FileManager.default.subpathsOfDirectory(
      atPath: packager.path("repository/targets"))
    #expect(left.filter { $0.hasSuffix("name") || $0.hasSuffix("pdf") } == [])
  }

  @Test func replacesOnlyWhenItIsToldTo() throws {
    let packager = try Packager()
    try File.write("one".utf8, to: packager.path("a"))
    try packager.command(["add", "a"]).succeed()
    #expect(try packager.command(["add", "a"]).run().output == "had a\n")
    try File.write("two".utf8, to: packager.path("a"))
    let refused = try packager.command(["add", "a"]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("a is listed already, with other contents"))
    #expect(try packager.command(["add", "a", "--replace"]).run().output == "added a\n")
  }

  /// Words that are refused, and a part of the reason.
  @Test(arguments: [
    (["add", "missing"], "No such file"), (["add", "a", "b", "--name", "x"], "single file"),
    (["add", "a", "--name", "../a"], "can't name a target"),
    (["add", "a", "--custom", "7"], "no JSON object"),
    (["add", "a", "--custom", "{"], "ends in the middle"), (["add", "."], "can't name a target"),
    (["add", "keys"], "not a regular file"),
    (["add", "a", "--name", "hello-1.0.linux-x86_64.zip"], "publish checks those"),
    (["remove", "missing"], "no role lists missing"), (["remove"], "Missing expected argument"),
  ])
  func refusesAndChangesNothing(words: [String], reason: String) throws {
    let packager = try Packager()
    try File.write("one".utf8, to: packager.path("a"))
    let before = try File.snapshot(packager.path("repository/metadata"))
    let outcome = try packager.command(words).run()
    #expect(outcome.status == 1 || outcome.status == 64)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(try File.snapshot(packager.path("repository/metadata")) == before)
  }

  // MARK: check

  @Test func findsASoundRepositorySoundAndNamesWhatIsNot() throws {
    let packager = try Packager()
    try File.write("one".utf8, to: packager.path("a"))
    try packager.command(["add", "a"]).succeed()
    let sound = try packager.command(["check", "--deep"]).run()
    #expect(sound.status == 0)
    #expect(sound.output == "all is sound\n")
    let file = try #require(
      FileManager.default.contentsOfDirectory(atPath: packager.path("repository/targets")).first)
    try File.write("two".utf8, to: packager.path("repository/targets/" + file))
    #expect(try packager.command(["check"]).run().status == 0)
    let found = try packager.command(["check", "--deep"]).run()
    #expect(found.status == 1)
    #expect(
      found.output == "targets/\(file): it does not have the hash that is listed for it\n")
    let json = try packager.command(["check", "--deep", "--json"]).run()
    #expect(json.status == 1)
    #expect(try json.json()["sound"] as? Bool == false)
    #expect(
      (try json.json()["findings"] as? [[String: String]])?.first?["file"] == "targets/" + file)
  }

  @Test func whatIsNoRepositoryCouldNotBeChecked() throws {
    let packager = try Packager()
    let outcome = try packager.command(["check", "--repository", "nowhere"]).run()
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("there is no repository in nowhere"))
  }

  @Test func aListOfTargetsElsewhereIsFollowed() throws {
    let packager = try Packager()
    func line(_ name: String, _ length: Int) -> String {
      "{\"name\":\"\(name)\",\"length\":\(length),\"sha256\":\"\(String(repeating: "ab", count: 32))\"}\n"
    }
    func sync(_ text: String, _ more: String...) throws -> Outcome {
      try File.write(text.utf8, to: packager.path("list"))
      return try packager.command(["sync", "list"] + more).run()
    }
    #expect(
      try sync(line("p/a", 1) + "\n" + line("p/b", 2)).output.hasPrefix(
        "added 2, replaced 0, removed 0\n"))
    #expect(
      try sync(line("p/b", 3) + line("p/c", 1)).output.hasPrefix("added 1, replaced 1, removed 1\n")
    )
    #expect(try sync(line("p/b", 3) + line("p/c", 1)).output == "added 0, replaced 0, removed 0\n")
    // A version of an app stays, and so does what is not below the folder.
    try packager.release("1.0", url: nil)
    try File.write("x".utf8, to: packager.path("plain"))
    try packager.command(["add", "plain"]).succeed()
    #expect(try sync("", "--under", "p").output.hasPrefix("added 0, replaced 0, removed 2\n"))
    #expect(try packager.command(["list", "--targets"]).run().output.contains("plain"))
    #expect(try packager.command(["list"]).run().output.contains("1.0"))
    // Files that are here stay for those who are fetching them.
    let files = try Installation.tree(packager.path("repository/targets"))
    #expect(try sync(line("p/a", 1)).output.hasPrefix("added 1, replaced 0, removed 1\n"))
    #expect(try Installation.tree(packager.path("repository/targets")) == files)
    #expect(try packager.command(["check", "--metadata-only"]).run().status == 0)
    for (text, more, reason) in [
      (line("hello-1.0.linux-x86_64.zip", 1), [], "publish checks those"),
      (line("q/a", 1), ["--under", "p"], "is not below p"), ("{}", [], "line 1: \"name\""),
      (line("a", 1) + line("a", 1), [], "named twice"), (line("a", -1), [], "\"length\""),
      (line("../a", 1), [], "can't name a target"), ("nonsense", [], "line 1"),
    ] as [(String, [String], String)] {
      try File.write(text.utf8, to: packager.path("list"))
      let refused = try packager.command(["sync", "list"] + more).run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains(reason), "\(refused.errors)")
    }
  }

  // MARK: add --listed

  private static func line(_ name: String) -> String {
    let digits = String(repeating: "11", count: 32)
    return "{\"name\":\"\(name)\",\"length\":1,\"sha256\":\"\(digits)\"}"
  }

  /// From a file, and through a pipe, which can't be read again.
  @Test func aListOfTargetsIsAddedLineByLine() throws {
    let packager = try Packager()
    let lines = [Self.line("a"), "", " \t", Self.line("dir/é"), Self.line("c")]
    try File.write(lines.joined(separator: "\n").utf8, to: packager.path("list"))
    let first = try packager.command(["add", "--listed", "list"]).succeed()
    #expect(first.output.hasPrefix("added 3, had 0\n"))
    try File.write(
      (lines + [Self.line("d"), ""]).joined(separator: "\r\n").utf8, to: packager.path("more"))
    var piped = try packager.command(["add", "--listed", "-"])
    piped.arguments = ["-c", "cat more | \"$0\" \"$@\"", piped.program] + piped.arguments
    piped.program = "/bin/sh"
    #expect(try piped.succeed().output.hasPrefix("added 1, had 3\n"))
    let targets = try packager.command(["list", "--targets"]).run().output
    for name in ["a", "dir/é", "c", "d"] { #expect(targets.contains("\n\(name) ")) }
  }

  /// The third line, and what is said of it.
  @Test(arguments: [
    ("{", "list, line 3: "), ("{}", "list, line 3: \"name\" is missing"),
    (line("hello-1.0.any.zip"), "list, line 3: hello-1.0.any.zip is named as a version"),
    (line("b//c"), "list, line 3: "), (line("a"), "a"),
  ])
  func aLineThatCanNotBeAddedIsNamed(third: String, said: String) throws {
    let packager = try Packager()
    let lines = [Self.line("a"), "", third, Self.line("c")]
    try File.write(lines.joined(separator: "\n").utf8, to: packager.path("list"))
    let before = try Installation.tree(packager.repository)
    let outcome = try packager.command(["add", "--listed", "list"]).run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(said), "\(outcome.errors)")
    #expect(try Installation.tree(packager.repository) == before)
  }
}
