import Foundation
import Testing

/// Which version the launcher picks, and how it is found.
struct LauncherEndToEndTests {
  @Test(arguments: ["app", "an app", "äpp – ünï", "it's \"quoted\" $HOME"])
  func findsItsFolderWhateverItIsCalled(name: String) throws {
    let app = try AppBuilder(in: name)
    try app.add("1.0")
    let outcome = try app.run("a", "", "b c")
    #expect(outcome.output == "1.0|a||b c\n")
    #expect(outcome.errors == "")
    #expect(outcome.ending == .exited(0))
  }

  @Test func isFoundThroughASymbolicLink() throws {
    let app = try AppBuilder()
    try app.add("1.0")
    let elsewhere = try TemporaryFolder()
    let link = elsewhere.path + "/greet"
    let linkToLink = elsewhere.path + "/again"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: app.launcher)
    try FileManager.default.createSymbolicLink(atPath: linkToLink, withDestinationPath: "greet")
    for path in [link, linkToLink] {
      #expect(try Command(path, ["x"]).run().output == "1.0|x\n")
    }
  }

  @Test(arguments: [
    ("hello", "PATH"), ("./hello", "its folder"), ("../app/hello", "beside"),
    ("app/hello", "above"),
  ])
  func isFoundByARelativePathAndOnThePath(word: String, from: String) throws {
    let app = try AppBuilder()
    try app.add("1.0")
    var command = Command("/bin/sh", ["-c", "\(word) x; cd /; \(app.launcher) y"])
    command.environment["PATH"] = "/usr/bin:/bin:\(app.root)"
    command.folder = from == "above" ? app.root + "/.." : from == "PATH" ? "/usr" : app.root
    let outcome = try command.run()
    #expect(outcome.output == "1.0|x\n1.0|y\n")
    #expect(outcome.errors == "")
  }

  @Test func takesTheNewestByVersionAndNotByText() throws {
    let app = try AppBuilder()
    for version in ["1.9", "1.10", "1.2", "1.10rc1"] { try app.add(version) }
    #expect(try app.run().output == "1.10|\n")
  }

  @Test func passesOverWhatIsNotOneOfItsVersions() throws {
    let app = try AppBuilder()
    try app.add("1.0")
    try app.add("9.0", platform: "windows-x86_64")
    try app.add("9.1", platform: "linux-m68k")
    try app.add("9.2", platform: "macos-arm64")
    let stranger = try AppBuilder("hello-world")
    try stranger.add("9.3")
    try FileManager.default.copyItem(
      atPath: stranger.version("9.3"), toPath: app.path("hello-world-9.3.\(AppBuilder.platform)"))
    // A link to a complete version is somebody else's doing, a file no version at all.
    try FileManager.default.createSymbolicLink(
      atPath: app.version("9.4"), withDestinationPath: app.version("1.0"))
    try File.write("".utf8, to: app.version("9.5"))
    try File.write("".utf8, to: app.path("hello-.\(AppBuilder.platform)/esky-bootstrap.txt"))
    let outcome = try app.run()
    #expect(outcome.output == "1.0|\n")
    #expect(outcome.errors == "")
  }

  @Test func takesAVersionForAnyPlatform() throws {
    let app = try AppBuilder()
    try app.add("1.0")
    try app.add("1.1", platform: "any")
    #expect(try app.run().output == "1.1|\n")
  }

  @Test func saysNothingOfAnIncompleteVersion() throws {
    let app = try AppBuilder()
    try app.add("1.0")
    unlink(try app.add("1.1") + "/esky-bootstrap.txt")
    let outcome = try app.run()
    #expect(outcome.output == "1.0|\n")
    #expect(outcome.errors == "")
  }

  /// A way to break version 1.1, and what the launcher says of it.
  struct Damage: CustomTestStringConvertible {
    let testDescription: String
    let remark: String
    let act: @Sendable (String) throws -> Void

    init(_ name: String, says remark: String, act: @escaping @Sendable (String) throws -> Void) {
      testDescription = name
      self.remark = remark
      self.act = act
    }

    static let all: [Damage] = [
      Damage("program missing", says: "is missing") { unlink($0 + "/hello") },
      Damage("program not executable", says: "Permission denied") { chmod($0 + "/hello", 0o644) },
      Damage("program a folder", says: "Permission denied") {
        unlink($0 + "/hello")
        mkdir($0 + "/hello", 0o755)
      },
      Damage("program for another processor", says: "is not for this kind of machine") {
        // Copied bytes of a real program; the two bytes at 18 say the processor: 4 is a 68000.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "/bin/true"))
        bytes[18] = 4
        bytes[19] = 0
        try Executable.write(bytes, to: $0 + "/hello")
      },
      Damage("interpreter missing", says: "the interpreter or loader that") {
        try Executable.write("#!/no/such/interpreter\n".utf8, to: $0 + "/hello")
      },
      Damage("program empty", says: "is not for this kind of machine") {
        try Executable.write("".utf8, to: $0 + "/hello")
      },
      Damage("control file cut short", says: "esky-bootstrap.txt is damaged") {
        truncate($0 + "/esky-bootstrap.txt", 30)
      },
      Damage("control file empty", says: "esky-bootstrap.txt is damaged") {
        truncate($0 + "/esky-bootstrap.txt", 0)
      },
      Damage("control file of zeros", says: "esky-bootstrap.txt is damaged") {
        try File.write(Data(count: 4096), to: $0 + "/esky-bootstrap.txt")
      },
      Damage("control file too large", says: "esky-bootstrap.txt is damaged") {
        try File.write(Data(count: 1 << 20), to: $0 + "/esky-bootstrap.txt")
      },
      Damage("control file of a later format", says: "esky-bootstrap.txt is damaged") {
        try File.write("esky-bootstrap 2\nend\n".utf8, to: $0 + "/esky-bootstrap.txt")
      },
      Damage("control file a folder", says: "esky-bootstrap.txt is damaged") {
        unlink($0 + "/esky-bootstrap.txt")
        mkdir($0 + "/esky-bootstrap.txt", 0o755)
      },
      Damage("control file a pipe", says: "esky-bootstrap.txt is damaged") {
        unlink($0 + "/esky-bootstrap.txt")
        mkfifo($0 + "/esky-bootstrap.txt", 0o644)
      },
      Damage("control file unreadable", says: "esky-bootstrap.txt: Permission denied") {
        chmod($0 + "/esky-bootstrap.txt", 0)
      },
      Damage("version directory closed", says: "esky-bootstrap.txt: Permission denied") {
        chmod($0, 0)
      },
    ]
  }

  @Test(arguments: Damage.all)
  func fallsBackWithOneLine(damage: Damage) throws {
    let app = try AppBuilder()
    try app.add("0.9")
    try app.add("1.0")
    try damage.act(try app.add("1.1"))
    let outcome = try Command(app.launcher, ["x"]).unprivileged().run()
    #expect(outcome.output == "1.0|x\n")
    #expect(outcome.ending == .exited(0))
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains("hello: version 1.1 can't start: "))
    #expect(outcome.errors.contains(damage.remark))
    #expect(outcome.errors.contains(app.version("1.1")))
  }

  @Test func saysWhereAndWhatAndHowToHelpWhenThereIsNothing() throws {
    let app = try AppBuilder()
    let outcome = try app.run()
    #expect(outcome.ending == .exited(127))
    #expect(outcome.output == "")
    #expect(
      outcome.errors
        == "hello: no version in \(app.root) can be started on \(AppBuilder.platform); "
        + "found none; unzip a release of hello elsewhere, and copy what its folder holds into this one\n"
    )
  }

  @Test func namesWhatItFoundWhenNothingStarts() throws {
    let app = try AppBuilder()
    unlink(try app.add("1.2") + "/esky-bootstrap.txt")
    unlink(try app.add("1.1") + "/hello")
    let outcome = try app.run()
    #expect(outcome.ending == .exited(127))
    #expect(
      outcome.errors.contains(
        "; found hello-1.2.\(AppBuilder.platform) (incomplete) hello-1.1.\(AppBuilder.platform); "))
    #expect(outcome.complaints.count == 2)
  }

  @Test func endsWith126WhenAVersionIsThereButMayNotRun() throws {
    let app = try AppBuilder()
    chmod(try app.add("1.1") + "/hello", 0o644)
    let outcome = try app.run()
    #expect(outcome.ending == .exited(126))
    #expect(outcome.complaints.count == 2)
  }

  @Test func endsWith126WhenItsFolderCannotBeListed() throws {
    let app = try AppBuilder()
    try app.add("1.0")
    chmod(app.root, 0o311)
    // To nobody the folder is somebody else's.
    if geteuid() == 0 { chmod(app.root, 0o711) }
    let outcome = try Command(app.launcher).unprivileged().run()
    #expect(outcome.ending == .exited(126))
    #expect(outcome.errors == "can't list \(app.root): Permission denied\n")
  }

  @Test func saysSoWhenItsNameIsNoAppsName() throws {
    let app = try AppBuilder()
    try FileManager.default.moveItem(atPath: app.launcher, toPath: app.path("hello (copy)"))
    let outcome = try Command(app.path("hello (copy)")).run()
    #expect(outcome.ending == .exited(126))
    #expect(outcome.errors.contains("it has been renamed"))
  }

  @Test(arguments: ["hello", "hello-tool", "bin/tool", "libexec/deep/er"])
  func startsTheProgramThatItsSlotNames(program: String) throws {
    let app = try AppBuilder()
    unlink(app.launcher)
    let programs = ["hello", "hello-tool", "bin/tool", "libexec/deep/er"]
    try app.add(
      "1.0", program: "#!/bin/sh\necho \"${0##*.\(AppBuilder.platform)/} $ESKY_LAUNCHER\"\n",
      programs: programs)
    for name in programs { try app.addLauncher(app: "hello", program: name) }
    let outcome = try Command(app.path(program)).run()
    #expect(outcome.output == "\(program) \(app.path(program))\n")
    #expect(outcome.errors == "")
  }
}
