import Foundation

/// A packager's project folder, worked on with the real `bundle-esky`.
final class Packager: Sendable {
  static let passphrase = "correct horse battery staple"

  /// One set of keys and one empty repository, copied for every test: keys are slow to make on purpose.
  private static let template = Result<TemporaryFolder, any Error> {
    let folder = try TemporaryFolder("template")
    folder.removeAtExit()
    try Packager.command(in: folder.path, ["init", "--protection", "interactive"]).succeed()
    return folder
  }

  /// Where versions look for updates that are never to find any; no client takes one that looks nowhere.
  static let elsewhere = "https://esky.invalid/hello"

  /// A platform that no machine of these tests is.
  static let foreignPlatform = "linux-riscv64"

  let folder: TemporaryFolder
  let app: String

  /// A project with keys and an empty repository.
  init(_ app: String = "hello") throws {
    folder = try TemporaryFolder("project")
    self.app = app
    for name in ["keys", "repository"] {
      try FileManager.default.copyItem(
        atPath: Self.template.get().path + "/" + name, toPath: folder.path + "/" + name)
    }
  }

  /// A project with keys of its own, which no other packager of these tests has.
  init(withKeysOfItsOwn app: String) throws {
    folder = try TemporaryFolder("project")
    self.app = app
    try Self.command(in: folder.path, ["init", "--protection", "interactive"]).succeed()
  }

  /// A copy of another packager's project.
  init(copying other: Packager) throws {
    folder = try TemporaryFolder("project")
    app = other.app
    try Command("/bin/cp", ["-a", other.folder.path + "/.", folder.path]).succeed()
  }

  func path(_ name: String) -> String { folder.path + "/" + name }

  var repository: String { path("repository") }

  /// The app's folder before it is bundled.
  var source: String { path("dist/" + app) }

  static func command(in folder: String, _ words: [String]) throws -> Command {
    var command = Command(try Dist.product("bundle-esky"), words)
    command.folder = folder
    command.environment["ESKY_PASSPHRASE"] = passphrase
    return command
  }

  /// `bundle-esky` with these words, in the project's folder.
  func command(_ words: [String]) throws -> Command {
    try Self.command(in: folder.path, words)
  }

  /// The archive's name for a version.
  func archiveName(_ version: String, platform: String = AppBuilder.platform) -> String {
    "\(app)-\(version).\(platform).zip"
  }

  func archive(_ version: String, platform: String = AppBuilder.platform) -> String {
    path(archiveName(version, platform: platform))
  }

  /// Writes the app's folder anew: programs that print the version and their arguments, and other files.
  func write(
    _ version: String, programs: [String]? = nil, program: String? = nil,
    files: [String: String] = [:]
  ) throws {
    try? FileManager.default.removeItem(atPath: source)
    for name in programs ?? [app] {
      let text = program ?? AppBuilder.program(version)
      try Executable.write(text.utf8, to: source + "/" + name)
    }
    for (name, text) in files { try File.write(text.utf8, to: source + "/" + name) }
  }

  /// Bundles the app's folder as it is; without a URL it looks for updates ``elsewhere``.
  ///
  /// - Returns: the archive's path.
  @discardableResult
  func build(
    _ version: String, url: String?, programs: [String]? = nil,
    platform: String = AppBuilder.platform, _ more: [String] = []
  ) throws -> String {
    var words = ["build", source, "--name", app, "--version", version, "--platform", platform]
    for program in programs ?? [app] { words += ["--program", program] }
    words += ["--update-url", url ?? Self.elsewhere]
    if platform == Self.foreignPlatform { words += ["--runtime", try foreignRuntime()] }
    try command(words + more).succeed()
    return archive(version, platform: platform)
  }

  /// Launcher and finder for that platform, as far as anybody looks.
  private func foreignRuntime() throws -> String {
    let folder = path("runtime-of-another-machine")
    for name in ["launcher", "esky", "libesky.so"] {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: Dist.product("runtime/" + name)))
      bytes[18] = 243
      try Executable.write(bytes, to: folder + "/" + name)
    }
    return folder
  }

  func publish(_ archives: String..., more: [String] = []) throws {
    // These stories change what no careful packager would.
    let words = ["programs", "url", "ca-file", "check", "channel", "unseen"]
    try command(["publish"] + archives + more + words.flatMap { ["--allow", $0] }).succeed()
  }

  /// Writes, bundles and publishes a version.
  ///
  /// - Returns: the archive's path.
  @discardableResult
  func release(
    _ version: String, url: String?, programs: [String]? = nil, program: String? = nil,
    files: [String: String] = [:], _ more: [String] = []
  ) throws -> String {
    try write(version, programs: programs, program: program, files: files)
    let archive = try build(version, url: url, programs: programs, more)
    try publish(archive)
    return archive
  }
}

extension Command {
  /// Runs it to its end, which must be exit status 0.
  @discardableResult
  func succeed(seconds: Double = 60) throws -> Outcome {
    let outcome = try run(seconds: seconds)
    guard outcome.ending == .exited(0) else {
      throw Failure("\(program) \(arguments): \(outcome.ending) \(outcome.output)\(outcome.errors)")
    }
    return outcome
  }
}
