import Foundation

/// An app folder as a user has it: a release, unzipped.
final class Installation: Sendable {
  let folder: TemporaryFolder
  let app: String

  init(unzipping archive: String, app: String = "hello", in name: String = "app") throws {
    folder = try TemporaryFolder(name)
    self.app = app
    try unzip(archive)
  }

  /// Unzips a release over what is there.
  func unzip(_ archive: String) throws {
    var command = Command("/usr/bin/unzip", ["-oq", archive, "-d", folder.path])
    // Without it unzip writes names that are not ASCII in an escape of its own.
    command.environment["LC_ALL"] = "C.UTF-8"
    try command.succeed()
  }

  /// The folder that the archive has at its top.
  var root: String { folder.path + "/" + app }
  /// The app's work area.
  var work: String { path("updates/" + app) }
  var launcher: String { path(app) }

  func path(_ name: String) -> String { root + "/" + name }

  func version(_ version: String, platform: String = AppBuilder.platform) -> String {
    path("\(app)-\(version).\(platform)")
  }

  /// Runs the launcher.
  func run(_ arguments: String...) throws -> Outcome { try Command(launcher, arguments).run() }

  /// `esky` with these words, on this folder.
  func finder(_ words: [String]) throws -> Command {
    Command(try Dist.product("runtime/esky"), ["--root", root] + words)
  }

  /// Runs `esky` to its end.
  func esky(_ words: String..., seconds: Double = 60) throws -> Outcome {
    try finder(words).run(seconds: seconds)
  }

  /// Everything but the work area, with kind, mode, size, link target and hash.
  func installed() throws -> [String] { try Self.tree(root, without: "updates") }

  /// Every path under a folder with kind, mode, link target, and the SHA-256 of files.
  static func tree(_ folder: String, without name: String? = nil) throws -> [String] {
    let script = """
      cd "$1" && find . -mindepth 1 -path "./$2" -prune -o -printf '%P %y %m %l\\n' &&
      find . -path "./$2" -prune -o -type f -print0 | xargs -0r sha256sum
      """
    return try Command("/bin/sh", ["-c", script, "sh", folder, name ?? "/"]).succeed()
      .output.split(separator: "\n").map(String.init).sorted()
  }

  /// The names in the app folder.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root).sorted()
  }

  /// What is in the work area and is no metadata, lock or log.
  func leftovers() throws -> [String] {
    guard File.exists(work) else { return [] }
    let notes = ["last-refresh", "last-time", "root-history", "shipped-roots"]
    let known = ["lock", "metadata", "downloads", "last-check", "log", "state", "refused"]
    let names = try FileManager.default.contentsOfDirectory(atPath: work)
    var found = names.filter { !known.contains($0) }
    for folder in ["downloads", "metadata"] where names.contains(folder) {
      let inside = try FileManager.default.contentsOfDirectory(atPath: work + "/" + folder)
      found += inside.filter {
        folder == "downloads"
          || !($0.hasSuffix(".json") || notes.contains($0))
      }
    }
    return found
  }
}

extension Outcome {
  /// The object on the one line of standard output.
  func json() throws -> [String: Any] {
    guard output.hasSuffix("\n"), output.filter({ $0 == "\n" }).count == 1,
      let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    else { throw Failure("not one line of JSON: \(output)\(errors)") }
    return object
  }

  var status: CInt? {
    if case .exited(let status) = ending { return status }
    return nil
  }
}
