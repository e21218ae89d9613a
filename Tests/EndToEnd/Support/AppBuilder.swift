import Foundation

/// Builds an app folder by hand, as unzipping releases would.
struct AppBuilder {
  /// The platform that these tests run on, as directory names write it.
  #if arch(x86_64)
    static let platform = "linux-x86_64"
  #else
    static let platform = "linux-aarch64"
  #endif

  let folder: TemporaryFolder
  let app: String

  /// An empty app folder with a launcher, whose slot says nothing: it goes by its file name.
  init(_ app: String = "hello", in name: String = "app") throws {
    folder = try TemporaryFolder(name)
    self.app = app
    try Executable.copy(Dist.product("runtime/launcher"), to: launcher)
  }

  var root: String { folder.path }
  var launcher: String { path(app) }

  /// A path in the app folder.
  func path(_ name: String) -> String { root + "/" + name }

  /// The path of a version directory.
  func version(_ version: String, platform: String = platform) -> String {
    path("\(app)-\(version).\(platform)")
  }

  /// A program that prints the version it belongs to and its arguments.
  static func program(_ version: String) -> String {
    "#!/bin/sh\nIFS='|'\necho \"\(version)|$*\"\n"
  }

  /// Adds a complete version whose program prints the version and its arguments.
  @discardableResult
  func add(
    _ version: String, platform: String = platform, program: String? = nil,
    programs: [String]? = nil, settings: String? = nil
  ) throws -> String {
    let path = self.version(version, platform: platform)
    let programs = programs ?? [app]
    for name in programs {
      let text = program ?? Self.program(version)
      try Executable.write(text.utf8, to: path + "/" + name)
    }
    if let settings { try self.settings(settings, of: version) }
    let lines = programs.map { "program \($0)\n" }.joined()
    try File.write("esky-bootstrap 1\n\(lines)end\n".utf8, to: path + "/esky-bootstrap.txt")
    return path
  }

  /// Adds a complete version whose program is a copy of one of the system's.
  @discardableResult
  func add(_ version: String, copyOf program: String) throws -> String {
    let path = try add(version)
    try Executable.copy(program, to: path + "/" + app)
    return path
  }

  /// Gives a version settings of one line each.
  func settings(_ lines: String, of version: String) throws {
    try File.write(
      "esky-settings 1\n\(lines)\nend\n".utf8,
      to: self.version(version) + "/esky-files/settings.txt")
  }

  /// Runs the launcher.
  func run(_ arguments: String...) throws -> Outcome {
    try Command(launcher, arguments).run()
  }

  /// Copies a launcher with its slot filled, as bundling does.
  func addLauncher(app: String, program: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: Dist.product("runtime/launcher")))
    let marker = Data("esky launcher slot, version 1 >>".utf8)
    guard let place = bytes.range(of: marker),
      bytes.range(of: marker, in: place.upperBound..<bytes.endIndex) == nil
    else { throw Failure("the launcher has no slot, or several") }
    let filling = Data(app.utf8) + [0] + Data(program.utf8) + [0]
    bytes.replaceSubrange(place.upperBound..<(place.upperBound + filling.count), with: filling)
    try Executable.write(bytes, to: path(program))
  }
}
