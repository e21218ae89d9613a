import Foundation
import Testing

/// What is refused once is not fetched again in vain, and costs no more than it must.
struct RefusedBeforeEndToEndTests {
  /// Publishes 1.0 and 1.1, and versions that no client can use.
  private func story(unusable versions: [String] = ["1.2"]) throws -> Story {
    let story = try Story()
    try story.release("1.1")
    for version in versions {
      try story.packager.write(version)
      let archive = try story.packager.build(version, url: story.mirror.url)
      let copy = story.packager.path("forged.zip")
      let forger = Forger(packager: story.packager)
      try forger.rewrite(archive, to: copy, version: version, without: ["VERSION/hello"])
      try forger.publish(copy, as: story.packager.archiveName(version))
    }
    return story
  }

  private func fetched(_ story: Story) -> Int {
    story.mirror.requests().filter { $0.path.hasSuffix(".zip") }.count
  }

  @Test func theNextBestIsTakenAndTheBadOneIsFetchedOnce() throws {
    let story = try story()
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 11)
    #expect(outcome.errors.contains("passed over hello-1.2"))
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(try story.user.leftovers() == [])
    #expect(fetched(story) == 2)

    for command in ["check", "update"] {
      let again = try story.user.esky(command)
      #expect(again.status == 21)
      #expect(again.errors.contains("was refused before"))
      #expect(again.errors.contains("its program hello is missing"))
    }
    #expect(fetched(story) == 0)
    // Once the publisher has changed something, all is forgotten.
    try story.release("1.3")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.3|x\n")
  }

  @Test func oneRunTriesNoMoreThanFiveAndTheNextGoesOn() throws {
    let story = try story(unusable: (2...7).map { "1.\($0)" })
    let outcome = try story.user.esky("update")
    #expect(outcome.status == 21)
    #expect(outcome.errors.contains("hello-1.7"))
    #expect(fetched(story) == 5)
    #expect(try story.user.esky("update").status == 11)
    #expect(fetched(story) == 2)
    #expect(try story.user.run("x").output == "1.1|x\n")
  }

  @Test func nothingIsUnpackedOfWhatTheDirectoryAloneRefuses() throws {
    let story = try story()
    let trace = story.user.folder.path + "/trace"
    var command = try story.user.finder(["update"])
    command.arguments =
      ["-f", "-o", trace, "-e", "trace=mkdirat,openat", command.program] + command.arguments
    command.program = "/usr/bin/strace"
    #expect(try command.run().status == 11)
    let calls = try #require(File.text(trace))
    #expect(!calls.contains("hello-1.2.\(AppBuilder.platform)\", 0700"))
  }
}
