import Foundation
import LoopbackServer
import Testing

/// What a hostile or broken server sends, and that it changes nothing.
struct UpdateRefusalEndToEndTests {
  /// What is sent in place of a file.
  struct Attack: CustomTestStringConvertible {
    let testDescription: String
    /// The file that is told of, and why.
    let remark: String
    /// A part of the path of the requests that are answered.
    let path: String
    /// Makes the answer of the honest bytes and, for metadata, those of the version before.
    let answer: @Sendable (_ new: [UInt8], _ old: [UInt8]) -> LoopbackServer.Response

    static let archive = "hello-1.1.\(AppBuilder.platform).zip"

    static let all: [Attack] = [
      Attack(
        testDescription: "a bit flipped", remark: "\(archive) does not have the hash", path: archive
      ) { new, _ in
        var bytes = new
        bytes[bytes.count / 2] ^= 1
        return .resource(bytes)
      },
      Attack(
        testDescription: "too short", remark: "\(archive) has 1000 bytes, but", path: archive
      ) { new, _ in .body(Array(new.prefix(1000))) },
      Attack(testDescription: "empty", remark: "\(archive) has 0 bytes, but", path: archive) {
        _, _ in .body([])
      },
      Attack(testDescription: "a byte too long", remark: "\(archive) is longer", path: archive) {
        new, _ in .body(new + [0])
      },
      Attack(testDescription: "endless", remark: "\(archive) is longer", path: archive) {
        _, _ in .endless()
      },
      Attack(
        testDescription: "of the right length", remark: "\(archive) does not have the hash",
        path: archive
      ) { new, _ in .body([UInt8](repeating: 0, count: new.count)) },
      Attack(
        testDescription: "the version before", remark: "\(archive) ", path: archive
      ) { _, old in .body(old) },

      Attack(
        testDescription: "timestamp without signatures", remark: "timestamp.json is not properly",
        path: "timestamp.json"
      ) { new, _ in .body(edited(new) { $0["signatures"] = [] as [Any] }) },
      Attack(
        testDescription: "timestamp changed", remark: "timestamp.json is not properly signed: 0 of",
        path: "timestamp.json"
      ) { new, _ in
        .body(
          edited(new) {
            var signed = $0["signed"] as? [String: Any] ?? [:]
            signed["version"] = 100
            $0["signed"] = signed
          })
      },
      Attack(
        testDescription: "timestamp rolled back", remark: "timestamp.json is a rollback",
        path: "timestamp.json"
      ) { _, old in .body(old) },
      Attack(
        testDescription: "timestamp that is a page", remark: "timestamp.json is not valid metadata",
        path: "timestamp.json"
      ) { _, _ in .body(Array("<html>Log in to the hotel's network</html>".utf8)) },
      Attack(
        testDescription: "timestamp endless", remark: "timestamp.json is longer than",
        path: "timestamp.json"
      ) { _, _ in .endless() },
      Attack(
        testDescription: "timestamp zipped to burst", remark: "timestamp.json is longer than",
        path: "timestamp.json"
      ) { _, _ in .gzip(zeros: 50_000_000) },
      Attack(
        testDescription: "snapshot of before", remark: "snapshot.json ", path: "3.snapshot.json"
      ) { _, old in .body(old) },
      Attack(
        testDescription: "targets of before", remark: "targets.json ", path: "3.targets.json"
      ) { _, old in .body(old) },
      Attack(
        testDescription: "targets endless", remark: "targets.json is longer than",
        path: "3.targets.json"
      ) { _, _ in .endless() },
      Attack(
        testDescription: "a root of nobody", remark: "root.json is not valid metadata",
        path: "2.root.json"
      ) { _, _ in .body(Array("{}".utf8)) },
      Attack(
        testDescription: "a root endless", remark: "root.json is longer than", path: "2.root.json"
      ) { _, _ in .endless() },
    ]

