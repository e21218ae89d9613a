import Foundation
import Testing

/// Beginning to trust a repository, and bringing what is trusted up to date.
@Suite struct InitAndRefreshTests {
  @Test func keepsTheRootByteForByte() throws {
    let site = try Site()
    let sandbox = try Sandbox()
    try sandbox.write("root.json", site.root)
    let run = try sandbox.run(["init", "root.json", "--metadata-dir=new/trust/"])
    #expect(run.status == 0)
    #expect(sandbox.text("new/trust/root.json") == String(decoding: site.root, as: UTF8.self))
    #expect(sandbox.names("new/trust") == ["lock", "root.json"])
  }

  /// Whoever may read the folder can hold an advisory lock on it, and on what he may read in it.
  @Test func aReadersLockKeepsNobodyFromUpdating() throws {
    let client = try ClientOfSite()
    #expect(try client.refresh().status == 0)
    let folder = open(client.sandbox.path("trust"), O_RDONLY | O_DIRECTORY)
    defer { close(folder) }
    #expect(flock(folder, LOCK_EX | LOCK_NB) == 0)
    #expect(try client.refresh().status == 0)
    var status = stat()
    stat(client.sandbox.path("trust/lock"), &status)
    #expect(status.st_mode & 0o7777 == 0o600)
  }

