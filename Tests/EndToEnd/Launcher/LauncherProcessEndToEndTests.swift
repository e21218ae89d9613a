import Foundation
import Testing

/// What an app finds when it was started by the launcher: what it would find without one.
struct LauncherProcessEndToEndTests {
  @Test func passesArgumentsOnWithTheNameItWasCalledBy() throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/bin/cat")
    var command = Command(app.launcher, ["/proc/self/cmdline"])
    for name in ["hello", "", "a name\nof two lines", "-sh"] {
      command.name = name
      #expect(try command.run().output == "\(name)\0/proc/self/cmdline\0")
    }
  }

  @Test func startsInTheFolderItWasCalledFrom() throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/usr/bin/readlink")
    let elsewhere = try TemporaryFolder("some where")
    var command = Command(app.launcher, ["/proc/self/cwd"])
    command.folder = elsewhere.path
    #expect(try command.run().output == elsewhere.path + "\n")
  }

  @Test func staysTheSameProcess() throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/bin/cat")
    let outcome = try app.run("/proc/self/stat")
    #expect(outcome.output.hasPrefix("\(outcome.pid) "))
  }

  @Test(arguments: [
    [:], ["A": "1", "B": "", "ESKY_UPDATES": "off", "ESKY_ROOTED": "x", "LANG": "de_DE.UTF-8"],
    [
      "ESKY_ROOT": "/other", "ESKY_VERSION": "0", "ESKY_LAUNCHER": "/other/app", "ESKY_FINDER": "f",
    ],
  ])
  func addsFiveVariablesAndChangesNoOther(inherited: [String: String]) throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/bin/cat")
    var command = Command(app.launcher, ["/proc/self/environ"])
    command.environment = inherited
    var expected = inherited
    expected["ESKY_ROOT"] = app.root
    expected["ESKY_VERSION"] = "1.0"
    expected["ESKY_LAUNCHER"] = app.launcher
    expected["ESKY_FINDER"] = app.version("1.0") + "/esky-files/esky"
    expected["ESKY_LIBRARY"] = app.version("1.0") + "/esky-files/libesky.so"
    let outcome = try command.run()
    let found = outcome.output.split(separator: "\0").map(String.init).sorted()
    #expect(found == expected.map { "\($0.key)=\($0.value)" }.sorted(), "\(outcome)")
  }

  @Test func namesTheVersionThatRunsAndNotOneThatDidNotStart() throws {
    let app = try AppBuilder()
    try app.add("1.0", program: "#!/bin/sh\necho $ESKY_VERSION $ESKY_FINDER\n")
    unlink(try app.add("1.1") + "/hello")
    #expect(try app.run().output == "1.0 \(app.version("1.0"))/esky-files/esky\n")
  }

  @Test func opensOneFileMoreForTheAppAndNoOther() throws {
    let app = try AppBuilder()
    let version = try app.add("1.0", copyOf: "/bin/ls")
    try app.settings("check never", of: "1.0")
    let words = ["-l", "/proc/self/fd/"]
    let names = { (outcome: Outcome) in
      outcome.output.split(separator: "\n").compactMap { $0.split(separator: " ").last }
        .filter { !$0.contains("/proc/") && !$0.contains("esky-capture") }
    }
    let direct = names(try Command("/bin/ls", words).run())
    let launched = names(try Command(app.launcher, words).run())
    #expect(launched.count == direct.count + 1)
    #expect(launched.contains("\(version)/esky-bootstrap.txt"))
  }

  /// Scripts use low numbers as they like, and some a hundred or two.
  @Test func keepsItsLockOutOfTheWayOfTheAppsDescriptors() throws {
    let program = """
      #!/bin/bash
      exec 3</dev/null 4>&1 9</dev/null 100</dev/null 200</dev/null
      echo on
      sleep 60

      """
    let app = try AppBuilder()
    let version = try app.add("1.0", program: program)
    let running = try Command(app.launcher).start()
    #expect(Executable.eventually(seconds: 60) { running.output == "on\n" })
    #expect(try !RecordLock.isFree(.exclusive, version + "/esky-bootstrap.txt"))
  }

  @Test func leavesStandardInputToTheApp() throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/bin/cat")
    let input = app.path("input")
    try File.write("some text\n".utf8, to: input)
    var command = Command(app.launcher)
    command.input = .file(input)
    #expect(try command.run().output == "some text\n")
  }

  @Test(arguments: ["<&-", "2>&-", "<&- 2>&-", "<&- 3<&- 4<&-"])
  func keepsClosedWhatWasClosed(redirections: String) throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/usr/bin/readlink")
    try app.settings("check never", of: "1.0")
    let closed = redirections.contains("<") ? (redirections.contains("2") ? [0, 2] : [0]) : [2]
    for number in closed {
      let outcome = try Command(
        "/bin/sh", ["-c", "exec \(app.launcher) /proc/self/fd/\(number) \(redirections)"]
      ).run()
      #expect(outcome.output == "", "\(number) is open: \(outcome.output)")
      #expect(outcome.ending == .exited(1))
    }
  }

  @Test func leavesSignalsAsTheyWere() throws {
    let app = try AppBuilder()
    try app.add("1.0", copyOf: "/bin/cat")
    let settings = ["--ignore-signal=INT", "--ignore-signal=HUP", "--block-signal=USR1"]
    let mask = { (program: String) in
      try Command("/usr/bin/env", settings + [program, "/proc/self/status"]).run()
        .output.split(separator: "\n").filter { $0.hasPrefix("Sig") && !$0.hasPrefix("SigQ") }
    }
    let launched = try mask(app.launcher)
    #expect(launched == (try mask("/bin/cat")))
    #expect(launched.contains { $0.hasPrefix("SigIgn:\t") && $0.hasSuffix("3") })
  }

  @Test(arguments: [0, 1, 3, 126, 127, 255])
  func endsAsTheAppEnds(status: CInt) throws {
    let app = try AppBuilder()
    try app.add("1.0", program: "#!/bin/sh\nexit \(status)\n")
    let outcome = try app.run()
    #expect(outcome.ending == .exited(status))
    #expect(outcome.errors == "")
  }

  @Test(arguments: [SIGTERM, SIGSEGV, SIGKILL])
  func diesAsTheAppDies(signal: CInt) throws {
    let app = try AppBuilder()
    try app.add("1.0", program: "#!/bin/sh\nulimit -c 0\nkill -\(signal) $$\n")
    #expect(try app.run().ending == .killed(signal))
  }

  /// True when a version's lock can be had at once.
  private func isFree(_ version: String, _ kind: RecordLock.Kind) throws -> Bool {
    try RecordLock.isFree(kind, version + "/esky-bootstrap.txt")
  }

  @Test func holdsASharedLockWhileTheAppRuns() throws {
    let app = try AppBuilder()
    let version = try app.add("1.0", program: "#!/bin/sh\necho on\nexec sleep 60\n")
    let first = try Command(app.launcher).start()
    let second = try Command(app.launcher).start()
    for running in [first, second] {
      #expect(Executable.eventually { running.output == "on\n" })
    }
    #expect(try !isFree(version, .exclusive))
    #expect(try isFree(version, .shared))
    kill(first.pid, SIGKILL)
    #expect(try first.finish().ending == .killed(SIGKILL))
    #expect(try !isFree(version, .exclusive))
    kill(second.pid, SIGTERM)
    #expect(try second.finish().ending == .killed(SIGTERM))
    #expect(try isFree(version, .exclusive))
  }

  @Test func holdsTheLockForTheAppsChildren() throws {
    let app = try AppBuilder()
    let version = try app.add("1.0", program: "#!/bin/sh\nsleep 60 &\necho $!\n")
    let outcome = try app.run()
    let child = try #require(pid_t(outcome.output.dropLast()))
    #expect(try !isFree(version, .exclusive))
    kill(child, SIGKILL)
    #expect(Executable.eventually { (try? isFree(version, .exclusive)) == true })
  }

  @Test func takesAnOlderVersionWhileTheNewestIsBeingRemoved() throws {
    let app = try AppBuilder()
    try app.add("1.0")
    let version = try app.add("1.1")
    let outcome = try RecordLock.command(
      .exclusive, version + "/esky-bootstrap.txt", [app.launcher, "x"]
    ).run(seconds: 5)
    #expect(outcome.output == "1.0|x\n")
    #expect(outcome.errors == "")
  }

  /// Whoever may only read an installation can take what locks he likes: nobody's app starts another version for it.
  @Test(arguments: ["-x", "-s"])
  func takesTheNewestWhateverLockAReaderHolds(kind: String) throws {
    let app = try AppBuilder()
    try app.add("1.0")
    let version = try app.add("1.1")
    let list = version + "/esky-bootstrap.txt"
    let outcome = try Command("/usr/bin/flock", [kind, list, app.launcher, "x"]).run(seconds: 5)
    #expect(outcome.output == "1.1|x\n")
    #expect(outcome.errors == "")
    // An exclusive one of the kind that counts takes the right to write.
    let refused = RecordLock.command(.exclusive, list, [app.launcher, "x"], isWritable: false)
    #expect(try refused.run().ending == .exited(99))
    let shared = RecordLock.command(.shared, list, [app.launcher, "x"], isWritable: false)
    #expect(try shared.run().output == "1.1|x\n")
  }
}
