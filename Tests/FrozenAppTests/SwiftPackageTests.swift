import Foundation
import LoopbackServer
import TestKit
import Testing

/// A Swift app that depends on a release of this package updates itself through its library.
@Suite struct SwiftPackageTests {
  let app: SwiftApp

  init() throws { app = try SwiftApp.shared.get() }

  @Test(arguments: ["sync", "async"])
  func updatesAndRestartsInTheSameProcess(way: String) throws {
    let root = try app.packager.unzip("1.0")
    try root.write("mine", to: "notes.txt")
    let outcome = try app.run(root, way, "two words")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("version") == ["1.0", "2.0"])
    #expect(outcome.values("running") == ["1.0", "2.0"])
    #expect(outcome.values("pid") == ["\(outcome.pid)", "\(outcome.pid)"])
    #expect(outcome.values("argv") == ["\(way) two words", "\(way) two words"])
    let none = "SigBlk:\t0000000000000000"
    #expect(outcome.values("blocked") == [none, none], "restart leaves no signal blocked")
    #expect(outcome.values("check") == ["2.0"])
    #expect(outcome.values("installed") == ["2.0"])
    outcome.expectWholeProgress()
    #expect(outcome.values("left") == [#"["2.0"]"#], "\(outcome)")
    #expect(try root.names(in: ".").contains("notes.txt"))
    #expect(!root.holds("1.0"))
    #expect(outcome.values("error").isEmpty)
  }

  @Test func cancellingTheTaskCancelsTheUpdate() throws {
    let root = try app.packager.unzip("1.0")
    let outcome = try app.run(root, "cancel")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("cancelled") == ["true"], "\(outcome)")
    #expect(outcome.values("current") == ["1.0"])
    #expect(!root.holds("2.0"))
  }

  @Test func runsUnbundled() throws {
    let outcome = try Program(app.program).run()
    #expect(outcome.values("version") == ["none"])
    #expect(outcome.values("error").first?.hasPrefix("failed ") == true, "\(outcome)")
  }
}

/// The Swift package of the fixtures: built once, published in two versions, served.
final class SwiftApp: Sendable {
  static let shared = Result { try SwiftApp() }

  let packager: Packager
  let server: LoopbackServer
  /// The program as it was built, in no app folder.
  let program: String
  /// The sample of README.md.
  let sample: String

  init() throws {
    packager = try Packager("swift")
    server = try LoopbackServer(folder: packager.repository)
    let built = try Self.build(packager.project)
    program = built + "/hello"
    sample = built + "/sample"
    for version in ["1.0", "2.0"] {
      try packager.project.write(version, to: "dist/version.txt")
      let path = packager.project.path("dist/hello")
      if !FileManager.default.fileExists(atPath: path) {
        try FileManager.default.copyItem(atPath: program, toPath: path)
      }
      try packager.release("dist", version: version, url: server.url)
    }
  }

  deinit { server.stop() }

  func run(_ root: Scratch, _ arguments: String...) throws -> Outcome {
    var program = Program(root.launcher)
    program.arguments = arguments
    return try program.run()
  }

  /// Builds the app with the commit that is checked out as release 1.0.0 of this package.
  ///
  /// - Returns: the folder of the programs.
  private static func build(_ project: Scratch) throws -> String {
    let mirror = project.path("esky.git")
    func git(_ arguments: String...) throws {
      try Program.tool("/usr/bin/env", ["git"] + arguments, in: Checkout.path).succeed()
    }
    try git("clone", "--quiet", "--bare", Checkout.path, mirror)
    try git("--git-dir", mirror, "tag", "1.0.0", "HEAD")

    let fixture = Checkout.fixture("package")
    let manifest = try String(contentsOfFile: fixture + "/Package.swift.txt", encoding: .utf8)
    try project.write(
      manifest.replacingOccurrences(of: "@URL@", with: "file://" + mirror),
      to: "package/Package.swift")
    try FileManager.default.copyItem(
      atPath: fixture + "/Sources", toPath: project.path("package/Sources"))
    try project.write(try Sample.text(.swift), to: "package/Sample/main.swift")
    let build = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
    try Program.tool("/usr/bin/env", build, in: project.path("package")).succeed(seconds: 400)
    return project.path("package/.build/release")
  }
}