    private static func edited(
      _ bytes: [UInt8], _ change: (inout [String: Any]) -> Void
    ) -> [UInt8] {
      var object =
        (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
      change(&object)
      return [UInt8]((try? JSONSerialization.data(withJSONObject: object)) ?? Data())
    }
  }

  @Test(arguments: Attack.all)
  func isRefusedAndChangesNothing(attack: Attack) throws {
    let story = try Story(ready: ())
    let old = try Self.served(story)
    try story.publish("1.1")
    // The rollback is one only for who has seen the newer one.
    if attack.path == "timestamp.json" { #expect(try story.user.esky("check").status == 10) }
    let new = try Self.served(story)
    let before = try story.user.installed()
    story.mirror.answer { request in
      guard request.path.hasSuffix(attack.path) else { return nil }
      let name = String(request.path.split(separator: "/").last ?? "")
      let previous =
        name == "timestamp.json"
        ? name
        : name.replacingOccurrences(of: "3.", with: "2.")
      let older = old[previous] ?? old.first { $0.key.hasSuffix(".zip") }?.value ?? []
      return attack.answer(new[name] ?? [], older)
    }
    let outcome = try story.user.esky("update")
    try Self.expectRefusal(outcome, attack.remark)
    #expect(try story.user.installed() == before)
    #expect(try story.user.run("x").output == "1.0|x\n")
    let json = try story.user.esky("update", "--json")
    #expect(json.status == 21)
    #expect(try json.json()["result"] as? String == "refused")
    story.mirror.answer(nil)
    let good = try story.user.esky("update")
    #expect(good.status == 11, Comment(rawValue: good.errors))
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(try story.user.leftovers() == [])
  }

  @Test(arguments: ["timestamp", "snapshot", "targets"])
  func whatHasExpiredIsRefused(role: String) throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let forger = Forger(packager: story.packager)
    switch role {
    case "snapshot": try forger.sign([.snapshot], daysAgo: 22)
    case "targets": try forger.sign([.targets], daysAgo: 400)
    default: try forger.sign([.timestamp], daysAgo: 22)
    }
    let before = try story.user.installed()
    for command in ["check", "update"] {
      try Self.expectRefusal(try story.user.esky(command), "\(role).json expired on 20")
    }
    #expect(try story.user.installed() == before)
    // No clock and no expiry keeps an app from starting.
    #expect(try story.user.run("x").output == "1.0|x\n")
    try forger.sign([.snapshot, .targets], daysAgo: 0)
    #expect(try story.user.esky("update").status == 11)
  }

  /// All served files by their names.
  private static func served(_ story: Story) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for folder in ["metadata", "targets"] {
      let path = story.packager.repository + "/" + folder
      for name in try FileManager.default.contentsOfDirectory(atPath: path) {
        files[name] = [UInt8](
          FileManager.default.contents(atPath: path + "/" + name) ?? Data())
      }
    }
    return files
  }

  static func expectRefusal(
    _ outcome: Outcome, _ remark: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let errors = Comment(rawValue: outcome.errors)
    #expect(outcome.status == 21, errors, sourceLocation: location)
    #expect(outcome.complaints.count == 1, errors, sourceLocation: location)
    #expect(outcome.errors.hasPrefix("esky: refused: "), errors, sourceLocation: location)
    #expect(outcome.errors.contains(remark), errors, sourceLocation: location)
  }

  @Test func whatAStrangerWroteReachesNoTerminal() throws {
    let story = try Story("1.0")
    let text = #"{"\u001b[2J\u009b\n": 1, "\u001b[2J\u009b\n": 2}"#
    story.mirror.answer { $0.path.hasSuffix("timestamp.json") ? .body(Array(text.utf8)) : nil }
    let outcome = try story.user.esky("check")
    #expect(outcome.status == 21)
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains(#"\x1b[2J\u009b\x0a"#), Comment(rawValue: outcome.errors))
    #expect(!outcome.errors.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x9b })
  }
}
