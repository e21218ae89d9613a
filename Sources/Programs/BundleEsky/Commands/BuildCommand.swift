import ArgumentParser
import FileSystem
import Layout
import Repository
import TUF

/// `bundle-esky build`: a folder becomes a bundle.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Turn a folder into NAME-VERSION.PLATFORM.zip.",
    discussion: """
      Whoever unzips the archive has a working app: launchers at the top, the version \
      directory, and the finder that keeps it fresh. The same folder gives the same bytes, \
      whoever builds it and when.

      Exit status: 0 done, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky build dist/hello --name hello --version 1.2
        bundle-esky build dist/hello --name hello --version 1.2 --program hello \\
          --program bin/hello-tool --update-url https://example.org/hello --check daily
      """)

  @Argument(help: "The frozen app: everything in it becomes the version directory.")
  var folder: String?

  @Option(help: "The app's name: letters, digits, -, _ and .")
  var name: String?

  @Option(name: .customLong("version"), help: "The version, by PEP 440 or SemVer.")
  var appVersion: String?

  @Option(
    help: ArgumentHelp(
      "linux-x86_64, macos-arm64, … (default: this machine's)", valueName: "tag"))
  var platform: String?

  @Option(
    help: ArgumentHelp(
      "A program in the folder that users start; repeatable. (default: the app's name)",
      valueName: "path"))
  var program: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where the repository will be served; the folder that holds metadata/ and targets/.",
      valueName: "url"))
  var updateUrl: String?

  @Option(
    help: ArgumentHelp(
      "How often starting the app looks for updates in the background: on-start, daily, weekly or never. (default: never)",
      valueName: "when"))
  var check: String?

  @Option(
    help: "The channel that installations follow beside what is stable. (default: stable alone)")
  var channel: String?

  @Option(
    help: ArgumentHelp(
      "Certificates in PEM of authorities that the finder trusts beside those that the machine knows, for a web server of your own: a path in the folder, or an absolute one on the user's machine.",
      valueName: "path"))
  var caFile: String?

  @OptionGroup var repository: RepositoryOptions

  @Option(
    help: ArgumentHelp(
      "The trusted root to ship. (default: the newest of the repository)", valueName: "file"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      "The folder with launcher, esky and libesky.so. (default: runtime/ beside bundle-esky)",
      valueName: "folder"))
  var runtime: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to write the archive into. (default: .)", valueName: "folder"))
  var output: String = "."

  func run() throws {
    let project = try Project()
    guard let source = folder ?? project.folder else {
      throw ValidationError("which folder? Give it, or \"folder\" in esky.json.")
    }
    let directory = try directoryName(project)
    try checkOutput(Path(source))
    let tree = try SourceTree(Path(source))
    let programs = try programs(project, directory, tree)
    let settings = try settings(project, tree)
    let runtime = try Runtime(folder: runtime.map { Path($0) }, for: directory.platform)
    let archive = Path(output).appending(DownloadName.archive(directory))
    let builder = BundleBuilder(
      name: directory, tree: tree, programs: programs, settings: settings,
      trustedRoot: try trustedRoot(project), runtime: runtime)
    try builder.write(to: archive)
    let size = try Failure.naming { try FileSystem.status(archive).size }
    print(
      "built \(archive.text): \(tree.entries.count) files and folders, \(Size.text(tree.size)) in \(Size.text(size))"
    )
    if settings.updateURL == nil {
      print("  without --update-url this bundle can't look for updates by itself")
    }
    if let url = settings.updateURL, Self.isInTheOpen(url) {
      Diagnostics.error(
        "bundle-esky: note: \(String(decoding: url, as: UTF8.self)) is not encrypted: whoever is on the way can see who runs which version of the app, though not change what is installed; https:// hides it"
      )
    }
  }

  /// True of a URL that others on the way see the requests to.
  private static func isInTheOpen(_ url: [UInt8]) -> Bool {
    let text = String(decoding: url, as: UTF8.self).lowercased()
    let loopbacks = ["http://127.", "http://localhost/", "http://localhost:", "http://[::1]"]
    return text.hasPrefix("http://") && !loopbacks.contains(where: text.hasPrefix)
  }

  /// An archive inside of the folder would be part of the next one.
  private func checkOutput(_ source: Path) throws {
    guard (try? FileSystem.status(Path(output)))?.kind == .directory else {
      throw Failure("there is no folder \(output) to write the archive into")
    }
    guard let folder = try? FileSystem.realPath(source),
      let target = try? FileSystem.realPath(Path(output))
    else { return }
    if target == folder || target.bytes.starts(with: folder.bytes + [UInt8(ascii: "/")]) {
      throw Failure(
        "the archive would be written into \(source.text) itself, and be part of the next one; give another folder with --output"
      )
    }
  }

  private func directoryName(_ project: Project) throws -> VersionDirectoryName {
    guard let name = name ?? project.name else {
      throw ValidationError("which app? Give --name, or \"name\" in esky.json.")
    }
    guard let version = appVersion ?? project.version else {
      throw ValidationError("which version? Give --version.")
    }
    guard let parsed = Version(version) else {
      throw ValidationError(
        "\"\(version)\" is no version by PEP 440 or SemVer, such as 1.2 or 1.2.0-rc.1.")
    }
    var tag = Platform.current
    if let text = platform ?? project.platform {
      guard let given = Platform(text) else {
        throw ValidationError(
          "\"\(text)\" is no platform tag such as linux-x86_64 or macos-arm64.")
      }
      guard given != .any else {
        throw ValidationError(
          "a bundle carries a launcher and a finder, which are for one kind of machine: build it once for each, with --platform and --runtime."
        )
      }
      tag = given
    }
    return try Failure.naming {
      try VersionDirectoryName(name: try AppName(name), version: parsed, platform: tag)
    }
  }

  private func programs(
    _ project: Project, _ directory: VersionDirectoryName, _ tree: SourceTree
  ) throws -> [[UInt8]] {
    var chosen = program.isEmpty ? project.programs : program
    if chosen.isEmpty { chosen = [String(decoding: directory.name.bytes, as: UTF8.self)] }
    var found: [[UInt8]] = []
    for text in chosen {
      // As a shell completes it.
      let path = Array((text.hasPrefix("./") ? String(text.dropFirst(2)) : text).utf8)
      guard tree.isProgram(path) else {
        let others = tree.programsAtTop.map { String(decoding: $0, as: UTF8.self) }
        throw Failure(
          "\(tree.folder.text) has no executable file \(text); "
            + (others.isEmpty
              ? "give the program's path in the folder with --program"
              : "give one with --program: \(others.joined(separator: ", "))"))
      }
      if let reason = LauncherImage.problem(program: path) {
        throw Failure("the program \(text) can't have a launcher: \(reason)")
      }
      if !found.contains(path) { found.append(path) }
    }
    return found
  }

  private func settings(_ project: Project, _ tree: SourceTree) throws -> Settings {
    var settings = Settings()
    if let url = updateUrl ?? project.updateURL {
      guard
        ["https://", "http://", "file:///"].contains(where: { url.lowercased().hasPrefix($0) }),
        url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else {
        throw ValidationError(
          "--update-url must begin with https://, http:// or file:/// and hold no space: \(url)")
      }
      settings.updateURL = Array(url.utf8)
    }
    if let file = caFile ?? project.caFile { settings.caFile = try certificates(file, in: tree) }
    if let channel = channel ?? project.channel {
      try TermsOptions.validate(channel: channel)
      settings.channel = Array(channel.utf8)
    }
    if let word = check ?? project.check {
      guard let interval = CheckInterval(Array(word.utf8)) else {
        throw ValidationError("--check is on-start, daily, weekly or never, not \"\(word)\".")
      }
      settings.check = interval
      if interval.seconds != nil, settings.updateURL == nil {
        throw ValidationError(
          "--check \(word) needs --update-url: there would be nothing to check.")
      }
    }
    return settings
  }

  /// The path of certificates as the settings have it; one in the folder must lead to some.
  private func certificates(_ file: String, in tree: SourceTree) throws -> [UInt8] {
    guard file.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw ValidationError("--ca-file holds a control character.")
    }
    if file.hasPrefix("/") { return Array(file.utf8) }
    let path = Array((file.hasPrefix("./") ? String(file.dropFirst(2)) : file).utf8)
    guard tree.entries.contains(where: { $0.path == path }) else {
      throw Failure(
        "\(tree.folder.text) has no file \(file); put the certificates there, or give --ca-file an absolute path that every user's machine has"
      )
    }
    let bytes = try Failure.naming {
      try FileSystem.read(tree.folder.appending(path), limit: 16 << 20)
    }
    guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
      throw Failure("\(tree.folder.text)/\(file) holds no certificate in PEM")
    }
    return path
  }

  private func trustedRoot(_ project: Project) throws -> [UInt8] {
    if let root {
      return try Failure.naming {
        let bytes = try FileSystem.read(Path(root), limit: Int(Limits().rootLength))
        _ = try TrustedSet(root: bytes, file: root, now: now)
        return bytes
      }
    }
    let folder = repository.path(project)
    guard (try? FileSystem.exists(folder)) == true else {
      throw Failure(
        "there is no repository \(folder.text) to take the trusted root from; run bundle-esky init first, or give --repository or --root"
      )
    }
    return try repository.look(project).newestRoot
  }
}
