import Foundation
import Testing

/// What is asked of a person at a terminal, and what is never shown there.
struct TerminalEndToEndTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("terminal") }

  private func run(
    _ answers: [String], _ words: [String], _ environment: [String: String] = [:]
  ) throws -> Outcome {
    var command = Command(
      "/usr/bin/env",
      [
        "python3", PythonPrograms.fixtures + "/terminal.py", answers.joined(separator: "|"),
        // Of what begins with ESKY_, the terminal passes nothing on.
        "/usr/bin/env",
      ] + environment.map { "\($0)=\($1)" } + [try Dist.product("bundle-esky")] + words)
    command.folder = folder.path
    return try command.run(seconds: 120)
  }

  @Test func passphrasesAreAskedForAndNotShown() throws {
    let made = try run(
      ["apple tart", "apple tart", "bread roll", "bread roll"],
      ["init", "--protection", "interactive"])
    #expect(made.status == 0, "\(made.output)")
    #expect(made.output.contains("New passphrase for the offline keys: "))
    #expect(
      made.output.contains("New passphrase for the online keys, which cron or CI will know: "))
    #expect(!made.output.contains("apple tart") && !made.output.contains("bread roll"))
    // Only the key that signs is unlocked, and one passphrase is asked for once.
    let online = try run(["bread roll"], ["refresh", "--force", "snapshot"])
    #expect(online.status == 0)
    #expect(online.output.components(separatedBy: "Passphrase of the online keys").count - 1 == 1)
    let all = try run(["apple tart", "bread roll"], ["refresh", "--force"])
    #expect(all.status == 0, "\(all.output)")
    #expect(all.output.contains("Passphrase of the offline keys (keys/offline/root.key): "))
    #expect(!all.output.contains("recovery"))
    let wrong = try run(["a", "b", "c"], ["refresh", "--force", "timestamp"])
    #expect(wrong.status == 12)
    #expect(wrong.output.contains("does not open keys/online/timestamp.key"))
  }

  @Test func passphrasesThatAlwaysDifferMakeNoKeys() throws {
    let outcome = try run(
      ["apple tart", "bread roll", "apple tart", "pear tart", "apple tart", "tart apple"],
      ["init", "--protection", "interactive"])
    #expect(outcome.status == 1)
    #expect(outcome.output.components(separatedBy: "The two differ.").count - 1 == 2)
    #expect(outcome.output.contains("no passphrase was typed twice alike, so nothing was made"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func aMistypedPassphraseIsAskedForAgain() throws {
    let made = try run(
      ["apple tart", "apple trat", "", "apple tart", "apple tart", "bread roll", "bread roll"],
      ["init", "--protection", "interactive"])
    #expect(made.status == 0, "\(made.output)")
    #expect(made.output.contains("The two differ. New passphrase for the offline keys: "))
    #expect(made.output.contains("It can't be empty. New passphrase for the offline keys: "))
    let signed = try run(["bread rol", "bread roll"], ["refresh", "--force", "timestamp"])
    #expect(signed.status == 0, "\(signed.output)")
    #expect(
      signed.output.contains(
        "That is wrong. Passphrase of the online keys (keys/online/timestamp.key): "))
  }

  @Test func aPhraseOfOneLetterIsQuestioned() throws {
    let made = try run(
      ["a", "no", "apple tart", "apple tart", "b", "yes", "b"],
      ["init", "--protection", "interactive"])
    #expect(made.status == 0, "\(made.output)")
    #expect(made.output.components(separatedBy: "Take it all the same?").count - 1 == 2)
    #expect(try run(["apple tart"], ["refresh", "--force", "root"]).status == 0)
  }

  @Test func aWeakPassphraseOfAnImportedKeyIsQuestioned() throws {
    try Command(
      "/usr/bin/openssl",
      [
        "genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass", "pass:abcd", "-out",
        folder.path + "/old.pem",
      ]
    ).succeed()
    let words = ["key", "import", "old.pem", "--to", "keys/new.key", "--protection", "interactive"]
    let refused = try run(["abcd", "no"], words)
    #expect(refused.status == 1)
    #expect(refused.output.contains("Take it all the same?"), "\(refused.output)")
    #expect(!File.exists(folder.path + "/keys/new.key"))
    #expect(try run(["abcd", "yes"], words).status == 0)
  }

  @Test func aPassphraseOfOtherKeysIsNotCalledWrong() throws {
    let words = ["apple tart", "apple tart", "bread roll", "bread roll"]
    #expect(try run(words, ["init", "--protection", "interactive"]).status == 0)
    let signed = try run(
      ["bread roll"], ["refresh", "--force", "timestamp"], ["ESKY_PASSPHRASE": "apple tart"])
    #expect(signed.status == 0)
    #expect(
      signed.output.contains(
        "What was given for other keys does not open it. Passphrase of the online keys"),
      "\(signed.output)")
    let hours = try run([], ["refresh", "--expires", "root=1h"])
    #expect(hours.status == 64)
    #expect(hours.output.contains("whole days or weeks, as 7d or 3w"), "\(hours.output)")
  }

  @Test func theSealedKeyIsAskedForByItsName() throws {
    let words = ["apple tart", "apple tart", "bread roll", "bread roll"]
    #expect(try run(words, ["init", "--protection", "interactive"]).status == 0)
    try FileManager.default.removeItem(atPath: folder.path + "/keys/offline")
    let phrase = try #require(File.text(folder.path + "/keys/recovery/phrase.txt"))
      .trimmingCharacters(in: .newlines)
    let signed = try run(["wrong", phrase], ["refresh", "--force", "root"])
    #expect(signed.status == 0, "\(signed.output)")
    #expect(
      signed.output.contains("That is wrong. Phrase of the sealed key (keys/recovery/root.key): "))
  }

  @Test func aRepositoryIsRemovedByWhoeverTypesItsName() throws {
    #expect(
      try run(
        ["apple tart", "apple tart", "bread roll", "bread roll"],
        ["init", "--protection", "interactive"]
      ).status == 0)
    let refused = try run(["yes"], ["destroy"])
    #expect(refused.status == 1)
    #expect(refused.output.contains("Type the folder's name to go on: "))
    #expect(File.exists(folder.path + "/repository/metadata/timestamp.json"))
    #expect(try run(["repository"], ["destroy"]).status == 0)
    #expect(!File.exists(folder.path + "/repository"))
  }
}
