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

  /// Options of 1.1, whose predecessor has a certificate, looks for updates daily and follows the stable channel.
  struct Loss: CustomTestStringConvertible {
    let word: String
    let remark: String
    let options: [String]
    var testDescription: String { word }

    static let all: [Loss] = [
      Loss(
        word: "ca-file", remark: "can't check for updates ever again",
        options: ["--check", "daily"]),
      Loss(word: "check", remark: "never updates again", options: ["--ca-file", "/etc/own.pem"]),
      Loss(
        word: "channel", remark: "would follow beta from then on",
        options: ["--ca-file", "/etc/own.pem", "--check", "on-start", "--channel", "beta"]),
    ]
  }

  @Test(arguments: Loss.all)
  func whatCutsUsersOffFromUpdatesNeedsAWord(row: Loss) throws {
    let packager = try Packager()
    try packager.release(
      "1.0", url: Self.url, ["--ca-file", "/etc/own.pem", "--check", "daily"])
    try packager.write("1.1")
    let archive = try packager.build("1.1", url: Self.url, row.options)
    let refused = try packager.command(["publish", archive]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains(row.remark), "\(refused.errors)")
    #expect(refused.errors.contains("--allow \(row.word)"))
    // Whoever chose the channel himself stays in it.
    if row.word == "channel" {
      try packager.command(["publish", archive, "--channel", "beta"]).succeed()
      let promoted = try packager.command(["promote", "1.1", "--channel", "stable"]).run()
      #expect(promoted.errors.contains("--allow channel"), "\(promoted.errors)")
    } else {
      try packager.command(["publish", archive, "--allow", row.word]).succeed()
    }
  }

  @Test(arguments: [true, false])
  func whatCannotBeComparedNeedsAWord(isGone: Bool) throws {
    let packager = try packager()
    #expect(try publish(packager, "1.1").status == 0)
    let targets = packager.path("repository/targets")
    for name in try FileManager.default.contentsOfDirectory(atPath: targets) {
      if isGone {
        try FileManager.default.removeItem(atPath: targets + "/" + name)
      } else {
        try File.write("damaged".utf8, to: targets + "/" + name)
      }
    }
    let refused = try publish(packager, "1.2", url: "https://example.net/hello")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("can't compare with hello-1.1.\(AppBuilder.platform), hello-1.0."),
      "\(refused.errors)")
    #expect(refused.errors.contains("--allow unseen"))
    #expect(try publish(packager, "1.2", "--allow", "unseen").status == 0)
  }

  @Test func archivesThatWereTidiedAwayAreNotAskedFor() throws {
    let packager = try packager()
    #expect(try publish(packager, "1.1").status == 0)
    try packager.command(["prune", "--keep", "1"]).succeed()
    let targets = packager.path("repository/targets")
    for name in try FileManager.default.contentsOfDirectory(atPath: targets)
    where name.contains("hello-1.0") {
      try FileManager.default.removeItem(atPath: targets + "/" + name)
    }
    let next = try publish(packager, "1.2")
    #expect(next.status == 0, "\(next.errors)")
  }

  @Test func aWithdrawalSaysWhatItsWayDownChanges() throws {
    let packager = try packager()
    let second = try publish(
      packager, "1.1", url: "https://example.net/hello", programs: ["hello", "tool", "more"],
      "--allow", "url")
    #expect(second.status == 0, "\(second.errors)")
    let withdrawn = try packager.command(["withdraw", "1.1"]).run()
    #expect(withdrawn.status == 0)
    #expect(withdrawn.errors.contains("1.0.\(AppBuilder.platform) has no program more"))
    #expect(withdrawn.errors.contains("looks for updates at \(Self.url)"))
    #expect(!withdrawn.errors.contains("--allow"))
    #expect(
      try publish(packager, "1.2", programs: Self.programs + ["more"], "--allow", "url").status == 0
    )
    #expect(try publish(packager, "1.3", programs: Self.programs + ["more"]).status == 0)
    #expect(try packager.command(["withdraw", "1.3"]).run().errors == "")
  }

  @Test func aNameThatDiffersInCapitalsAloneIsNear() throws {
    let packager = try packager()
    try Executable.write("#!/bin/sh\n".utf8, to: packager.path("dist/HELLO/HELLO"))
    try packager.command([
      "build", "dist/HELLO", "--name", "HELLO", "--version", "1.0", "--update-url", Self.url,
    ]).succeed()
    let archive = packager.path("HELLO-1.0.\(AppBuilder.platform).zip")
    let refused = try packager.command(["publish", archive]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("differs in capitals alone"), "\(refused.errors)")
    try packager.command(["publish", archive, "--allow", "name"]).succeed()
  }

  // MARK: Whoever would come to a version

  private static let programs = ["hello", "tool"]
  private static let url = "https://example.org/hello"

  /// Builds a version and publishes it with these words alone.
  private func publish(
    _ packager: Packager, _ version: String, url: String = url, programs: [String] = programs,
    _ more: String...
  ) throws -> Outcome {
    try packager.write(version, programs: programs)
    let archive = try packager.build(version, url: url, programs: programs)
    return try packager.command(["publish", archive] + more).run()
  }

  /// What was meant for some is not what is meant for others.
  @Test(arguments: [
    ["promote", "1.1", "--channel", "stable"], ["amend", "1.1", "--channel", "stable"],
  ])
  func whatWasMeantForOneChannelNeedsItsWordForTheNext(words: [String]) throws {
    let packager = try packager()
    let beta = try publish(
      packager, "1.1", programs: ["hello"], "--channel", "beta", "--allow", "programs")
    #expect(beta.status == 0, "\(beta.errors)")
    let refused = try packager.command(words).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("has no program tool, which hello-1.0"))
    #expect(refused.errors.contains("--allow programs"))
    try packager.command(words + ["--allow", "programs"]).succeed()
  }

  @Test func theNewestOfAnotherChannelIsNotAllThatIsCompared() throws {
    let packager = try packager()
    let other = "https://example.net/hello"
    let beta = try publish(packager, "1.1", url: other, "--channel", "beta", "--allow", "url")
    #expect(beta.status == 0, "\(beta.errors)")
    let refused = try publish(packager, "1.2", url: other)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("hello-1.0.\(AppBuilder.platform) at \(Self.url)"))
    #expect(try publish(packager, "1.2", url: other, "--allow", "url").status == 0)
  }

  @Test func whatWasSaidOfAStepIsNotAskedAgain() throws {
    let packager = try packager()
    let first = try publish(packager, "1.1", programs: ["hello"], "--allow", "programs")
    #expect(first.status == 0)
    let second = try publish(packager, "1.2", programs: ["hello"])
    #expect(second.status == 0, "\(second.errors)")
    try packager.command(["amend", "1.2", "--halt"]).succeed()
  }

  @Test func aLowerMinimumOpensAVersionToMore() throws {
    let packager = try packager()
    let later = try publish(
      packager, "1.1", programs: ["hello"], "--minimum-version", "1.0.5")
    #expect(later.status == 0, "\(later.errors)")
    let refused = try packager.command(["amend", "1.1", "--minimum-version", "none"]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("has no program tool"))
    try packager.command(["amend", "1.1", "--minimum-version", "none", "--allow", "programs"])
      .succeed()
  }

  @Test(arguments: ["withdraw", "prune"])
  func versionsThatAreNotListedAnyMoreAreWithPeople(word: String) throws {
    let packager = try packager()
    #expect(try publish(packager, "1.1", programs: Self.programs + ["more"]).status == 0)
    #expect(try publish(packager, "1.2", programs: Self.programs + ["more"]).status == 0)
    if word == "withdraw" {
      try packager.command(["withdraw", "1.2", "1.1"]).succeed()
    } else {
      try packager.command(["prune", "--keep", "1"]).succeed()
    }
    let refused = try publish(packager, "1.3")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("has no program more, which hello-1."))
  }

  @Test func anOlderVersionIsComparedWithTheNewerOneThatFollowsIt() throws {
    let packager = try packager()
    let refused = try publish(
      packager, "0.9", programs: Self.programs + ["legacy"], "--allow-older")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("hello-1.0.\(AppBuilder.platform) has no program legacy"))
  }

  @Test func newAppsOfOneCommandAreComparedByName() throws {
    let packager = try Packager()
    var archives: [String] = []
    for name in ["hello", "hallo"] {
      try Executable.write("#!/bin/sh\n".utf8, to: packager.path("dist/\(name)/\(name)"))
      try packager.command([
        "build", "dist/\(name)", "--name", name, "--version", "1.0", "--update-url", Self.url,
      ]).succeed()
      archives.append(packager.path("\(name)-1.0.\(AppBuilder.platform).zip"))
    }
    let refused = try packager.command(["publish"] + archives).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("one letter away"))
    try packager.command(["publish"] + archives + ["--allow", "name"]).succeed()
  }

  @Test func aNewAppMayBeginOnSeveralPlatformsButNotGoOnElsewhere() throws {
    let packager = try Packager()
    func archive(_ version: String, _ platform: String) throws -> String {
      try packager.write(version)
      return try packager.build(version, url: Self.url, platform: platform)
    }
    let here = try archive("1.0", AppBuilder.platform)
    let elsewhere = try archive("1.1", Packager.foreignPlatform)
    let refused = try packager.command(["publish", here, elsewhere]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--allow platform"))
    try packager.command([
      "publish", here, try archive("1.0", Packager.foreignPlatform),
    ]).succeed()
  }

  @Test func versionsOfOneCommandAreComparedWithEachOther() throws {
    let packager = try Packager()
    try packager.write("1.0", programs: Self.programs)
    let first = try packager.build("1.0", url: Self.url, programs: Self.programs)
    try packager.write("1.1")
    let second = try packager.build("1.1", url: Self.url)
    let refused = try packager.command(["publish", second, first, "--allow-older"]).run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("has no program tool"))
  }

  // MARK: One judge

  @Test func aBundleForAnyMachineIsNotBuilt() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let outcome = try packager.command([
      "build", packager.source, "--name", "hello", "--version", "1.0", "--platform", "any",
    ]).run()
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("for one kind of machine"))
  }

  /// What is done to the archive of 1.1, and what publish, check and the finder say of it.
  struct Tampering: CustomTestStringConvertible {
    let testDescription: String
    let reason: String
    var dropped: [String] = []
    var added: [Forger.Entry] = []
    var lists = false

    static let all: [Tampering] = [
      Tampering(
        testDescription: "a file for the app folder",
        reason: "esky-bootstrap.txt does not list extra",
        added: [.init(name: "extra")], lists: true),
      Tampering(
        testDescription: "a file more", reason: "its manifest does not list extra",
        added: [.init(name: "VERSION/extra")]),
      Tampering(
        testDescription: "a file less", reason: "data is listed in its manifest but missing",
        dropped: ["VERSION/data"]),
      Tampering(
        testDescription: "a longer file", reason: "data is not what its manifest says",
        dropped: ["VERSION/data"], added: [.init(name: "VERSION/data", text: "longer")]),
      Tampering(
        testDescription: "other contents", reason: "data is not what its manifest says",
        dropped: ["VERSION/data"], added: [.init(name: "VERSION/data", text: "evil")]),
    ]
  }

  @Test(arguments: Tampering.all)
  func publishAndCheckJudgeAsTheFinderDoes(row: Tampering) throws {
    let story = try Story()
    try story.packager.write("1.1", files: ["data": "good"])
    let archive = try story.packager.build("1.1", url: story.mirror.url)
    let forger = Forger(packager: story.packager)
    let name = story.packager.archiveName("1.1")
    let copy = story.packager.path("forged/" + name)
    mkdir(story.packager.path("forged"), 0o755)
    try forger.rewrite(
      archive, to: copy, version: "1.1", without: row.dropped, adding: row.added,
      listing: row.lists)
    let publish = try story.packager.command(["publish", copy]).run()
    #expect(publish.status == 1)
    #expect(publish.errors.contains(row.reason), "\(publish.errors)")
    try forger.publish(copy, as: name)
    let check = try story.packager.command(["check", "--deep"]).run()
    #expect(check.status == 1)
    #expect(check.output.contains(row.reason), "\(check.output)")
    let before = try story.user.installed()
    for reason in [row.reason, "was refused before"] {
      let update = try story.user.esky("update")
      #expect(update.status == 21)
      #expect(update.errors.contains(reason), "\(update.errors)")
    }
    #expect(try story.user.installed() == before)
    #expect(try story.user.leftovers() == [])
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
