import Foundation
import Testing

/// Updates that were cut short between their commit and the end of step 5.
struct LauncherUpdateEndToEndTests {
  /// An app folder with 1.0 installed, 1.1 committed, and some of 1.1's files not yet moved.
  private func interrupted(moved: [String] = [], left: [String]) throws -> AppBuilder {
    let app = try AppBuilder()
    try app.add("1.0")
    let version = try app.add("1.1")
    for name in moved { try File.write("new \(name)".utf8, to: app.path(name)) }
    for name in left {
      try File.write("new \(name)".utf8, to: version + "/esky-bootstrap/" + name)
    }
    mkdir(version + "/esky-bootstrap", 0o755)
    try File.write(
      "esky-replaces 1\nfile hello\nend\n".utf8, to: version + "/esky-replaces.txt")
    return app
  }

  @Test func finishesFromEveryPointACrashCanLeave() throws {
    let files = ["a", "bin/b", "bin/deep/c", "d"]
    // Every subset: whichever files were moved before the crash, in whatever order.
    for subset in 0..<(1 << files.count) {
      let left = files.indices.filter { subset & 1 << $0 != 0 }.map { files[$0] }
      let app = try interrupted(moved: files.filter { !left.contains($0) }, left: left)
      try File.write("mine".utf8, to: app.path("notes.txt"))
      try File.write("mine".utf8, to: app.path("bin/mine"))
      let outcome = try app.run()
      #expect(outcome.output == "1.1|\n")
      #expect(outcome.errors == "")
      for name in files { #expect(File.text(app.path(name)) == "new \(name)") }
      #expect(!File.exists(app.version("1.1") + "/esky-bootstrap"))
      #expect(File.text(app.path("notes.txt")) == "mine")
      #expect(File.text(app.path("bin/mine")) == "mine")
    }
  }

  @Test func finishesAfterACrashBetweenTheFilesAndTheirEmptyFolders() throws {
    let app = try interrupted(left: [])
    let folder = app.version("1.1") + "/esky-bootstrap/bin/deep"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(try app.run().output == "1.1|\n")
    #expect(!File.exists(app.version("1.1") + "/esky-bootstrap"))
  }

  @Test func handsOverToANewLauncher() throws {
    let app = try interrupted(left: ["a"])
    try Executable.write(
      "#!/bin/sh\necho \"new launcher|$*|$ESKY_ROOT\"\n".utf8,
      to: app.version("1.1") + "/esky-bootstrap/hello")
    for _ in 1...2 {
      let outcome = try app.run("x", "y")
      #expect(outcome.output == "new launcher|x y|\n")
      #expect(outcome.errors == "")
    }
    #expect(File.text(app.path("a")) == "new a")
  }

  @Test func goesOnWhenTheNewLauncherDoesNotStart() throws {
    let app = try interrupted(left: [])
    try File.write("".utf8, to: app.version("1.1") + "/esky-bootstrap/hello")
    let outcome = try app.run("x")
    #expect(outcome.output == "1.1|x\n")
  }

  @Test func handsOverOnlyToItsOwnProgram() throws {
    let app = try interrupted(left: [])
    try Executable.write(
      "#!/bin/sh\necho wrong\n".utf8, to: app.version("1.1") + "/esky-bootstrap/bin/hello")
    #expect(try app.run().output == "1.1|\n")
  }

  @Test func finishesOnlyTheNewestCompleteVersion() throws {
    let app = try interrupted(left: ["a"])
    try File.write("old".utf8, to: app.version("1.0") + "/esky-bootstrap/a")
    try File.write("incomplete".utf8, to: app.version("1.2") + "/esky-bootstrap/a")
    #expect(try app.run().output == "1.1|\n")
    #expect(File.text(app.path("a")) == "new a")
    #expect(File.text(app.version("1.0") + "/esky-bootstrap/a") == "old")
    #expect(File.text(app.version("1.2") + "/esky-bootstrap/a") == "incomplete")
  }

  @Test func startsInAFolderItMayNotWriteAndChangesNothing() throws {
    let app = try interrupted(left: ["a", "bin/b"])
    try app.settings("update-url file:///nowhere\ncheck on-start", of: "1.1")
    try Executable.write(
      "#!/bin/sh\ntouch /tmp/never\n".utf8, to: app.version("1.1") + "/esky-files/esky")
    _ = try Command("/bin/chmod", ["-R", "a-w", app.root]).run()
    let before = try File.snapshot(app.root)
    let outcome = try Command(app.launcher, ["x"]).unprivileged().run()
    #expect(outcome.output == "1.1|x\n")
    #expect(outcome.errors == "")
    #expect(try File.snapshot(app.root) == before)
  }

  @Test func movesTheOthersWhenAFolderStandsInTheWayOfOne() throws {
    let app = try interrupted(left: ["a", "b", "c"])
    try File.write("mine".utf8, to: app.path("b/mine"))
    let outcome = try app.run()
    #expect(outcome.output == "1.1|\n")
    #expect(File.text(app.path("a")) == "new a")
    #expect(File.text(app.path("c")) == "new c")
    #expect(File.text(app.path("b/mine")) == "mine")
    #expect(File.text(app.version("1.1") + "/esky-bootstrap/b") == "new b")
  }

  @Test func isFinishedByManyAtOnce() throws {
    for _ in 1...10 {
      let files = (1...20).map { "folder-\($0 % 4)/file-\($0)" }
      let app = try interrupted(left: files)
      let running = try (1...8).map { _ in try Command(app.launcher).start() }
      for process in running {
        let outcome = try process.finish()
        #expect(outcome.output == "1.1|\n")
        #expect(outcome.errors == "")
      }
      for name in files { #expect(File.text(app.path(name)) == "new \(name)") }
      #expect(!File.exists(app.version("1.1") + "/esky-bootstrap"))
    }
  }
}
