import Foundation
import Testing

/// What `esky` says to machines, to pipes and to terminals.
struct UpdateOutputEndToEndTests {
  @Test func everyCommandAndOutcomeIsOneLineOfJSON() throws {
    let story = try Story(in: "a \"folder\" \\ with\tall – sorts")
    let user = story.user
    func json(_ words: String..., status: CInt) throws -> [String: Any] {
      let outcome = try user.finder(words + ["--json"]).run()
      #expect(outcome.status == status)
      #expect(!outcome.output.contains("\u{1b}"))
      return try outcome.json()
    }
    var object = try json("status", status: 0)
    #expect(object["root"] as? String == user.root)
    #expect(object["name"] as? String == "hello")
    #expect(object["version"] as? String == "1.0")
    #expect(object["platform"] as? String == AppBuilder.platform)
    #expect(object["update-url"] as? String == story.mirror.url)
    #expect(object["check"] as? String == "never")
    #expect(object["off"] as? Bool == false)
    #expect(object["versions"] as? Int == 1)
    #expect(object["needs-cleanup"] as? Bool == false)
    object = try json("check", status: 0)
    #expect(object["result"] as? String == "up-to-date")
    #expect(object["version"] as? String == "1.0")
    let archive = try story.release("1.1")
    object = try json("check", status: 10)
    #expect(object["result"] as? String == "available")
    #expect(object["version"] as? String == "1.0")
    #expect(object["available"] as? String == "1.1")
    #expect(
      object["size"] as? Int
        == (try FileManager.default.attributesOfItem(atPath: archive)[.size] as? Int))
    object = try json("update", status: 11)
    #expect(object["result"] as? String == "installed")
    #expect(object["version"] as? String == "1.1")
    #expect(object["unfinished"] == nil)
    object = try json("update", status: 0)
    #expect(object["result"] as? String == "up-to-date")
    let list = try user.esky("list", "--json").output
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["version"] as? String } == ["1.1", "1.0"])
    #expect(rows.map { $0["next"] as? Bool } == [true, false])
    #expect(rows.map { $0["state"] as? String } == ["complete", "complete"])
    #expect(try json("status", status: 0)["needs-cleanup"] as? Bool == true)
    object = try json("cleanup", status: 0)
    #expect(object["done"] as? [String] == ["removed hello-1.0.\(AppBuilder.platform)"])
    #expect(object["left"] as? Int == 0)
    #expect(try json("verify", status: 0)["result"] as? String == "ok")
    story.mirror.stop()
    object = try json("check", status: 20)
    #expect(object["result"] as? String == "offline")
    #expect((object["message"] as? String)?.contains("timestamp.json") == false)
    object = try json("update", status: 20)
    #expect(object["result"] as? String == "offline")
    try File.write([], to: user.path("updates-off"))
    #expect(try json("update", status: 23)["result"] as? String == "off")
    #expect(try json("status", status: 0)["off"] as? Bool == true)
  }

  @Test func aTerminalGetsABarAndAPipeGetsLines() throws {
    let story = try Story()
    try story.release("1.1", files: ["data": UpdateEndToEndTests.noise(300_000)])
    let esky = try Dist.product("runtime/esky")
    let spare = try TemporaryFolder("spare")
    try Command("/bin/cp", ["-a", story.user.root, spare.path]).succeed()
    let pipe = try Command(esky, ["--root", spare.path + "/hello", "update"]).run()
    #expect(pipe.status == 11)
    #expect(pipe.errors == "")
    #expect(!pipe.output.contains("\r") && !pipe.output.contains("\u{1b}"))
    #expect(pipe.output.split(separator: "\n").count == 4)

    var terminal = Command(
      "/usr/bin/script",
      ["-qec", "stty cols 100; exec '\(esky)' --root '\(story.user.root)' update", "/dev/null"])
    terminal.environment["TERM"] = "xterm"
    let outcome = try terminal.run()
    #expect(outcome.status == 11)
    #expect(outcome.output.contains("\r\u{1b}[Kdownloading [#"))
    #expect(outcome.output.contains("\r\u{1b}[Kunpacking [#"))
    #expect(outcome.output.contains("100%"))
    // What stays on the screen is the last line alone.
    #expect(
      outcome.output.hasSuffix("\r\u{1b}[Kinstalled hello 1.1; it starts next time\r\n"),
      Comment(rawValue: outcome.output.debugDescription))
    for line in outcome.output.components(separatedBy: "\r") {
      #expect(line.replacingOccurrences(of: "\u{1b}[K", with: "").count <= 100)
    }
  }

  @Test func quietMeansTheOutcomeAlone() throws {
    let story = try Story()
    try story.release("1.1")
    for quiet in ["-q", "--quiet"] {
      #expect(try story.user.esky("check", quiet).output.split(separator: "\n").count == 1)
    }
    #expect(
      try story.user.esky("--quiet", "update").output
        == "installed hello 1.1; it starts next time\n")
  }

  @Test func aReaderThatGoesAwayDoesNotStopAnUpdate() throws {
    let story = try Story()
    try story.release("1.1")
    let esky = try Dist.product("runtime/esky")
    let outcome = try Command(
      "/bin/bash",
      [
        "-c", "'\(esky)' --root '\(story.user.root)' update 2>&1 | true; echo ${PIPESTATUS[0]}",
      ]
    ).run()
    #expect(outcome.output == "11\n")
    #expect(try story.user.run().output == "1.1|\n")
  }

  @Test func statusTellsAPersonWhatIsWhat() throws {
    let story = try Story("1.0", ["--check", "weekly"])
    let root = story.user.root
    #expect(
      try story.user.esky("status").output
        == """
        hello 1.0 in \(root)
          updates      from \(story.mirror.url)
          checks       weekly
          cleanup      not needed

        """)
    var command = try story.user.finder(["status"])
    command.environment["ESKY_UPDATES"] = "off"
    let off = try command.run()
    #expect(off.status == 0)
    #expect(off.output.contains("  switched off by ESKY_UPDATES=off in the environment\n"))
  }
}
