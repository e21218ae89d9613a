import Foundation
import Testing

/// Where trust begins: what a user's own act of unpacking may change, and what a download never.
struct TrustEndToEndTests {
  /// Puts another packager's repository where a mirror serves one.
  private func serve(_ other: Packager, at story: Story) throws {
    try FileManager.default.removeItem(atPath: story.packager.repository)
    try Command("/bin/cp", ["-a", other.repository, story.packager.repository]).succeed()
  }

  @Test func aPublisherWhoLostAllKeysIsBelievedOnceAUserHasUnpackedANewRelease() throws {
    let story = try Story()
    try story.release("1.1")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.esky("cleanup").status == 0)

    // All keys are lost: a new repository with new keys, which begins at version 1 again.
    let again = try Packager(withKeysOfItsOwn: "hello")
    let archive = try again.release("1.2", url: story.mirror.url)
    try serve(again, at: story)
    #expect(try story.user.esky("check").status == 21)
    #expect(try story.user.esky("update").status == 21)
    #expect(try story.user.run("x").output == "1.1|x\n")

    try story.user.unzip(archive)
    #expect(try story.user.run("x").output == "1.2|x\n")
    let check = try story.user.esky("check")
    #expect(check.status == 0, "\(check.errors)")
    try again.release("1.3", url: story.mirror.url)
    try serve(again, at: story)
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.3|x\n")
    #expect(try story.user.leftovers() == [])
  }

  /// A first look that gets nowhere has stored where trust begins all the same.
  @Test func aFailedFirstLookKeepsNobodyFromBelievingANewRelease() throws {
    let story = try Story()
    story.mirror.answer { _ in .close }
    #expect(try story.user.esky("check").status == 20)
    story.mirror.answer(nil)
    let again = try Packager(withKeysOfItsOwn: "hello")
    try story.user.unzip(again.release("1.2", url: story.mirror.url))
    // The old repository answers once more, and what was unpacked is not its own.
    #expect(try story.user.esky("check").status == 0)
    try serve(again, at: story)
    try again.release("1.3", url: story.mirror.url)
    try serve(again, at: story)
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 11, "\(outcome.errors)")
    #expect(try story.user.run("x").output == "1.3|x\n")
  }

  @Test func whatWasUnpackedIsNotBelievedWhileTheOldRepositoryAnswers() throws {
    let story = try Story()
    try story.release("1.1")
    #expect(try story.user.esky("update").status == 11)
    let stranger = try Packager(withKeysOfItsOwn: "hello")
    let archive = try stranger.release("1.2", url: story.mirror.url)
    try story.user.unzip(archive)
    let before = File.text(story.user.work + "/metadata/root.json")
    #expect(try story.user.esky("check").status == 0)
    #expect(File.text(story.user.work + "/metadata/root.json") == before)
    try story.release("1.4")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.4|x\n")
  }

  /// Keys that sign targets are not enough to bring a root of one's own.
  @Test func aDownloadNeverBringsARootOfItsOwn() throws {
    let story = try Story()
    #expect(try story.user.esky("check").status == 0)
    let thief = try Packager(withKeysOfItsOwn: "hello")
    try thief.write("1.1")
    let archive = try thief.build("1.1", url: story.mirror.url)
    try Forger(packager: story.packager).publish(
      archive, as: story.packager.archiveName("1.1"))
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 21)
    #expect(outcome.errors.contains("ships a root of trust"))
    #expect(try story.user.run("x").output == "1.0|x\n")
    #expect(try story.user.leftovers() == [])
    // Nor does his repository get anywhere.
    try thief.publish(archive)
    try serve(thief, at: story)
    #expect(try story.user.esky("check").status == 21)
  }

  /// How a root of the same publisher is known: each of the two is enough.
  enum Kinship: CaseIterable {
    /// The trusted one came from it.
    case history
    /// A key of the root role is in both.
    case key
  }

  /// Who unpacks a genuine release by hand is not led back to the keys that were good when it was built.
  @Test(arguments: Kinship.allCases)
  func anOlderRootOfTheSamePublisherIsNeverGoneBackTo(kinship: Kinship) throws {
    let story = try Story()
    let packager = story.packager
    func renewRoot() throws { try packager.command(["refresh", "--force", "root"]).succeed() }
    try renewRoot()
    try packager.write("1.2")
    let archive = try packager.build("1.2", url: story.mirror.url)
    let thief = try Packager(copying: packager)
    // What was stolen is good for nothing any more.
    try packager.command(["key", "new", "keys/online/new.key"]).succeed()
    let replacing = "keys/online/timestamp.key=keys/online/new.key"
    try packager.command(["rotate", "timestamp", "--replace", replacing]).succeed()
    if kinship == .history {
      try packager.command(["key", "new", "keys/offline/new.key"]).succeed()
      for key in ["offline", "recovery"] {
        let words = ["rotate", "root", "--replace", "keys/\(key)/root.key=keys/offline/new.key"]
        try packager.command(words + ["--no-recovery"]).succeed()
      }
    }
    try renewRoot()
    #expect(try story.user.esky("check").status == 0)
    let trusted = File.text(story.user.work + "/metadata/root.json")
    if kinship == .key {
      try FileManager.default.removeItem(atPath: story.user.work + "/metadata/root-history")
    }

    try story.user.unzip(archive)
    try thief.release("1.9", url: story.mirror.url)
    try serve(thief, at: story)
    #expect(try story.user.esky("update").status == 21)
    #expect(try story.user.run("x").output == "1.2|x\n")
    #expect(File.text(story.user.work + "/metadata/root.json") == trusted)
  }

  /// A release that was built before the root was rotated comes from the same place.
  @Test func aReleaseWithAnOlderRootOfTheSameRepositoryIsInstalled() throws {
    let story = try Story()
    try story.packager.write("1.1")
    let archive = try story.packager.build("1.1", url: story.mirror.url)
    for _ in 1...2 {
      try story.packager.command(["refresh", "--force", "root"]).succeed()
    }
    #expect(try story.user.esky("check").status == 0)
    try story.packager.publish(archive)
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 11, "\(outcome.errors)")
    // It asks for the roots between once, and no more.
    _ = story.mirror.requests()
    #expect(try story.user.esky("check").status == 0)
    #expect(!story.mirror.requests().contains { $0.path.hasSuffix("/2.root.json") })
  }
}
