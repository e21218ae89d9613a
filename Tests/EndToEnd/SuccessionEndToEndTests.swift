import Foundation
import Testing

/// What a new version does to those who have the one before it, where that is seldom meant.
struct SuccessionEndToEndTests {
  /// A packager with 1.0 published, which has two programs.
  private func packager() throws -> Packager {
    let packager = try Packager()
    try packager.release("1.0", url: "https://example.org/hello", programs: ["hello", "tool"])
    return packager
  }

  /// What is refused without a word, the word, and what is said.
  struct Case: CustomTestStringConvertible {
    let word: String
    let remark: String
    let build: @Sendable (Packager) throws -> String
    var testDescription: String { word }

    static let all: [Case] = [
      Case(word: "url", remark: "never comes back to the old place") {
        try $0.write("1.1", programs: ["hello", "tool"])
        return try $0.build("1.1", url: "https://example.net/hello", programs: ["hello", "tool"])
      },
      Case(word: "programs", remark: "has no program tool") {
        try $0.write("1.1")
        return try $0.build("1.1", url: "https://example.org/hello")
      },
      Case(word: "name", remark: "one letter away") {
        try Executable.write("#!/bin/sh\n".utf8, to: $0.path("dist/hallo/hallo"))
        try $0.command([
          "build", "dist/hallo", "--name", "hallo", "--version", "1.1", "--update-url",
          "https://example.org/hello",
        ]).succeed()
        return $0.path("hallo-1.1.\(AppBuilder.platform).zip")
      },
      Case(word: "platform", remark: "nobody has hello for \(Packager.foreignPlatform) yet") {
        try $0.write("1.1", programs: ["hello", "tool"])
        return try $0.build(
          "1.1", url: "https://example.org/hello", programs: ["hello", "tool"],
          platform: Packager.foreignPlatform)
      },
    ]
  }

  @Test(arguments: Case.all)
  func isRefusedWithoutAWordThatItIsMeant(row: Case) throws {
    let packager = try packager()
    let archive = try row.build(packager)
    let refused = try packager.command(["publish", archive]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains(row.remark), "\(refused.errors)")
    #expect(refused.errors.contains("--allow \(row.word)"))
    try packager.command(["publish", archive, "--allow", row.word]).succeed()
  }

  @Test func whatFollowsAsUsualNeedsNoWord() throws {
    let packager = try packager()
    try packager.release(
      "1.1", url: "https://example.org/hello", programs: ["hello", "more", "tool"])
  }

  @Test func aBundleForAnyMachineIsNotBuilt() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let outcome = try packager.command([
      "build", packager.source, "--name", "hello", "--version", "1.0", "--platform", "any",
    ]).run()
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("for one kind of machine"))
  }

  @Test func publishAndCheckJudgeAsTheFinderDoes() throws {
    let story = try Story()
    try story.packager.write("1.1")
    let archive = try story.packager.build("1.1", url: story.mirror.url)
    let forger = Forger(packager: story.packager)
    let name = story.packager.archiveName("1.1")
    let copy = story.packager.path("forged/" + name)
    mkdir(story.packager.path("forged"), 0o755)
    try forger.rewrite(archive, to: copy, version: "1.1", adding: [.init(name: "extra")])
    let reason = "esky-bootstrap.txt does not list extra"
    let publish = try story.packager.command(["publish", copy]).run()
    #expect(publish.status == 1)
    #expect(publish.errors.contains(reason))
    try forger.publish(copy, as: name)
    let check = try story.packager.command(["check", "--deep"]).run()
    #expect(check.status == 1)
    #expect(check.output.contains(reason))
    let update = try story.user.esky("update")
    #expect(update.status == 21)
    #expect(update.errors.contains(reason))
  }

  @Test func theSameFilesGiveTheSameBytesUnderWhateverMask() throws {
    let packager = try Packager()
    try packager.write("1.0", files: ["data": "text"])
    var archives: [Data] = []
    for mode in ["u=rwX,go=", "a=rwX", "u=rwX,go=rX"] {
      try Command("/bin/chmod", ["-R", mode, packager.source]).succeed()
      let archive = try packager.build("1.0", url: nil)
      archives.append(try Data(contentsOf: URL(fileURLWithPath: archive)))
    }
    #expect(archives[0] == archives[1] && archives[1] == archives[2])
    let user = try Installation(unzipping: packager.archive("1.0"))
    let modes = try Set(user.installed().compactMap { $0.split(separator: " ").dropFirst(2).first })
    #expect(modes.isSubset(of: ["755", "644"]))
  }
}
