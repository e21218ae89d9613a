import Foundation
import LoopbackServer
import Testing

/// The samples of README.md do what it says, and never take an app down.
@Suite struct ReadmeSampleTests {
  typealias Language = Sample.Language

  @Test(arguments: Language.allCases)
  func updatesRestartsAndCleansUp(language: Language) throws {
    let sample = try Sample.of(language)
    let root = try sample.packager.unzip("1.0")
    let outcome = try Program(root.launcher).run()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output == "hello\n", "one start, of the new version alone")
    #expect(root.holds("2.0"))
    #expect(!root.holds("1.0"), "the new version runs, and has cleaned up")
    let next = try Program(root.launcher).run()
    #expect(next.output == "hello\n")
    #expect(next.errors.trimmingCharacters(in: .newlines) == "", "\(next)")
  }

  /// What may be wrong where an app starts.
  enum Trouble: String, CaseIterable {
    case unbundled, switchedOff, offline, silent, loginPage, refused, locked, damaged, noLibrary
  }

  @Test(arguments: Language.allCases, Trouble.allCases)
  func startsAllTheSame(language: Language, trouble: Trouble) throws {
    let sample = try Sample.of(language)
    let root = try sample.packager.unzip("1.0")
    var program = Program(root.launcher)
    var server: LoopbackServer?
    var descriptor: CInt = -1
    defer {
      server?.stop()
      if descriptor >= 0 { close(descriptor) }
    }
    func answer(_ response: LoopbackServer.Response) throws {
      let made = try LoopbackServer { _ in response }
      try root.pointUpdates(of: "1.0", from: sample.server.url, to: made.url)
      server = made
    }
    switch trouble {
    case .unbundled: program = Program(sample.program)
    case .switchedOff: program.environment["ESKY_UPDATES"] = "off"
    case .offline:
      try answer(.close)
      server?.stop()
    case .silent: try answer(.close)
    case .loginPage:
      try answer(.body(Array("<html>".utf8), headers: ["Content-Type": "text/html"]))
    case .refused: try answer(.body(Array("garbage".utf8)))
    case .locked:
      descriptor = try root.holdUpdateLock()
    case .damaged:
      try root.write("nonsense", to: Packager.directory("1.0") + "/esky-files/settings.txt")
    case .noLibrary:
      try root.write("nonsense", to: Packager.directory("1.0") + "/esky-files/libesky.so")
    }
    let outcome = try program.run()
    if language == .swift && trouble == .noLibrary {
      // It has the library inside.
      #expect(root.holds("2.0"))
    } else {
      #expect(!root.holds("2.0"))
    }
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasSuffix("hello\n"), "\(outcome)")
    #expect(!outcome.errors.contains("Traceback"), "\(outcome)")
  }

  /// keep_fresh() answers with the reason, and its logger hears it.
  @Test(
    arguments: [
      (Trouble.unbundled, "NotAnEsky", ""), (.switchedOff, "SwitchedOff", "INFO"),
      (.offline, "Offline", "INFO"), (.refused, "Refused", "WARNING"), (.locked, "Locked", "INFO"),
    ])
  func answersWithTheReason(trouble: Trouble, problem: String, level: String) throws {
    let sample = try Sample.of(.python)
    let root = try sample.packager.unzip("1.0")
    let directory = Packager.directory("1.0")
    try root.write(
      """
      #!/usr/bin/env python3
      import logging, sys
      import esky
      logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")
      outcome = esky.keep_fresh(restart=True)
      print("outcome", bool(outcome), outcome.installed, type(outcome.problem).__name__)
      """, to: directory + "/hello")
    try root.makeProgram(directory + "/hello")
    var program = Program(root.launcher)
    var descriptor: CInt = -1
    defer { if descriptor >= 0 { close(descriptor) } }
    let server = try LoopbackServer { _ in .body(Array("garbage".utf8)) }
    defer { server.stop() }
    switch trouble {
    case .unbundled: program = Program(root.path(directory + "/hello"))
    case .switchedOff: program.environment["ESKY_UPDATES"] = "off"
    case .offline:
      try root.pointUpdates(of: "1.0", from: sample.server.url, to: "http://127.0.0.1:1")
    case .locked:
      descriptor = try root.holdUpdateLock()
    default: try root.pointUpdates(of: "1.0", from: sample.server.url, to: server.url)
    }
    let outcome = try program.run()
    #expect(outcome.values("outcome") == ["False None \(problem)"], "\(outcome)")
    if !level.isEmpty { #expect(outcome.values(level + " esky").count >= 1, "\(outcome)") }
    #expect(outcome.errors == "")
  }

  /// An app's own mistake in its progress function costs it the update, not the start.
  @Test func survivesItsProgressFunction() throws {
    let sample = try Sample.of(.python)
    let root = try sample.packager.unzip("1.0")
    let directory = Packager.directory("1.0")
    try root.write(
      """
      #!/usr/bin/env python3
      import esky
      outcome = esky.keep_fresh(progress=lambda phase, done, total: 1 / 0)
      print("outcome", outcome.installed, type(outcome.problem).__name__)
      """, to: directory + "/hello")
    try root.makeProgram(directory + "/hello")
    let outcome = try Program(root.launcher).run()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("outcome") == ["None ZeroDivisionError"])
    #expect(outcome.errors.contains("the update broke off"))
    #expect(!root.holds("2.0"))
  }
}
