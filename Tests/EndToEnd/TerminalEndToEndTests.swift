import Foundation
import Testing

/// What is asked of a person at a terminal, and what is never shown there.
struct TerminalEndToEndTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("terminal") }

  private func run(_ answers: [String], _ words: [String]) throws -> Outcome {
    var command = Command(
      "/usr/bin/env",
      [
        "python3", PythonPrograms.fixtures + "/terminal.py", answers.joined(separator: "|"),
        try Dist.product("bundle-esky"),
      ] + words)
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
    #expect(online.output.components(separatedBy: "Passphrase of").count - 1 == 1)
    let all = try run(["apple tart", "bread roll"], ["refresh", "--force"])
    #expect(all.status == 0, "\(all.output)")
    #expect(all.output.contains("Passphrase of keys/offline/root.key: "))
    #expect(!all.output.contains("recovery"))
    let wrong = try run(["a", "b", "c"], ["refresh", "--force", "timestamp"])
    #expect(wrong.status == 12)
    #expect(wrong.output.contains("does not open keys/online/timestamp.key"))
  }

  @Test func passphrasesThatDifferMakeNoKeys() throws {
    let outcome = try run(["one", "two"], ["init", "--protection", "interactive"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("the passphrases differ"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func aRepositoryIsRemovedByWhoeverTypesItsName() throws {
    #expect(
      try run(["a", "a", "b", "b"], ["init", "--protection", "interactive"]).status == 0)
    let refused = try run(["yes"], ["destroy"])
    #expect(refused.status == 1)
    #expect(refused.output.contains("Type the folder's name to go on: "))
    #expect(File.exists(folder.path + "/repository/metadata/timestamp.json"))
    #expect(try run(["repository"], ["destroy"]).status == 0)
    #expect(!File.exists(folder.path + "/repository"))
  }
}
