import Foundation
import Testing

/// The finder in the background: started when it is due, and forgotten.
struct LauncherCheckEndToEndTests {
  /// An app whose finder notes what it sees in `found`.
  private func app(check: String, finder: String = Self.finder) throws -> AppBuilder {
    let app = try AppBuilder()
    try app.add("1.0")
    try app.settings("update-url https://example.com/hello\ncheck \(check)", of: "1.0")
    try Executable.write(finder.utf8, to: app.version("1.0") + "/esky-files/esky")
    return app
  }

  // The pause lets the process between launcher and finder end.
  private static let finder = """
    #!/bin/sh
    root="$2"
    streams=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)
    sleep 0.1
    {
      echo "$*"
      pwd
      cut -d ' ' -f 4 /proc/$$/stat
      echo $$ $(cut -d ' ' -f 6 /proc/$$/stat)
      echo "$streams"
      ls /proc/$$/fd
    } > "$root/found.new" 2>&1
    mv "$root/found.new" "$root/found"

    """

  /// Waits for the finder's note, or long enough to believe that there will be none.
  private func wasStarted(_ app: AppBuilder, isExpected: Bool = true) -> Bool {
    Executable.eventually(seconds: isExpected ? 60 : 0.4) { File.exists(app.path("found")) }
  }

  @Test func isDetachedFromTheApp() throws {
    let app = try app(check: "on-start")
    // Something open that is not the finder's business: its reader would wait for the finder.
    let outcome = try Command("/bin/sh", ["-c", "exec 7</dev/null; exec \(app.launcher) x"]).run()
    #expect(outcome.output == "1.0|x\n")
    #expect(outcome.errors == "")
    #expect(wasStarted(app))
    let lines = (File.text(app.path("found")) ?? "").split(separator: "\n").map(String.init)
    try #require(lines.count > 7)
    #expect(lines[0] == "--root \(app.root) background")
    #expect(lines[1] == "/")
    #expect(lines[2] != "\(outcome.pid)")
    let numbers = lines[3].split(separator: " ")
    #expect(numbers[0] == numbers[1], "not the leader of its session")
    #expect(lines[4...6].allSatisfy { $0 == "/dev/null" })
    // From 10 on are those that dash opens for itself: the script, and what it put aside.
    #expect(lines[7...].allSatisfy { $0.count > 1 || "012".contains($0) })
  }

  /// How long ago the finder was started, and whether it is due.
  @Test(arguments: [
    ("never", "8 days ago", false), ("never", nil, false), ("on-start", "now", true),
    ("daily", nil, true), ("daily", "23 hours ago", false), ("daily", "25 hours ago", true),
    ("daily", "tomorrow", true), ("weekly", "6 days ago", false), ("weekly", "8 days ago", true),
    ("hourly", nil, false),
  ])
  func isStartedAtMostAsOftenAsTheSettingsSay(check: String, last: String?, isDue: Bool) throws {
    let app = try app(check: check)
    if let last {
      mkdir(app.path("updates"), 0o755)
      mkdir(app.path("updates/hello"), 0o755)
      let stamp = app.path("updates/hello/last-check")
      #expect(try Command("/usr/bin/touch", ["-d", last, stamp]).run().ending == .exited(0))
    }
    #expect(try app.run().output == "1.0|\n")
    #expect(wasStarted(app, isExpected: isDue) == isDue)
    unlink(app.path("found"))
    #expect(try app.run().output == "1.0|\n")
    let isDueAgain = check == "on-start"
    #expect(wasStarted(app, isExpected: isDueAgain) == isDueAgain)
  }

  @Test func isNotStartedWithoutAPlaceToLookForUpdates() throws {
    let app = try app(check: "on-start")
    try app.settings("check on-start", of: "1.0")
    #expect(try app.run().output == "1.0|\n")
    #expect(!wasStarted(app, isExpected: false))
    #expect(!File.exists(app.path("updates")))
  }

  @Test(arguments: ["missing", "damaged", "folder"])
  func isNotStartedWithoutSettings(damage: String) throws {
    let app = try app(check: "on-start")
    let settings = app.version("1.0") + "/esky-files/settings.txt"
    switch damage {
    case "damaged": truncate(settings, 40)
    case "folder":
      unlink(settings)
      mkdir(settings, 0o755)
    default: unlink(settings)
    }
    let outcome = try app.run()
    #expect(outcome.output == "1.0|\n")
    #expect(outcome.errors == "")
    #expect(!wasStarted(app, isExpected: false))
  }

  @Test(arguments: ["missing", "not executable"])
  func doesWithoutAFinderThatDoesNotStart(damage: String) throws {
    let app = try app(check: "on-start")
    let finder = app.version("1.0") + "/esky-files/esky"
    if damage == "missing" { unlink(finder) } else { chmod(finder, 0o644) }
    let outcome = try app.run()
    #expect(outcome.output == "1.0|\n")
    #expect(outcome.errors == "")
  }

  @Test func doesNotDelayTheAppWhenItHangs() throws {
    let finder =
      "#!/bin/sh\necho $$ > \"$2/found.new\"\nmv \"$2/found.new\" \"$2/found\"\nexec sleep 600\n"
    let app = try app(check: "on-start", finder: finder)
    // A shell that reads what the app prints goes on when the app has ended.
    let outcome = try Command(
      "/bin/sh", ["-c", "text=$(\(app.launcher) 2>&1); echo \"got $text\""]
    ).run(seconds: 120)
    #expect(outcome.output == "got 1.0|\n")
    #expect(wasStarted(app))
    let pid = try #require(pid_t((File.text(app.path("found")) ?? "").dropLast()))
    #expect(kill(pid, SIGKILL) == 0)
  }

  @Test func isThatOfTheVersionThatRuns() throws {
    let app = try app(check: "on-start")
    unlink(try app.add("1.1") + "/esky-bootstrap.txt")
    #expect(try app.run().output == "1.0|\n")
    #expect(wasStarted(app))
  }
}