  @Test func takesARootThatHasExpired() throws {
    let site = try Site()
    site.publishRoot(1, expires: -10)
    let sandbox = try Sandbox()
    try sandbox.write("root.json", site.root)
    #expect(try sandbox.run(["--metadata-dir", "trust", "init", "root.json"]).status == 0)
    let refresh = try sandbox.run([
      "--metadata-dir", "trust", "--metadata-url", site.metadataURL, "refresh",
    ])
    #expect(refresh.status == 1)
    #expect(refresh.errors.contains("5.3.10"))
    site.publishRoot(2)
    #expect(
      try sandbox.run(["refresh", "--metadata-url", site.metadataURL, "--metadata-dir", "trust"])
        .status == 0)
  }

  @Test func tellsAWebPageInPlaceOfMetadata() throws {
    let client = try ClientOfSite()
    for file in ["2.root.json", "timestamp.json"] {
      client.site.answer(
        "/metadata/\(file)",
        .body(Array("<html>Welcome</html>".utf8), headers: ["Content-Type": "text/html"]))
      let refresh = try client.refresh()
      #expect(refresh.status == 1)
      #expect(refresh.errors.contains("can't fetch \(file)"))
      #expect(refresh.errors.contains("answered with a web page in its place"))
      client.site.answer("/metadata/\(file)", nil)
    }
  }

  @Test func readsARootFromAPipe() throws {
    let site = try Site()
    let sandbox = try Sandbox()
    let words = ["--metadata-dir", "trust", "init", "/dev/stdin"]
    #expect(try sandbox.run(words).status == 1)
    #expect(try sandbox.run(["--metadata-dir", "trust", "init", "/dev/zero"]).status == 1)
    #expect(try sandbox.run(words, input: site.root).status == 0)
    #expect(sandbox.text("trust/root.json") == String(decoding: site.root, as: UTF8.self))
  }

  @Test func keepsARootThatIsTrustedUnlessForced() throws {
    let client = try ClientOfSite()
    #expect(try client.refresh().status == 0)
    let before = client.sandbox.text("trust/root.json")
    try client.sandbox.write("other.json", try Site().root)
    let refused = try client.sandbox.run(["--metadata-dir", "trust", "init", "other.json"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--force"))
    #expect(client.sandbox.text("trust/root.json") == before)
    #expect(
      try client.sandbox.run(["--metadata-dir", "trust", "init", "root-file.json"]).status == 0)
    #expect(client.sandbox.roles.count == 4)
    #expect(
      try client.sandbox.run(["--metadata-dir", "trust", "init", "--force", "other.json"]).status
        == 0)
    #expect(client.sandbox.names("trust") == ["lock", "root.json"])
  }

  @Test func refusesARootWhoseSignatureIsAnothers() throws {
    let sandbox = try Sandbox()
    let one = String(decoding: try Site().root, as: UTF8.self)
    let other = String(decoding: try Site().root, as: UTF8.self)
    let middle = try #require(one.range(of: ",\"signed\":"))
    let from = try #require(other.range(of: ",\"signed\":"))
    try sandbox.write(
      "root.json", Array((one[..<middle.lowerBound] + other[from.lowerBound...]).utf8))
    let run = try sandbox.run(["--metadata-dir", "trust", "init", "root.json"])
    #expect(run.status == 1)
    #expect(run.errors.contains("5.3.4"))
    #expect(sandbox.names("trust") == [])
  }

  @Test func holdsOneFileForEachRole() throws {
    let client = try ClientOfSite()
    #expect(try client.refresh().status == 0)
    let roles = ["root.json", "snapshot.json", "targets.json", "timestamp.json"]
    #expect(client.sandbox.roles == roles)
    client.site.publish(version: 2, targets: [:], delegated: ["a": "A"])
    #expect(try client.download(["a"]).status == 0)
    #expect(
      client.sandbox.roles == [
        "root.json", "snapshot.json", "some%2Frole.json", "targets.json", "timestamp.json",
      ])
  }

  @Test func asksForTwoFilesWhenNothingIsNew() throws {
    let client = try ClientOfSite()
    #expect(try client.refresh().status == 0)
    let before = client.site.requests.count
    #expect(try client.refresh().status == 0)
    #expect(
      client.site.requests.dropFirst(before) == [
        "/metadata/2.root.json", "/metadata/timestamp.json",
      ])
  }

  @Test func saysEveryRequestAndEveryCheckWhenAsked() throws {
    let client = try ClientOfSite()
    #expect(try client.refresh().errors == "")
    let site = client.site
    site.publish(version: 2, targets: ["a": "A"])
    let run = try client.download(["a"], ["-v"])
    #expect(run.status == 0)
    let base = site.metadataURL
    #expect(
      run.errors.components(separatedBy: "\n") == [
        "GET \(base)/2.root.json", "\(base)/2.root.json is not there: no newer root",
        "root.json 5.3.10 expiry ok", "GET \(base)/timestamp.json",
        "timestamp.json 5.4.2 signatures ok", "timestamp.json 5.4.3 versions ok",
        "timestamp.json 5.4.4 expiry ok", "timestamp.json version 2 is trusted",
        "GET \(base)/2.snapshot.json", "snapshot.json 5.5.2 length and hashes ok",
        "snapshot.json 5.5.3 signatures ok", "snapshot.json 5.5.4 version ok",
        "snapshot.json 5.5.5 versions of all roles ok", "snapshot.json 5.5.6 expiry ok",
        "snapshot.json version 2 is trusted", "GET \(base)/2.targets.json",
        "targets.json 5.6.2 length and hashes ok", "targets.json 5.6.3 signatures ok",
        "targets.json 5.6.4 version ok", "targets.json 5.6.5 expiry ok",
        "targets.json version 2 is trusted", "GET \(site.url)\(site.path("a", "A"))",
        "a 5.7.3 length and hashes ok", "",
      ])
  }

  @Test func namesFileRuleAndURLOfARollback() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: [:])
    #expect(try client.refresh().status == 0)
    client.site.publish(version: 1, targets: [:])
    let run = try client.refresh()
    #expect(run.status == 1)
    #expect(
      run.errors == """
        tuf-client: timestamp.json is a rollback: it gives timestamp version 1, but version 2 is \
        trusted already (TUF 5.4.3); it came from \(client.site.metadataURL)/timestamp.json

        """)
  }

  @Test func goesOnFromTheLimitOfRotationsAtTheNextRefresh() throws {
    let client = try ClientOfSite()
    for version in 2...5 { client.site.publishRoot(version) }
    let first = try client.refresh(["--max-root-rotations", "3"])
    #expect(first.output.hasPrefix("root.json version 4 "))
    let second = try client.refresh(["--max-root-rotations=3"])
    #expect(second.output.hasPrefix("root.json version 5 "))
  }

  @Test func saysWhatFailedWithoutAServer() throws {
    let client = try ClientOfSite()
    client.site.stop()
    let run = try client.refresh()
    #expect(run.status == 1)
    #expect(run.errors.contains("\(client.site.metadataURL)/2.root.json"))
    #expect(client.sandbox.names("trust") == ["lock", "root.json"])
  }

  @Test func needsARootToRefresh() throws {
    let site = try Site()
    let sandbox = try Sandbox()
    let run = try sandbox.run([
      "refresh", "--metadata-dir", "trust", "--metadata-url", site.metadataURL,
    ])
    #expect(run.status == 1)
    #expect(run.errors.contains("init"))
    #expect(site.requests.isEmpty)
    #expect(sandbox.names("trust") == [])
  }
}
