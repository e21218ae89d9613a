import Foundation
import Testing

/// No key comes to lie where a web server, or a git repository, hands it out.
struct ServedKeysEndToEndTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("project") }

  private func run(_ words: [String]) throws -> Outcome {
    try Packager.command(in: folder.path, words).run()
  }

  private static let remark = "whoever serves that hands out all that is in it; keep keys elsewhere"

  @Test(arguments: [
    ["--keys", "repository/keys"], ["--keys", "repository/metadata/keys"], ["--repository", "."],
    ["--keys", "repository"], ["--keys", "linked/keys"],
  ])
  func aRepositoryIsNotMadeAroundItsKeys(words: [String]) throws {
    mkdir(folder.path + "/repository", 0o755)
    symlink("repository", folder.path + "/linked")
    let refused = try run(["init", "--protection", "interactive"] + words)
    #expect(refused.status == 1)
    #expect(refused.errors.contains(Self.remark), "\(refused.errors)")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).count == 2)
  }

  @Test func aKeyIsNotMadeInARepository() throws {
    let packager = try Packager()
    for place in ["repository/x.key", "repository/targets/x.key", "repository/keys/online/x.key"] {
      for words in [["key", "new", place], ["key", "import", "x.pem", "--to", place]] {
        let refused = try packager.command(words).run()
        #expect(refused.status == 1)
        #expect(refused.errors.contains(Self.remark), "\(refused.errors)")
        #expect(!File.exists(packager.path(place)))
      }
    }
  }

  /// Under whatever name, nor what lies beside keys.
  @Test func aKeyIsNoTarget() throws {
    let packager = try Packager()
    try FileManager.default.copyItem(
      atPath: packager.path("keys/offline/root.key"), toPath: packager.path("notes.txt"))
    try File.write(
      "-----BEGIN PRIVATE KEY-----\n".utf8, to: packager.path("server.pem"))
    for name in ["keys/offline/root.key", "keys/recovery/phrase.txt", "notes.txt", "server.pem"] {
      let refused = try packager.command(["add", name]).run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains("everybody can fetch a target"), "\(refused.errors)")
    }
    #expect(try packager.command(["list", "--targets"]).succeed().output.contains("txt") == false)
  }

  @Test func aKeyThatLiesInARepositoryIsAFinding() throws {
    let packager = try Packager()
    try Command("/bin/cp", ["-R", packager.path("keys"), packager.repository]).succeed()
    let check = try packager.command(["check"]).run()
    #expect(check.status == 1)
    let found = check.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(found.contains("keys/recovery/phrase.txt"), "\(check.output)")
    #expect(found.contains("keys/offline/root.key"))
    #expect(found.count == 6)
  }

  @Test(arguments: ["*\n!*.key\n!*/\n", "!offline/\n", "*.key\n!online/*.key\n"])
  func anIgnoreFileThatLetsKeysInAgainIsMended(text: String) throws {
    var git = Command("/usr/bin/git", ["init", "--quiet", folder.path])
    git.environment["HOME"] = folder.path
    try git.succeed()
    try File.write(text.utf8, to: folder.path + "/keys/.gitignore")
    #expect(try run(["init", "--protection", "interactive"]).status == 0)
    git.arguments = ["-C", folder.path, "add", "--all"]
    try git.succeed()
    git.arguments = ["-C", folder.path, "ls-files"]
    let tracked = try git.succeed().output
    #expect(!tracked.contains(".key") && !tracked.contains("phrase"), "\(tracked)")
    #expect(tracked.contains("repository/metadata/1.root.json"))
  }
}
