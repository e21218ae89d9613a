import Foundation
import Testing

/// What strangers wrote, or named, reaches a terminal, a log or a machine as escapes.
struct PrintedTextEndToEndTests {
  /// An escape sequence, its one-character form, text that is turned round, a line of its own, and nothing to see.
  private static let evil = "a\u{1b}[2Jb\u{9b}2Jc\u{202e}d\u{2028}e\u{200b}\u{feff}"
  private static let shown = #"a\x1b[2Jb\u009b2Jc\u202ed\u2028e\u200b\ufeff"#
  private static let inJSON = #"a\u001b[2Jb\u009b2Jc\u202ed\u2028e\u200b\ufeff"#

  /// Nothing in the text steers a terminal or can't be seen.
  private func expectHarmless(_ outcome: Outcome, _ location: SourceLocation = #_sourceLocation) {
    for text in [outcome.output, outcome.errors] {
      let hidden = text.unicodeScalars.filter { scalar in
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n"
        case .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
      }
      #expect(hidden.isEmpty, "\(text)", sourceLocation: location)
    }
  }

  @Test func aPublishersNotes() throws {
    let story = try Story()
    try story.release("1.1")
    try File.write(Self.evil.utf8, to: story.packager.path("notes.txt"))
    try story.packager.command([
      "amend", "1.1", "--notes-file", story.packager.path("notes.txt"),
    ]).succeed()
    let check = try story.user.esky("check")
    #expect(check.status == 10)
    #expect(check.output.contains(Self.shown), "\(check.output)")
    expectHarmless(check)
    let json = try story.user.esky("check", "--json")
    #expect(json.output.contains(Self.inJSON), "\(json.output)")
    expectHarmless(json)
    #expect(try json.json()["notes"] as? String == Self.evil)
    for words in [["show", "1.1"], ["show", "1.1", "--json"]] {
      let shown = try story.packager.command(words).run()
      #expect(shown.output.contains(words.count == 2 ? Self.shown : Self.inJSON))
      expectHarmless(shown)
    }
  }

  @Test func namesOfTargets() throws {
    let packager = try Packager()
    try File.write("x".utf8, to: packager.path("file"))
    // Control characters are refused in names.
    let evil = "c\u{202e}d\u{2028}e\u{200b}\u{feff}"
    let shown = #"c\u202ed\u2028e\u200b\ufeff"#
    try packager.command(["add", "file", "--name", evil]).succeed()
    for words in [["list", "--targets"], ["list", "--targets", "--json"]] {
      let outcome = try packager.command(words).run()
      #expect(outcome.status == 0)
      #expect(outcome.output.contains(shown), "\(outcome.output)")
      expectHarmless(outcome)
    }
    let work = try TemporaryFolder("client")
    let words = [
      "--metadata-dir", work.path + "/trust",
      "--metadata-url", "file://" + packager.repository + "/metadata",
    ]
    let client = try Dist.product("tuf-client")
    try Command(client, words + ["init", packager.repository + "/metadata/1.root.json"]).succeed()
    try Command(client, words + ["refresh"]).succeed()
    let list = try Command(client, ["--metadata-dir", work.path + "/trust", "list"]).run()
    #expect(list.output.contains(shown))
    expectHarmless(list)
    expectHarmless(try Command(client, words + ["frobnicate" + Self.evil]).run())
    expectHarmless(try packager.command(["remove", Self.evil + "x"]).run())
    expectHarmless(try packager.command(["build", Self.evil, "--version", Self.evil]).run())
    expectHarmless(try packager.command([Self.evil]).run())
    expectHarmless(try packager.command(["remove", evil]).run())
  }

  @Test func helpKeepsItsLines() throws {
    let help = try Command(Dist.product("bundle-esky"), ["build", "--help"]).run()
    #expect(help.status == 0)
    #expect(help.output.split(separator: "\n").count > 20)
    #expect(help.errors == "")
    let wrong = try Command(Dist.product("bundle-esky"), ["build", "--frobnicate"]).run()
    #expect(wrong.status == 64)
    #expect(wrong.output == "")
    #expect(wrong.errors.hasPrefix("Error: "))
    #expect(wrong.errors.split(separator: "\n").count > 1)
  }

  /// The folder's name is somebody else's who made the archive or the disk.
  @Test func whatTheLauncherAndTheFinderSayOfAFolder() throws {
    let builder = try AppBuilder(in: "f" + Self.evil)
    let empty = try builder.run()
    #expect(empty.status == 127)
    #expect(empty.errors.contains(Self.shown), "\(empty.errors)")
    expectHarmless(empty)
    try builder.add("1.0", program: "#!/no/such/interpreter\n")
    let broken = try builder.run()
    #expect(broken.status == 126)
    #expect(broken.errors.contains(Self.shown))
    expectHarmless(broken)
    let esky = try Dist.product("runtime/esky")
    for words in [["status"], ["status", "--json"], ["update"], ["--json", "verify"]] {
      let outcome = try Command(esky, ["--root", builder.root] + words).run()
      #expect(outcome.output.contains(#"\u202e"#) || outcome.errors.contains(#"\u202e"#))
      expectHarmless(outcome)
    }
  }

  @Test func harmlessTextStaysAsItIs() throws {
    let builder = try AppBuilder(in: "Grüße 世界 🎉")
    #expect(try builder.run().errors.contains("/Grüße 世界 🎉 can be started"))
  }
}
