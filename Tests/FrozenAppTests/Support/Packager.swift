import Foundation

/// Somebody who bundles and publishes an app, with a project folder of their own.
struct Packager {
  /// The platform as archives are named for it.
  #if arch(x86_64)
    static let platform = "linux-x86_64"
  #else
    static let platform = "linux-aarch64"
  #endif

  let project: Scratch
  private let tool: String

  /// The folder that a web server serves.
  var repository: String { project.path("repository") }

  /// Makes keys and an empty repository.
  init(_ name: String) throws {
    project = try Scratch(name)
    tool = try Checkout.product("bundle-esky")
    try run("init", "--protection", "interactive")
  }

  /// Bundles a folder as a version of the app hello, and publishes it.
  func release(_ folder: String, version: String, url: String) throws {
    try run(
      "build", folder, "--name", "hello", "--version", version, "--update-url", url)
    try run("publish", Self.archive(version))
  }

  /// Unzips a version as its users do.
  func unzip(_ version: String) throws -> Scratch {
    let root = try Scratch("app")
    try Program("/usr/bin/unzip", "-q", project.path(Self.archive(version)), "-d", root.path)
      .succeed()
    return root
  }

  static func archive(_ version: String) -> String { directory(version) + ".zip" }

  static func directory(_ version: String) -> String { "hello-\(version).\(platform)" }

  private func run(_ arguments: String...) throws {
    var program = Program.tool(tool, arguments, in: project.path)
    program.environment["ESKY_PASSPHRASE"] = "correct horse"
    try program.succeed()
  }
}

extension Scratch {
  /// Lets an unzipped version look for updates elsewhere.
  func pointUpdates(of version: String, from old: String, to new: String) throws {
    let name = Packager.directory(version) + "/esky-files/settings.txt"
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
    try write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  /// The app's launcher.
  var launcher: String { path("hello") }

  /// True when a version directory is there.
  func holds(_ version: String) -> Bool {
    FileManager.default.fileExists(atPath: path(Packager.directory(version)))
  }
}
