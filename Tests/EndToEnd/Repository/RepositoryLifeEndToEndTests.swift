import Foundation
import Testing

/// A repository's whole life, by the packager's own commands: python-tuf and `tuf-client` accept every state,
/// both those that follow from the first root on and those that begin there each time.
struct RepositoryLifeEndToEndTests {
  /// What is done, and what clients can download then.
  private final class Life {
    let packager: Packager
    var targets: [String: String] = [:]
    private(set) var operations = 0
    private let first: String

    init() throws {
      packager = try Packager()
      first = packager.path("first-root.json")
      try FileManager.default.copyItem(
        atPath: packager.repository + "/metadata/1.root.json", toPath: first)
      for place in ["followed", "fresh"] {
        try FileManager.default.createDirectory(
          atPath: packager.path("ours/\(place)/targets"), withIntermediateDirectories: true)
      }
      try ours("followed", ["init", first])
    }

    private func ours(_ place: String, _ words: [String]) throws {
      try Command(
        Dist.product("embedded/tuf-client"),
        [
          "--metadata-dir", packager.path("ours/\(place)/metadata"), "--metadata-url",
          "file://" + packager.repository + "/metadata",
        ] + words
      ).succeed()
    }

    /// Runs a command of the packager's; a state that is published is looked at by all clients.
    @discardableResult
    func run(_ words: String..., status: Int32 = 0) throws -> Outcome {
      let outcome = try packager.command(words).run(seconds: 120)
      guard outcome.ending == .exited(status) else {
        throw Failure("\(words): \(outcome.ending) \(outcome.output)\(outcome.errors)")
      }
      operations += 1
      try look(after: words)
      return outcome
    }

    /// Writes a file and adds it.
    func add(_ name: String, _ text: String, _ more: String..., status: Int32 = 0) throws {
      try File.write(text.utf8, to: packager.path("source"))
      if status == 0 { targets[name] = text }
      let words = ["add", "source", "--name", name] + more
      let outcome = try packager.command(words).run(seconds: 120)
      guard outcome.ending == .exited(status) else {
        throw Failure("\(words): \(outcome.ending) \(outcome.output)\(outcome.errors)")
      }
      operations += 1
      try look(after: words)
    }

