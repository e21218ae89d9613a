import Foundation
import TestKit

/// A folder for one test, removed with it, and the program run in it.
final class Sandbox {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tuf-client-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names in a folder, sorted; none when there is no folder.
  func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
  }

  /// The roles' files in the folder of trusted metadata.
  var roles: [String] { names("trust").filter { $0.hasSuffix(".json") } }

  /// What a run of the program came to.
  struct Outcome {
    /// The exit status, or a negative signal number.
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs the program with the test's folder as its working directory.
  ///
  /// - Parameters:
  ///   - input: what a pipe on its standard input holds, up to what a pipe takes.
  ///   - kibibytes: of address space that it gets; nil for any.
  func run(
    _ arguments: [String], input: [UInt8] = [], kibibytes: Int? = nil
  ) throws -> Outcome {
    let process = Process()
    if let kibibytes {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", "ulimit -v \(kibibytes); exec \"$0\" \"$@\"", Self.program] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: Self.program)
      process.arguments = arguments
    }
    process.currentDirectoryURL = folder
    let output = try handle("stdout")
    let errors = try handle("stderr")
    process.standardOutput = output
    process.standardError = errors
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(input))
    try pipe.fileHandleForWriting.close()
    process.standardInput = pipe
    try process.run()
    process.waitUntilExit()
    defer {
      for name in [".stdout", ".stderr"] { try? FileManager.default.removeItem(atPath: path(name)) }
    }
    let status = process.terminationStatus
    return Outcome(
      status: process.terminationReason == .exit ? status : -status,
      output: text(".stdout") ?? "", errors: text(".stderr") ?? "")
  }

  private func handle(_ name: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(fileURLWithPath: write(".\(name)", [])))
  }

  /// `TUF_CLIENT` names another build of the program, the Embedded one for instance.
  private static let program: String = {
    if let path = ProcessInfo.processInfo.environment["TUF_CLIENT"] { return path }
    var places = [URL(fileURLWithPath: CommandLine.arguments[0])]
    places += Bundle.allBundles.map(\.bundleURL)
    for place in places {
      let beside = place.deletingLastPathComponent().appendingPathComponent("tuf-client").path
      if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    }
    return Checkout.path + "/.build/debug/tuf-client"
  }()
}

/// A client of a site: a sandbox that trusts the site's first root.
struct ClientOfSite {
  let site: Site
  let sandbox: Sandbox

  init() throws {
    site = try Site()
    sandbox = try Sandbox()
    try sandbox.write("root-file.json", site.root)
    _ = try sandbox.run(["--metadata-dir", "trust", "init", "root-file.json"])
  }

  func refresh(_ more: [String] = [], kibibytes: Int? = nil) throws -> Sandbox.Outcome {
    try sandbox.run(
      ["--metadata-dir", "trust", "--metadata-url", site.metadataURL, "refresh"] + more,
      kibibytes: kibibytes)
  }

  func download(_ names: [String], _ more: [String] = []) throws -> Sandbox.Outcome {
    try sandbox.run(
      ["--metadata-dir", "trust", "--metadata-url", site.metadataURL, "download"]
        + names.flatMap { ["--target-name", $0] }
        + ["--target-dir", "got", "--target-base-url", site.targetsURL] + more)
  }
}
