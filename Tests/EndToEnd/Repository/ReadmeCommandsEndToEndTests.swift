import Foundation
import TestKit
import Testing

/// The commands of README's "A packager's life in ten commands", run as they stand there.
struct ReadmeCommandsEndToEndTests {
  private let folder: TemporaryFolder
  private let home: TemporaryFolder
  private let safe: TemporaryFolder
  private let usb: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder("project")
    home = try TemporaryFolder("home")
    safe = try TemporaryFolder("safe")
    usb = try TemporaryFolder("usb")
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// The commands, with their continuation lines, and without what is said beside them.
  private static func commands() throws -> [String] {
    let readme = try #require(File.text(Checkout.path + "/README.md"))
    let section = try #require(
      readme.components(separatedBy: "### A packager's life in ten commands\n").last)
    let block = section.components(separatedBy: "```")[1]
    var commands: [String] = []
    var isOpen = false
    for line in block.split(separator: "\n") {
      let text = String(line.replacing(/\s+#\s.*$/, with: ""))
      if isOpen { commands[commands.count - 1] += "\n" + text } else { commands.append(text) }
      isOpen = text.hasSuffix("\\")
    }
    return commands.map { $0.replacing("linux-x86_64", with: AppBuilder.platform) }
  }

  /// The name of the variable that a command sets; nil for any other.
  private static func variable(setBy command: String) -> String? {
    guard let end = command.firstIndex(of: "="), end > command.startIndex,
      command[..<end].allSatisfy({ $0.isUppercase })
    else { return nil }
    return String(command[..<end])
  }

  /// How commands end that do not end with 0.
  private static let endings: [(command: String, status: Int32)] = [
    // What was published before is fresh.
    ("bundle-esky refresh snapshot timestamp", 10),
    ("bundle-esky refresh --force --stage root", 12),
  ]

  /// What happens in the world before a command.
  private func prepare(_ command: String, _ environment: inout [String: String]) throws {
    if command.hasPrefix("bundle-esky publish hello-1.0") { try build("1.0") }
    if command.hasPrefix("bundle-esky publish hello-1.1") {
      try build("1.1")
      try File.write("New: all of it.\n".utf8, to: path("new.md"))
    }
    if command.hasPrefix("bundle-esky key new keys/offline") {
      try FileManager.default.removeItem(atPath: path("keys/offline/root.key"))
      try FileManager.default.moveItem(
        atPath: path("keys/recovery"), toPath: safe.path + "/recovery")
    }
    if command.hasPrefix("bundle-esky refresh --force --stage") {
      try FileManager.default.moveItem(
        atPath: path("keys/offline"), toPath: home.path + "/keys")
    }
  }

  private func build(_ version: String) throws {
    try Executable.write(AppBuilder.program(version).utf8, to: path("dist/hello/hello"))
    var command = Command(
      try Dist.product("bundle-esky"),
      [
        "build", "dist/hello", "--name", "hello", "--version", version, "--update-url",
        "https://example.org/hello",
      ])
    command.folder = folder.path
    try command.succeed()
  }

  /// Runs all of them; `run` starts one.
  private func live(
    _ environment: [String: String], _ run: (String, [String: String]) throws -> Outcome
  ) throws {
    var environment = environment
    environment["PATH"] =
      URL(fileURLWithPath: try Dist.product("bundle-esky")).deletingLastPathComponent().path
      + ":/usr/bin:/bin"
    environment["HOME"] = home.path
    environment["SAFE"] = safe.path
    environment["USB"] = usb.path
    let commands = try Self.commands()
    #expect(commands.filter { $0.hasPrefix("bundle-esky ") }.count == 14)
    var settings: [String] = []
    for command in commands {
      try prepare(command, &environment)
      if let name = Self.variable(setBy: command) {
        settings.append(command)
        // What a shell would know from then on.
        let shown = try run(command + "; printf 'is %s' \"$\(name)\"", environment)
        environment[name] = try #require(
          shown.output.components(separatedBy: "is ").last?.trimmingCharacters(in: .newlines))
        continue
      }
      let outcome = try run(command, environment)
      let status = Self.endings.first { command.hasPrefix($0.command) }?.status ?? 0
      try #require(
        outcome.status == status, "\(command): \(outcome.output)\(outcome.errors)")
      if command.hasPrefix("bundle-esky rotate root") {
        // Pasted once more they change nothing, and the sealed key stays what it is.
        let again = try run((settings + [command]).joined(separator: "\n"), environment)
        #expect(again.status == 0, "\(again.output)\(again.errors)")
        #expect(again.output.contains("have these keys and thresholds already"), "\(again.output)")
      }
    }
    let check = try Command(
      Dist.product("bundle-esky"), ["check", "--deep", "--repository", path("repository")]
    ).run()
    #expect(check.status == 0, "\(check.output)")
    #expect(File.text(path("status.html"))?.contains("<title>") == true)
  }

  @Test func theyWorkWithPassphrasesFromTheEnvironment() throws {
    let given = ["ESKY_PASSPHRASE": "apple tart", "ESKY_ONLINE_PASSPHRASE": "bread roll"]
    try live(given) { words, environment in
      var command = Command("/bin/sh", ["-c", words])
      command.folder = folder.path
      command.environment = environment
      if let phrase = File.text(safe.path + "/recovery/phrase.txt") {
        command.environment["ESKY_RECOVERY_PASSPHRASE"] = phrase.trimmingCharacters(in: .newlines)
      }
      return try command.run(seconds: 120)
    }
  }

  @Test func theyWorkAtATerminal() throws {
    try live([:]) { words, environment in
      var answers = "online=>bread roll|offline=>apple tart"
      if let phrase = File.text(safe.path + "/recovery/phrase.txt") {
        answers = "sealed=>\(phrase.trimmingCharacters(in: .newlines))|" + answers
      }
      var command = Command(
        "/usr/bin/env",
        ["python3", PythonPrograms.fixtures + "/terminal.py", answers, "/bin/sh", "-c", words])
      command.folder = folder.path
      command.environment = environment
      return try command.run(seconds: 120)
    }
  }
}