    private func look(after words: [String]) throws {
      let names = targets.keys.sorted()
      do {
        try PythonPrograms.script(
          PythonPrograms.tuf, "follow.py",
          [packager.repository, packager.path("python"), first] + names
        ).succeed()
        try? FileManager.default.removeItem(atPath: packager.path("ours/fresh/metadata"))
        try ours("fresh", ["init", first])
        for place in ["followed", "fresh"] {
          let download =
            ["download"] + names.flatMap { ["--target-name", $0] } + [
              "--target-dir", packager.path("ours/\(place)/targets"), "--target-base-url",
              "file://" + packager.repository + "/targets",
            ]
          try ours(place, names.isEmpty ? ["refresh"] : download)
        }
      } catch {
        throw Failure("after operation \(operations), \(words): \(error)")
      }
      for (name, text) in targets where !name.hasSuffix(".zip") {
        let encoded = name.addingPercentEncoding(
          withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "_.-~")))
        for place in ["python/followed", "python/fresh"] {
          #expect(File.text(packager.path("\(place)/targets/\(encoded ?? name)")) == text)
        }
      }
      let check = try packager.command(["check", "--deep"]).run()
      #expect(check.output == "all is sound\n", "after operation \(operations), \(words)")
    }

    func key(_ name: String) throws {
      try packager.command(["key", "new", "keys/\(name).key", "--protection", "interactive"])
        .succeed()
    }

    func ids(_ role: String) throws -> [String] {
      let status = try packager.command(["status", "--json"]).run().json()
      let rows = (status["roles"] as? [[String: Any]] ?? [])
      let row = rows.first { $0["role"] as? String == role }
      return row?["keys"] as? [String] ?? []
    }

    func publish(_ version: String, _ terms: String...) throws {
      try packager.write(version)
      try packager.build(version, url: "https://example.org/x")
      targets[packager.archiveName(version)] = ""
      let outcome = try packager.command(["publish", packager.archiveName(version)] + terms).run()
      guard outcome.ending == .exited(0) else { throw Failure("\(version): \(outcome.errors)") }
      operations += 1
      try look(after: ["publish", version])
    }
  }

  @Test func everyStateIsAccepted() throws {
    let life = try Life()
    try plainTargets(life)
    try newKeys(life)
    try severalHands(life)
    try keysOfOtherKinds(life)
    try delegations(life)
    try tiers(life)
    try versions(life)
    try life.run("refresh", "--force")
    #expect(life.operations >= 60)
  }

  private func plainTargets(_ life: Life) throws {
    try life.add("a", "one")
    try life.add("dir/b c", "two", "--custom", "{\"n\":[1,{\"é\":\"\\n\"}]}")
    try life.add("a", "one more", "--replace")
    try life.add("gone", "soon")
    life.targets["gone"] = nil
    try life.run("remove", "gone")
    for role in ["timestamp", "snapshot", "targets", "root"] {
      try life.run("refresh", "--force", role)
    }
  }

  private func newKeys(_ life: Life) throws {
    for role in ["timestamp", "snapshot", "targets", "root"] {
      try life.key("second-\(role)")
      let old = try life.ids(role)
      try life.run("rotate", role, "--add", "keys/second-\(role).key")
      try life.run("refresh", "--force", role)
      for id in old {
        let key = String(id.prefix(16))
        if role == "root" {
          // One of them is the sealed one.
          try life.run("rotate", role, "--revoke", key, "--no-recovery")
        } else {
          try life.run("rotate", role, "--revoke", key)
        }
      }
    }
    try life.add("after rotations", "x")
  }

  private func severalHands(_ life: Life) throws {
    try life.key("alice/root")
    try life.key("bob/root")
    try life.run(
      "rotate", "root", "--add", "keys/alice/root.key", "--add", "keys/bob/root.key", "--threshold",
      "2")
    // Each signs with nothing but their own key.
    try life.run("refresh", "--force", "root", "--keys", "keys/alice", status: 12)
    try life.run("refresh", "--force", "--stage", "root", "--keys", "keys/alice", status: 12)
    try life.run("sign", "root", "--keys", "keys/bob")
    try life.run("rotate", "root", "--threshold", "3", "--keys", "keys/alice", status: 12)
    try life.run("refresh", "--force", "timestamp", "--keys", "keys")
    try life.run("sign", "root", "--keys", "keys/bob", status: 12)
    try life.run("sign", "--keys", "keys")
    try life.run("rotate", "root", "--threshold", "1", "--keys", "keys/alice", status: 12)
    try life.run("staged", "--discard")
    try life.run("rotate", "root", "--threshold", "1")
  }

  private func keysOfOtherKinds(_ life: Life) throws {
    let keys = PythonPrograms.fixtures + "/../../Packager/RepositoryTests/Fixtures/keys"
    try life.packager.command(
      [
        "key", "import", keys + "/pyca-rsa.pem", "--to", "keys/rsa.key", "--protection",
        "interactive",
      ]
    ).succeed()
    let timestamp = try life.ids("timestamp")[0]
    try life.run("rotate", "timestamp", "--replace", "\(timestamp)=keys/rsa.key")
    try life.packager.command(
      [
        "key", "signer", "keys/kms.signer", "--public", keys + "/pyca-p256.pub", "--", "openssl",
        "dgst", "-sha256", "-sign", keys + "/pyca-p256.pem",
      ]
    ).succeed()
    let targets = try life.ids("targets")[0]
    try life.run("rotate", "targets", "--replace", "\(targets)=keys/kms.signer")
    try life.add("signed by a command", "y")
    try life.run("refresh", "--force")
  }

  private func delegations(_ life: Life) throws {
    try life.key("docs")
    try life.key("docs-2")
    try life.run("delegate", "docs", "--path", "docs/*", "--key", "keys/docs.key")
    try life.add("docs/guide", "g")
    try life.run(
      "delegate", "docs", "--path", "docs/*", "--path", "docs/*/*", "--key", "keys/docs.key")
    try life.add("docs/deep/guide", "d")
    try life.run("rotate", "docs", "--add", "keys/docs-2.key", "--threshold", "2")
    try life.add("docs/both", "signed twice")
    try life.run("refresh", "--force", "docs")
    life.targets["docs/both"] = nil
    try life.run("remove", "docs/both")
    for name in ["docs/guide", "docs/deep/guide"] { life.targets[name] = nil }
    try life.run("delegate", "docs", "--revoke")
    try life.run("delegate", "docs", "--path", "docs/*", "--key", "keys/docs-2.key")
    try life.add("docs/again", "z")
  }

  private func tiers(_ life: Life) throws {
    for name in ["claimed", "recent", "unclaimed", "bins", "acme"] { try life.key(name) }
    for name in ["claimed", "recent", "unclaimed"] {
      try life.run("delegate", name, "--path", "p/*", "--further", "--key", "keys/\(name).key")
    }
    try life.run(
      "delegate", "bins", "--from", "unclaimed", "--bins", "16", "--key", "keys/bins.key")
    try life.add("p/one", "1")
    try life.add("p/two", "2")
    try life.run(
      "delegate", "acme", "--from", "recent", "--path", "p/acme*", "--key", "keys/acme.key")
    try life.add("p/acme-1", "3")
    try life.run("promote", "acme", "--to", "claimed")
    try life.add("p/acme-2", "4")
    try life.run("refresh", "--force", "bins")
    try life.key("bins-2")
    try life.run("rotate", "bins", "--add", "keys/bins-2.key", "--threshold", "2")
    try life.run(
      "delegate", "spread", "--bins", "8", "--explicit", "--key", "keys/bins.key", "--expires",
      "30d")
    try life.add("anything", "5")
  }

  private func versions(_ life: Life) throws {
    try life.publish("1.0")
    try life.publish("1.1", "--channel", "beta", "--notes", "new")
    try life.run("promote", "1.1", "--channel", "stable")
    try life.run("amend", "1.1", "--percent", "10", "--hours", "48")
    try life.run("amend", "1.1", "--halt")
    try life.publish("1.2")
    life.targets[life.packager.archiveName("1.1")] = nil
    try life.run("withdraw", "1.1")
    life.targets[life.packager.archiveName("1.0")] = nil
    try life.run("prune", "--keep", "1")
  }
}
