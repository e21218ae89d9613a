import Foundation
import Testing

/// What needs no network.
@Suite struct ListAndVerifyTests {
  @Test func listsRolesAndTargets() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 7, targets: ["b": "B", "a c": "A"], delegated: ["d": "D"])
    #expect(try client.download(["d"]).status == 0)
    client.site.stop()
    let run = try client.sandbox.run(["list", "--metadata-dir", "trust"])
    #expect(run.status == 0)
    let lines = run.output.components(separatedBy: "\n")
    #expect(lines.count == 10)
    for (line, start) in zip(
      lines,
      [
        "roles:", "  root.json  version 1  expires 2", "  timestamp.json  version 7  expires 2",
        "  snapshot.json  version 7", "  targets.json  version 7",
        "  some%2Frole.json  version 7  expires 2", "targets:", "  a c  1 bytes  sha256:559aead0",
        "  b  1 bytes  sha256:df7e70e5",
      ])
    {
      #expect(line.hasPrefix(start), "\(line)")
    }
  }

  @Test func listsARootThatStandsAlone() throws {
    let client = try ClientOfSite()
    let run = try client.sandbox.run(["--metadata-dir=trust", "list"])
    #expect(run.status == 0)
    #expect(run.output.contains("root.json  version 1"))
  }

  @Test func listsAnExpiredRepository() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "A"], expires: 2)
    #expect(try client.refresh().status == 0)
    Thread.sleep(forTimeInterval: 3)
    let run = try client.sandbox.run(["--metadata-dir=trust", "list"])
    #expect(run.status == 0)
    #expect(run.output.contains(", expired"))
    #expect(run.output.contains("a  1 bytes"))
  }

  @Test(arguments: ["timestamp", "snapshot", "targets"])
  func refusesStoredMetadataThatWasChanged(role: String) throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "A"])
    #expect(try client.refresh().status == 0)
    let changed = try #require(client.sandbox.text("trust/\(role).json"))
      .replacing("\"version\":2", with: "\"version\":3")
    try client.sandbox.write("trust/\(role).json", Array(changed.utf8))
    let run = try client.sandbox.run(["--metadata-dir=trust", "list"])
    #expect(run.status == 1)
    #expect(run.errors.contains("\(role).json"))
    #expect(!run.output.contains("targets:"))
    try client.sandbox.write("a", Array("A".utf8))
    #expect(try client.sandbox.run(["--metadata-dir=trust", "verify", "a"]).status == 1)
    #expect(try client.refresh().status == 0)
    #expect(try client.sandbox.run(["--metadata-dir=trust", "verify", "a"]).status == 0)
  }

  @Test func verifiesALocalFile() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a/b": "AB", "plain": "P"])
    #expect(try client.refresh().status == 0)
    let sandbox = client.sandbox
    func verify(_ words: String...) throws -> Int32 {
      try sandbox.run(["--metadata-dir", "trust", "verify"] + words).status
    }
    try sandbox.write("here/plain", Array("P".utf8))
    try sandbox.write("ab", Array("AB".utf8))
    try sandbox.write("wrong", Array("AX".utf8))
    try sandbox.write("long", Array("ABC".utf8))
    try sandbox.write("short", Array("A".utf8))
    #expect(try verify("here/plain") == 0)
    #expect(try verify("ab") == 1)
    #expect(try verify("ab", "--target-name", "a/b") == 0)
    #expect(try verify("wrong", "--target-name=a/b") == 1)
    #expect(try verify("long", "--target-name=a/b") == 1)
    #expect(try verify("short", "--target-name=a/b") == 1)
    #expect(try verify("missing", "--target-name=a/b") == 1)
    #expect(try verify("here", "--target-name=a/b") == 1)
    #expect(try verify("/dev/zero", "--target-name=a/b") == 1)
  }

  @Test func verifiesATargetOfADelegatedRole() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: [:], delegated: ["d": "D"])
    #expect(try client.refresh().status == 0)
    try client.sandbox.write("d", Array("D".utf8))
    let early = try client.sandbox.run(["--metadata-dir=trust", "verify", "d"])
    #expect(early.status == 1)
    #expect(early.errors.contains("is not stored"))
    #expect(try client.download(["d"]).status == 0)
    #expect(try client.sandbox.run(["--metadata-dir=trust", "verify", "got/d"]).status == 0)
  }
}
