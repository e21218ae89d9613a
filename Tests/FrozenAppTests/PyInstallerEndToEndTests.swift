import Foundation
import LoopbackServer
import TestKit
import Testing

/// A frozen Python app updates itself through esky.py, libesky.so and the launcher that ship.
@Suite struct PyInstallerEndToEndTests {
  let frozen: FrozenPython

  init() throws { frozen = try FrozenPython.onedir.get() }

  @Test func updatesAndRestartsInTheSameProcess() throws {
    let root = try frozen.packager.unzip("1.0")
    try root.write("mine", to: "notes.txt")
    let before = ["LD_LIBRARY_PATH": "/opt/mine"]
    let outcome = try frozen.run(root, "upgrade", "two words", "*", environment: before)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.isEmpty)

    #expect(outcome.values("version") == ["1.0", "2.0"])
    #expect(outcome.values("running") == ["1.0", "2.0"])
    #expect(outcome.values("current") == ["1.0", "2.0", "2.0"])
    #expect(outcome.values("versions") == ["1.0", "2.0 1.0"])
    #expect(outcome.values("root") == [root.path, root.path])
    #expect(outcome.values("launcher") == [root.launcher, root.launcher])
    #expect(outcome.values("argv") == ["upgrade two words *", "upgrade two words *"])
    #expect(outcome.values("check") == ["2.0"])
    #expect(outcome.values("installed") == ["2.0"])
    #expect(outcome.values("pid") == ["\(outcome.pid)", "\(outcome.pid)"])
    outcome.expectWholeProgress()

    #expect(outcome.values("needs-cleanup") == ["True", "False"])
    #expect(outcome.values("left") == ["2.0"])
    #expect(outcome.values("still") == ["2.0"])
    #expect(try root.names(in: ".").contains("notes.txt"))
    #expect(!root.holds("1.0"))
    expectNothingOfTheOldVersion(outcome)
    #expect(outcome.values("environment").contains("LD_LIBRARY_PATH_ORIG=/opt/mine"))

    let next = try frozen.run(root, "update")
    #expect(next.values("version") == ["2.0"])
    #expect(next.values("installed") == ["None"])
  }

  @Test func removesTheOldVersionOfAOneFileAppAtTheNextStart() throws {
    let frozen = try FrozenPython.onefile.get()
    let root = try frozen.packager.unzip("1.0")
    let outcome = try frozen.run(root, "upgrade")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("version") == ["1.0", "2.0"])
    expectNothingOfTheOldVersion(outcome)
    // The process that unpacked 1.0 waits for the app, and holds its version.
    #expect(outcome.values("left") == ["2.0 1.0"])
    let next = try frozen.run(root, "upgrade")
    #expect(next.values("left") == ["2.0"])
    #expect(!root.holds("1.0"))
  }

  @Test func runsUnbundled() throws {
    let plain = frozen.packager.project.path("dist/hello/hello")
    let outcome = try Program(plain).run()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("error").first?.hasPrefix("NotAnEsky ") == true)
  }

  @Test func isNoEskyForAProgramThatABundledAppStarts() throws {
    let root = try frozen.packager.unzip("1.0")
    var program = Program(frozen.packager.project.path("dist/hello/hello"))
    program.environment["ESKY_ROOT"] = root.path
    program.environment["ESKY_VERSION"] = "1.0"
    program.environment["ESKY_LIBRARY"] = try Checkout.product("runtime/libesky.so")
    #expect(try program.run().values("error").first?.hasPrefix("NotAnEsky ") == true)
  }

  @Test func refusesATamperedArchiveAndGoesOn() throws {
    let repository = frozen.packager.repository
    let server = try LoopbackServer { request in
      guard request.path.hasSuffix(".zip") else { return .folder(repository) }
      let path = repository + request.path
      guard var bytes = FileManager.default.contents(atPath: path) else { return .close }
      bytes[bytes.count / 2] ^= 1
      return .resource(Array(bytes))
    }
    defer { server.stop() }
    try expectError("Refused 21", from: server.url)
  }

  @Test func goesOnOffline() throws {
    let server = try LoopbackServer(folder: frozen.packager.repository)
    server.stop()
    try expectError("Offline 20", from: server.url)
  }

  @Test func goesOnWhereUpdatesAreSwitchedOff() throws {
    try expectError("SwitchedOff 23", environment: ["ESKY_UPDATES": "off"])
  }

  @Test func goesOnWhileAnotherProcessUpdates() throws {
    let root = try frozen.packager.unzip("1.0")
    let descriptor = try root.holdUpdateLock()
    defer { close(descriptor) }
    try expectError("Locked 22", in: root)
  }

  @Test(arguments: ["checking", "downloading", "unpacking", "installing"])
  func isCancelledByItsProgressFunction(phase: String) throws {
    let root = try frozen.packager.unzip("1.0")
    try expectError("Cancelled 24", in: root, "cancel", phase)
    let next = try frozen.run(root, "update")
    #expect(next.values("installed") == ["2.0"], "what was cancelled can be done later: \(next)")
  }

  @Test func raisesWhatItsProgressFunctionRaised() throws {
    try expectError("ZeroDivisionError - on purpose", "fail")
  }

  @Test func refusesCallsFromItsProgressFunction() throws {
    try expectError("RuntimeError - this handle is in use", "reenter")
  }

  @Test func goesOnAsItWasWhenTheLauncherCannotBeStarted() throws {
    let root = try frozen.packager.unzip("1.0")
    let outcome = try frozen.run(
      root, "launch", environment: ["LD_LIBRARY_PATH": "/opt/mine", "TCL_LIBRARY": root.path])
    #expect(outcome.values("error").first?.hasPrefix("Failed 1 can't start /nowhere/hello") == true)
    #expect(outcome.values("unchanged") == ["True"])
    #expect(outcome.values("still") == ["1.0"])
  }

  private func expectError(
    _ error: String, in given: Scratch? = nil, from url: String? = nil, _ arguments: String...,
    environment: [String: String] = [:]
  ) throws {
    let root = try given ?? frozen.packager.unzip("1.0")
    if let url { try root.pointUpdates(of: "1.0", from: frozen.server.url, to: url) }
    var program = Program(root.launcher)
    program.arguments = arguments.isEmpty ? ["update"] : arguments
    program.environment.merge(environment) { $1 }
    let outcome = try program.run()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("error").first?.hasPrefix(error) == true, "\(outcome)")
    #expect(outcome.values("still") == ["1.0"])
    #expect(!root.holds("2.0"))
  }

  private func expectNothingOfTheOldVersion(_ outcome: Outcome) {
    let variables = outcome.values("environment")
    #expect(!variables.contains { $0.contains(Packager.directory("1.0")) }, "\(variables)")
    #expect(!variables.contains { $0.hasPrefix("TCL_LIBRARY=") }, "\(variables)")
    #expect(variables.contains("XDG_DATA_DIRS=/usr/share"))
    #expect(variables.contains { $0.hasPrefix("LD_LIBRARY_PATH=") })
  }
}
