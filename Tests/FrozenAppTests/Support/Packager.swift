import Foundation
import TestKit

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
    let place = try Scratch("unzipped")
    let root = try Scratch("app")
    try Program("/usr/bin/unzip", "-q", project.path(Self.archive(version)), "-d", place.path)
      .succeed()
    // The folder may stand anywhere, under whatever name.
    for name in try place.names(in: "hello") {
      try FileManager.default.moveItem(
        atPath: place.path("hello/" + name), toPath: root.path(name))
    }
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

  /// Takes the lock that another process would hold while it updates the app.
  ///
  /// - Returns: a descriptor, to be closed when it may go.
  func holdUpdateLock() throws -> CInt {
    let descriptor = open(try write("", to: "updates/hello/lock"), O_RDWR | O_CLOEXEC)
    var whole = flock()
    whole.l_type = Int16(F_WRLCK)
    // F_OFD_SETLK, which the system's module has no name for.
    guard withUnsafeMutablePointer(to: &whole, { fcntl(descriptor, 37, $0) }) == 0 else {
      throw Failure("the lock can't be had")
    }
    return descriptor
  }

  /// The app's launcher.
  var launcher: String { path("hello") }

  /// True when a version directory is there.
  func holds(_ version: String) -> Bool {
    FileManager.default.fileExists(atPath: path(Packager.directory(version)))
  }
}
