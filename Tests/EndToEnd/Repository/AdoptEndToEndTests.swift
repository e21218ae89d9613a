import Foundation
import Testing

/// Repositories of other programs go on under `bundle-esky`, and their clients go on with them.
struct AdoptEndToEndTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("adopted") }

  private func bundleEsky(_ words: [String], passphrase: String = "hello") throws -> Command {
    var command = try Packager.command(in: folder.path, words)
    command.environment["ESKY_PASSPHRASE"] = passphrase
    return command
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func importKeys(_ keys: [(from: String, to: String)]) throws {
    for (source, key) in keys {
      try bundleEsky(
        [
          "key", "import", source, "--to", "keys/\(key).key", "--protection", "interactive",
          "--allow-weak-passphrase",
        ]
      ).succeed()
    }
  }

  /// A life after the adoption, with clients of python-tuf at every step.
  private func goOn(_ python: Result<String, any Error>, targets: [String], roles: Int) throws {
    let first = path("first-root.json")
    func follow(_ targets: [String]) throws {
      try PythonPrograms.script(
        python, "follow.py", [path("repository"), path("client"), first] + targets
      ).succeed()
    }
    try bundleEsky(["adopt"]).succeed()
    try follow(targets)
    #expect(try bundleEsky(["check", "--deep"]).run().output == "all is sound\n")
    try File.write("new".utf8, to: path("new file"))
    try bundleEsky(["add", "new file"]).succeed()
    try follow(targets + ["new file"])
    try bundleEsky(["refresh", "--force"]).succeed()
    try follow(targets + ["new file"])
    // New keys for every role that root lists, by the ids that the other program gave the old ones.
    let status = try bundleEsky(["status", "--json"]).run().json()
    for row in try #require(status["roles"] as? [[String: Any]]) {
      let role = try #require(row["role"] as? String)
      let old = try #require((row["keys"] as? [String])?.first)
      try bundleEsky([
        "key", "new", "keys/\(role)-2.key", "--protection", "interactive",
        "--allow-weak-passphrase",
      ]).succeed()
      try bundleEsky(["rotate", role, "--replace", "\(old.prefix(12))=keys/\(role)-2.key"])
        .succeed()
      try follow(targets)
    }
    #expect((status["roles"] as? [Any])?.count == roles)
    #expect(try bundleEsky(["check", "--deep"]).run().output == "all is sound\n")
    #expect(try bundleEsky(["adopt"]).run().status == 0)
  }

  @Test func aRepositoryOfTufupGoesOn() throws {
    try PythonPrograms.script(PythonPrograms.tufup, "make_tufup.py", [folder.path])
      .succeed(seconds: 120)
    try FileManager.default.copyItem(
      atPath: path("repository/metadata/1.root.json"), toPath: path("first-root.json"))
    let targets = ["hello-1.0.tar.gz", "hello-1.1.tar.gz", "hello-1.1.patch"]
    // One client has seen it before.
    try PythonPrograms.script(
      PythonPrograms.tufup, "follow.py",
      [path("repository"), path("client"), path("first-root.json"), targets[0]]
    ).succeed()
    // Not without keys, and nothing is lost then.
    let refused = try bundleEsky(["add", "first-root.json"]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("bundle-esky adopt"))
    try importKeys(
      ["root", "targets", "snapshot", "timestamp"].map { ("keystore/\($0)", $0) })
    try goOn(PythonPrograms.tufup, targets: targets, roles: 4)
  }

  @Test(arguments: ["yes", "no"])
  func aRepositoryOfPythonTUFGoesOn(consistent: String) throws {
    try PythonPrograms.script(
      PythonPrograms.tuf, "make_python_tuf.py", [folder.path, consistent]
    ).succeed()
    try FileManager.default.copyItem(
      atPath: path("repository/metadata/1.root.json"), toPath: path("first-root.json"))
    try PythonPrograms.script(
      PythonPrograms.tuf, "follow.py",
      [path("repository"), path("client"), path("first-root.json"), "app", "docs/a"]
    ).succeed()
    try importKeys(
      ["root", "targets", "snapshot", "timestamp", "docs"].map { ("\($0).pem", $0) })
    try goOn(PythonPrograms.tuf, targets: ["app", "docs/a"], roles: 5)
  }

  @Test func theRootMayBeSignedElsewhere() throws {
    try PythonPrograms.script(PythonPrograms.tuf, "make_python_tuf.py", [folder.path, "no"])
      .succeed()
    try FileManager.default.copyItem(
      atPath: path("repository/metadata/1.root.json"), toPath: path("first-root.json"))
    try FileManager.default.createDirectory(
      atPath: path("keys"), withIntermediateDirectories: true)
    let words = [path("repository"), path("client"), path("first-root.json"), "app", "docs/a"]
    let waiting = try bundleEsky(["adopt"]).run()
    #expect(waiting.status == 12)
    #expect(waiting.output.contains("root 2: 0 of 1"))
    // Clients go on with the old names until then.
    try PythonPrograms.script(PythonPrograms.tuf, "follow.py", words).succeed()
    try importKeys([("root.pem", "root")])
    try bundleEsky(["sign"]).succeed()
    try PythonPrograms.script(PythonPrograms.tuf, "follow.py", words).succeed()
    #expect(try bundleEsky(["check", "--deep"]).run().output == "all is sound\n")
  }

  @Test func aRepositoryIsDestroyedOnlyByItsName() throws {
    let packager = try Packager()
    try File.write("mine".utf8, to: packager.path("repository/notes"))
    for words in [["--confirm", "other"], ["--confirm", ""], []] {
      var command = try packager.command(["destroy"] + words)
      // Without a terminal nobody can be asked.
      command = Command("/usr/bin/setsid", [command.program] + command.arguments)
      command.folder = packager.folder.path
      let refused = try command.run()
      #expect(refused.status == 1, "\(words)")
    }
    #expect(try packager.command(["check"]).run().status == 0)
    try packager.command(["destroy", "--confirm", "repository"]).succeed()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: packager.repository) == ["notes"])
    #expect(File.exists(packager.path("keys/offline/root.key")))
    #expect(try packager.command(["check"]).run().status == 2)
  }
}
