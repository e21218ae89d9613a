import Foundation
import LoopbackServer
import Testing

/// Apps that look for updates by themselves when they are started.
struct BackgroundEndToEndTests {
  private func log(_ user: Installation) -> String {
    File.text(user.path("updates/hello/log")) ?? ""
  }

  @Test func startingTheAppUpdatesItAndTheNextStartIsTheNewVersion() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    try story.release("1.1", ["--check", "on-start"])
    let first = try story.user.run("x")
    #expect(first.output == "1.0|x\n")
    #expect(first.errors == "")
    #expect(Executable.eventually { log(story.user).contains(" installed 1.1\n") })
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(Executable.eventually { log(story.user).contains(" 1.1 is up to date\n") })
    // Nobody has seen the new version run for a while, so the old one stays to fall back on.
    #expect(File.exists(story.user.version("1.0")))
    let lines = log(story.user).split(separator: "\n")
    #expect(
      lines.map { $0.drop { $0 != " " }.dropFirst() } == [
        "installed 1.1", "1.1 is up to date",
      ])
    for line in lines {
      #expect(line.prefixMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /#) != nil)
    }
    #expect(
      try story.user.esky("status").output.contains("  checks       on-start, last 20"))
  }

  @Test func withoutAServerTheAppStartsAtOnceAndTheLogSaysWhy() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    story.mirror.stop()
    let started = Date()
    #expect(try story.user.run("x").output == "1.0|x\n")
    #expect(Date().timeIntervalSince(started) < 2)
    #expect(Executable.eventually { log(story.user).contains(" offline: can't fetch ") })
    #expect(log(story.user).split(separator: "\n").count == 1)
  }

  @Test func aServerThatHangsHoldsNobodyUp() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    story.mirror.answer { _ in .hang }
    for _ in 1...3 {
      let started = Date()
      let outcome = try story.user.run("x")
      #expect(Date().timeIntervalSince(started) < 2)
      #expect(outcome.output == "1.0|x\n")
      #expect(outcome.errors == "")
    }
    // The one that waits holds the lock; the others see that and go.
    #expect(Executable.eventually { log(story.user).contains(" locked: another process is ") })
    #expect(Executable.eventually(seconds: 30) { log(story.user).contains(" offline: ") })
  }

  @Test func aVersionThatIsRefusedIsLoggedAndTheOldOneGoesOn() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    try story.release("1.1")
    story.mirror.answer { $0.path.hasSuffix(".zip") ? .body([1, 2, 3]) : nil }
    #expect(try story.user.run("x").output == "1.0|x\n")
    #expect(Executable.eventually { log(story.user).contains(" refused: hello-1.1.") })
    #expect(try story.user.run("x").output == "1.0|x\n")
  }

  @Test func aDailyCheckIsMadeOnceADay() throws {
    let story = try Story("1.0", ["--check", "daily"])
    for _ in 1...3 { #expect(try story.user.run("x").output == "1.0|x\n") }
    #expect(Executable.eventually { log(story.user).contains(" 1.0 is up to date\n") })
    usleep(300_000)
    #expect(log(story.user).split(separator: "\n").count == 1)
    let yesterday = Command(
      "/usr/bin/touch", ["-d", "25 hours ago", story.user.path("updates/hello/last-check")])
    try yesterday.succeed()
    _ = try story.user.run("x")
    #expect(Executable.eventually { log(story.user).split(separator: "\n").count == 2 })
  }

  @Test func anAppThatRunsKeepsItsVersionWhileItIsUpdatedUnderIt() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    try Executable.write(
      "#!/bin/sh\necho up\nexec sleep 1000\n".utf8, to: story.user.version("1.0") + "/hello")
    try story.release(
      "1.1", program: "#!/bin/sh\necho \"1.1|$*\"\n[ \"$1\" = x ] || exec sleep 1000\n",
      ["--check", "on-start"])
    let running = try Command(story.user.launcher).start()
    #expect(Executable.eventually { log(story.user).contains(" installed 1.1\n") })
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(Executable.eventually { log(story.user).contains(" 1.1 is up to date\n") })
    #expect(File.exists(story.user.version("1.0")))
    kill(running.pid, SIGTERM)
    _ = try running.finish()
    // The new version runs for longer than a moment: it has shown that it starts.
    let next = try Command(story.user.launcher).start()
    #expect(Executable.eventually { !File.exists(story.user.version("1.0")) })
    kill(next.pid, SIGTERM)
    _ = try next.finish()
  }

  @Test func switchedOffNothingIsAskedFor() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    var command = Command(story.user.launcher)
    command.environment["ESKY_UPDATES"] = "off"
    #expect(try command.run().output == "1.0|\n")
    try File.write([], to: story.user.path("updates-off"))
    #expect(try story.user.run().output == "1.0|\n")
    usleep(500_000)
    #expect(story.mirror.requests().isEmpty)
    #expect(log(story.user) == "")
  }

  @Test func aLongLogIsBegunAnew() throws {
    let story = try Story("1.0", ["--check", "on-start"])
    let old = String(repeating: "line\n", count: 20_000)
    try File.write(old.utf8, to: story.user.path("updates/hello/log"))
    _ = try story.user.run()
    #expect(Executable.eventually { log(story.user).hasSuffix(" 1.0 is up to date\n") })
    #expect(log(story.user).split(separator: "\n").count == 1)
    #expect(File.text(story.user.path("updates/hello/log.old")) == old)
  }
}
