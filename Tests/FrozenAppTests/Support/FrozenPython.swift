import Foundation
import LoopbackServer
import TestKit

/// A Python app, frozen by PyInstaller in two versions, published and served.
final class FrozenPython: Sendable {
  enum Kind: String { case onedir, onefile }

  /// What is frozen with; the environment for it is kept between runs.
  private static let pin = "pyinstaller==6.22.3"

  let packager: Packager
  let server: LoopbackServer

  /// Freezing takes most of the time, so every test uses the same; the one app folder is its own.
  static let onedir = Result { try FrozenPython(.onedir) }
  static let onefile = Result { try FrozenPython(.onefile) }

  init(_ kind: Kind) throws {
    packager = try Packager("pyinstaller")
    server = try LoopbackServer(folder: packager.repository)
    let tool = try Self.environment.get() + "/bin/pyinstaller"
    let project = packager.project
    try FileManager.default.copyItem(
      atPath: Checkout.fixture("app.py"), toPath: project.path("app.py"))
    try FileManager.default.copyItem(
      atPath: Checkout.path + "/Sources/Programs/Python/esky.py", toPath: project.path("esky.py"))
    for version in ["1.0", "2.0"] {
      try project.write("VERSION = \"\(version)\"\n", to: "release.py")
      var freezer = Program.tool(
        tool, ["--\(kind)", "--name", "hello", "--log-level", "ERROR", "-y", "app.py"],
        in: project.path)
      // The module of one version must not be taken for that of the other, made in the same second.
      freezer.environment["PYTHONDONTWRITEBYTECODE"] = "1"
      freezer.environment["PYINSTALLER_CONFIG_DIR"] = project.path("cache")
      try freezer.succeed(seconds: 180)
      try packager.release(
        "dist" + (kind == .onedir ? "/hello" : ""), version: version, url: server.url)
    }
  }

  deinit { server.stop() }

  /// Runs an unzipped app by its launcher.
  func run(
    _ root: Scratch, _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Outcome {
    var program = Program(root.launcher)
    program.arguments = arguments
    program.environment.merge(environment) { $1 }
    return try program.run()
  }

  /// The virtual environment in `ESKY_TEST_VENV`, else one that is made below `.build`.
  private static let environment = Result { () throws -> String in
    if let given = ProcessInfo.processInfo.environment["ESKY_TEST_VENV"] { return given }
    let folder = Checkout.path + "/.build/pyinstaller-venv"
    let done = folder + "/esky-" + pin
    if !FileManager.default.fileExists(atPath: done) {
      try Program.tool("/usr/bin/env", ["python3", "-m", "venv", "--clear", folder], in: "/")
        .succeed(seconds: 120)
      try Program.tool(folder + "/bin/python", ["-m", "pip", "install", "--quiet", pin], in: "/")
        .succeed(seconds: 300)
      try Data().write(to: URL(fileURLWithPath: done))
    }
    return folder
  }
}
