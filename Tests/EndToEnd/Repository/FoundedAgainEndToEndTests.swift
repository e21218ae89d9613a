import Foundation
import Testing

/// A repository that was lost is founded again, on the keys that are left and above what clients have seen.
struct FoundedAgainEndToEndTests {
  private let packager: Packager

  init() throws { packager = try Packager() }

  @Test func aLostRepositoryIsFoundedAgainOnItsKeys() throws {
    let archive = try packager.release("1.0", url: "file://" + packager.repository)
    let home = try Installation(unzipping: archive)
    try FileManager.default.removeItem(atPath: packager.repository)
    let root = try #require(
      FileManager.default.subpathsOfDirectory(atPath: home.root).first {
        $0.hasSuffix("esky-files/root.json")
      })
    let found = try packager.command(["init", "--keep-keys", "--root", home.root + "/" + root])
      .succeed()
    #expect(found.output.contains("root begins with version 2\n"))
    #expect(try packager.command(["check", "--deep"]).run().output == "all is sound\n")
    try packager.release("1.1", url: "file://" + packager.repository)
    #expect(try home.esky("update").status == 11)
  }

  /// Founded again above roots that clients still have: those of the root right before follow, and none is missing.
  @Test func aRepositoryFoundedAgainAboveOldRootsIsSoundAndTakesOlderBundles() throws {
    try packager.write("1.0")
    let first = try packager.build("1.0", url: "file://" + packager.repository)
    try packager.command(["refresh", "--force", "root"]).succeed()
    try packager.write("1.1")
    let second = try packager.build("1.1", url: "file://" + packager.repository)
    try packager.command(["refresh", "--force", "root"]).succeed()
    try Command(
      "/bin/cp", [packager.repository + "/metadata/3.root.json", packager.path("root.json")]
    ).succeed()
    try FileManager.default.removeItem(atPath: packager.repository)
    try packager.command(["init", "--keep-keys", "--root", "root.json"]).succeed()
    let check = try packager.command(["check"]).run()
    #expect(check.status == 0, "\(check.output)")
    #expect(check.errors.contains("founded again above it, with root 3"), "\(check.errors)")
    // Root 2, whose keys signed root 3, and root 1, from which nothing leads on.
    try packager.command(["publish", second]).succeed()
    let refused = try packager.command(["publish", first, "--allow-older"]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("could not follow to later ones"), "\(refused.errors)")
    let user = try Installation(unzipping: second)
    try packager.release("1.2", url: "file://" + packager.repository)
    #expect(try user.esky("update").status == 11)
    try FileManager.default.removeItem(atPath: packager.repository + "/metadata/3.root.json")
    #expect(try packager.command(["check"]).run().output.contains("metadata/2.root.json"))
  }

  @Test func keysThatAreMissingFoundNothing() throws {
    try FileManager.default.removeItem(atPath: packager.repository)
    try FileManager.default.removeItem(atPath: packager.path("keys/online/snapshot.key"))
    let refused = try packager.command(["init", "--keep-keys"]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("there is no keys/online/snapshot.key"))
    #expect(!File.exists(packager.repository))
    for words in [["--root", "x"], ["--above", "root=3"], ["--keep-keys", "--above", "root"]] {
      #expect(try packager.command(["init"] + words).run().status == 64, "\(words)")
    }
  }

  @Test func aRepositoryIsFoundedAboveOneThatSignedOftenInASecond() throws {
    let before = try Date(
      timeIntervalSince1970: Double(
        Command("/bin/date", ["+%s"]).succeed().output.trimmingCharacters(in: .newlines)) ?? 0)
    try FileManager.default.removeItem(atPath: packager.repository)
    let found = try packager.command(["init", "--keep-keys", "--no-renewal"]).succeed().output
    let version = try #require(
      found.split(separator: "\n").first { $0.hasPrefix("timestamp begins with version ") })
    let number = try #require(Int(version.split(separator: " ")[4]))
    // A thousand a second since it was founded last, in seconds.
    #expect(number > Int(before.timeIntervalSince1970) * 1000)
    #expect(number < 1 << 53)
  }

  @Test func aRootOfOthersFoundsNothingAndLeavesNothing() throws {
    let other = try Packager(withKeysOfItsOwn: "other")
    try FileManager.default.removeItem(atPath: packager.repository)
    let before = try Installation.tree(packager.folder.path)
    for words in [
      ["--root", other.repository + "/metadata/1.root.json"],
      ["--repository", "new", "--root", other.repository + "/metadata/1.root.json"],
    ] {
      let refused = try packager.command(["init", "--keep-keys"] + words).run()
      #expect(refused.status == 1)
      #expect(try Installation.tree(packager.folder.path) == before, "\(words)")
    }
  }

  @Test(arguments: ["timestamp=99999999999999999999", "timestamp=-1", "timestamp=x"])
  func aVersionBeyondTheRangeIsToldTheRange(words: String) throws {
    let refused = try packager.command(["init", "--keep-keys", "--above", words]).run()
    #expect(refused.status == 64)
    #expect(refused.errors.contains("a version is a number from 0 to 9007194959773696"))
  }
}
