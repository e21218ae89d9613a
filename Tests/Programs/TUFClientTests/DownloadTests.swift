import FileSystem
import Foundation
import Repository
import TUF
import Testing

/// Fetching targets.
@Suite struct DownloadTests {
  @Test func refusesToKeepTargetsAmongWhatItTrusts() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["root.json": "evil"])
    let before = client.sandbox.text("trust/root.json")
    let run = try client.download(["root.json"], ["--target-dir", "./trust/../trust/"])
    #expect(run.status == 1)
    #expect(run.errors.contains("one folder"))
    #expect(client.sandbox.text("trust/root.json") == before)
  }

  @Test func fetchesInOrderAndStopsAtTheFirstFailure() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "A", "b": "B"])
    let run = try client.download(["b", "missing", "a"])
    #expect(run.status == 1)
    #expect(run.errors.contains("no trusted role lists the target missing"))
    #expect(client.sandbox.names("got") == ["b"])
    #expect(try client.download(["a", "b"]).output == "got/a\ngot/b\n")
    #expect(client.sandbox.text("got/a") == "A")
  }

  @Test func leavesAFileThatIsRightAlone() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "A"])
    #expect(try client.download(["a"]).status == 0)
    let path = client.sandbox.path("got/a")
    let old = Foundation.Date(timeIntervalSince1970: 1_000_000_000)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
    let before = client.site.requests.count
    #expect(try client.download(["a"]).status == 0)
    #expect(client.site.requests.count == before + 2)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.modificationDate] as? Foundation.Date == old)
  }

  @Test func replacesAFileOfAnEarlierVersion() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "old"])
    #expect(try client.download(["a"]).status == 0)
    client.site.publish(version: 3, targets: ["a": "new!"])
    #expect(try client.download(["a"]).status == 0)
    #expect(client.sandbox.text("got/a") == "new!")
  }

  @Test(arguments: [
    ("../x", "..%2Fx"), ("a/b", "a%2Fb"), (".", "%2E"), ("..", "%2E%2E"), ("...", "..."),
    ("two words", "two%20words"), ("100%", "100%25"), ("%2E", "%252E"), ("grün", "gr%C3%BCn"),
    ("/etc/passwd", "%2Fetc%2Fpasswd"), ("--help", "--help"), ("a\u{85}b", "a%C2%85b"),
    ("a/../../b", "a%2F..%2F..%2Fb"), ("C:\\x", "C%3A%5Cx"), ("a?b#c", "a%3Fb%23c"),
  ])
  func keepsAnyTargetUnderOneNameInTheFolder(name: String, file: String) throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: .init(dictionaryLiteral: (name, "contents")))
    let run = try client.download([name])
    #expect(run.status == 0, "\(run.errors)")
    #expect(client.sandbox.names("got") == [file])
    #expect(client.sandbox.text("got/\(file)") == "contents")
    #expect(client.site.requests.last == client.site.path(name, "contents"))
    #expect(client.sandbox.names("") == ["got", "root-file.json", "trust"])
  }

  @Test func refusesATargetWithoutAName() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["": "contents"])
    #expect(try client.download([""]).status == 1)
    #expect(client.sandbox.names("got") == [])
  }

  @Test(arguments: ["wrong hash", "too long", "endless", "too short", "missing", "refused"])
  func leavesNothingOfATargetThatIsNotRight(what: String) throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "contents"])
    let path = client.site.path("a", "contents")
    switch what {
    case "wrong hash": client.site.answer(path, .resource(Array("CONTENTS".utf8)))
    case "too long": client.site.answer(path, .resource(Array("contents and more".utf8)))
    case "endless": client.site.answer(path, .endless())
    case "too short": client.site.answer(path, .resource(Array("cont".utf8)))
    case "missing": client.site.answer(path, nil)
    default: client.site.answer(path, .body([], status: 500))
    }
    let run = try client.download(["a"])
    #expect(run.status == 1)
    #expect(run.errors.contains("\(client.site.url)\(path)"), "\(run.errors)")
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    #expect(client.sandbox.names("got") == [])
    #expect(
      !client.sandbox.names("trust").contains("partial") || what == "missing" || what == "refused")
  }

  @Test func keepsAFileWhoseSuccessorIsNotRight() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "old"])
    #expect(try client.download(["a"]).status == 0)
    client.site.publish(version: 3, targets: ["a": "new"])
    client.site.answer(client.site.path("a", "new"), .resource(Array("bad".utf8)))
    #expect(try client.download(["a"]).status == 1)
    #expect(client.sandbox.names("got") == ["a"])
    #expect(client.sandbox.text("got/a") == "old")
  }

  @Test func continuesATransferThatBrokeOff() throws {
    let client = try ClientOfSite()
    let contents = String(repeating: "0123456789", count: 1000)
    client.site.publish(version: 2, targets: .init(dictionaryLiteral: ("a", contents)))
    let path = client.site.path("a", contents)
    client.site.answer(
      path, .truncated(Array(contents.utf8.prefix(4000)), length: contents.utf8.count))
    #expect(try client.download(["a"]).status == 1)
    #expect(client.sandbox.names("got") == [])
    #expect(client.sandbox.names("trust/partial").count == 1)
    client.site.answer(path, .resource(Array(contents.utf8)))
    #expect(try client.download(["a"]).status == 0)
    #expect(client.sandbox.text("got/a") == contents)
    #expect(!client.sandbox.names("trust").contains("partial"))
  }

  @Test func fetchesAnewWhenThePartIsNotOfTheTarget() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "0123456789"])
    let path = client.site.path("a", "0123456789")
    client.site.answer(path, .truncated(Array("abc".utf8), length: 10))
    #expect(try client.download(["a"]).status == 1)
    client.site.answer(path, .resource(Array("0123456789".utf8)))
    #expect(try client.download(["a"]).status == 0)
    #expect(client.sandbox.text("got/a") == "0123456789")
  }

  @Test(
    .enabled(
      if: FileManager.default.isWritableFile(atPath: "/dev/shm"), "it takes a second volume"))
  func movesATargetToAnotherVolume() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "A"])
    let folder = "/dev/shm/tuf-client-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try client.download(["a"], ["--target-dir", folder]).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    #expect(!client.sandbox.names("trust").contains("partial"))
  }

  @Test func joinsURLsWithOneSlashAndChangesNothingInThem() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: ["a": "A"])
    let path = client.site.path("a", "A").replacing("/targets/", with: "/x%2Fy/../%7e/")
    client.site.answer(path, .resource(Array("A".utf8)))
    let base = client.site.url + "/x%2Fy/../%7e//"
    #expect(try client.download(["a"], ["--target-base-url=\(base)"]).status == 0)
    #expect(client.site.requests.last == path)
  }

  @Test func followsDelegationsNoFurtherThanTheLimit() throws {
    let client = try ClientOfSite()
    client.site.publish(version: 2, targets: [:], delegated: ["d/x": "D"])
    #expect(try client.download(["d/x"], ["--max-delegations=0"]).status == 1)
    #expect(try client.download(["d/x"]).status == 0)
    #expect(client.sandbox.text("got/d%2Fx") == "D")
  }

  @Test func readsARepositoryInAFolder() throws {
    let sandbox = try Sandbox()
    let now = Int64(Foundation.Date().timeIntervalSince1970)
    let key = try PrivateKey()
    let roles = Role.topLevel.map { RoleAssignment($0, keys: [key.object]) }
    let keys = KeyRing([key])
    var repository = try RepositoryFolder.create(
      Path(sandbox.path("repo")), roles: roles, keys: keys, now: now)
    let source = try sandbox.write("hello", Array("Hello!".utf8))
    try repository.addTargets(
      [TargetAddition(try TargetName("docs/hello.txt"), source: Path(source))], keys: keys,
      now: now)
    try sandbox.write("root.json", repository.newestRoot)
    let url = "file://" + sandbox.path("repo")
    #expect(try sandbox.run(["--metadata-dir", "trust", "init", "root.json"]).status == 0)
    let run = try sandbox.run([
      "download", "--metadata-dir", "trust", "--metadata-url", url + "/metadata", "--target-name",
      "docs/hello.txt", "--target-dir", "got", "--target-base-url", url + "/targets",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(sandbox.text("got/docs%2Fhello.txt") == "Hello!")
  }
}
