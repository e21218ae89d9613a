import Foundation
import LoopbackServer
import Testing

/// Updates as users and apps see them, with a good server.
struct UpdateEndToEndTests {
  @Test(arguments: ["app", "an app – ünï 'quoted'"])
  func aVersionBecomesTheNext(name: String) throws {
    let story = try Story(
      programs: ["hello", "bin/old"], files: ["data": "old", "only-old": "x"], in: name)
    let (mirror, user) = (story.mirror, story.user)
    #expect(try user.run("a", "b c").output == "1.0|a|b c\n")
    let fresh = try user.esky("check")
    #expect(fresh.status == 0)
    #expect(
      fresh.output == "hello 1.0 is up to date\n")
    #expect(fresh.errors == "")

    try File.write("mine".utf8, to: user.path("notes.txt"))
    try File.write("mine".utf8, to: user.path("bin/mine"))
    try File.write("mine".utf8, to: user.version("1.0") + "/mine")
    try story.release("1.1", programs: ["hello", "new/tool"], files: ["data": "new"])
    let check = try user.esky("check")
    #expect(check.status == 10)
    #expect(check.output.contains("hello 1.1 is available ("))
    #expect(check.output.hasSuffix("; installed is 1.0\n"))
    #expect(try user.run().output == "1.0|\n")

    _ = mirror.requests()
    let update = try user.esky("update")
    #expect(update.status == 11)
    #expect(update.errors == "")
    let lines = update.output.split(separator: "\n")
    try #require(lines.count == 4)
    #expect(lines[0].hasPrefix("downloading "))
    #expect(lines[1].hasPrefix("unpacking "))
    #expect(lines[2] == "installing")
    #expect(lines[3] == "installed hello 1.1; it starts next time")
    #expect(mirror.requests().filter { $0.path.contains("/targets/") }.count == 1)

    #expect(try user.run("x").output == "1.1|x\n")
    #expect(try Command(user.path("new/tool")).run().output == "1.1|\n")
    #expect(File.text(user.version("1.1") + "/data") == "new")
    // The old version and its programs stay until cleanup.
    #expect(File.exists(user.version("1.0")))
    #expect(try Command(user.path("bin/old")).run().output == "1.0|\n")
    #expect(try user.esky("status").output.contains("cleanup      needed: 2 steps"))

    let cleanup = try user.esky("cleanup")
    #expect(cleanup.status == 0)
    #expect(
      cleanup.output == "removed bin/old\nremoved hello-1.0.\(AppBuilder.platform)\n")
    #expect(
      try user.names()
        == ["bin", "hello", "hello-1.1.\(AppBuilder.platform)", "new", "notes.txt", "updates"])
    #expect(File.text(user.path("notes.txt")) == "mine")
    #expect(File.text(user.path("bin/mine")) == "mine")
    #expect(try user.leftovers() == [])
    #expect(try user.esky("verify").status == 0)
    #expect(try user.esky("cleanup").output == "nothing to clean up\n")
    #expect(try user.esky("update").output.hasSuffix("hello 1.1 is up to date\n"))
  }

  @Test func oneUpdateAfterTheOther() throws {
    let story = try Story()
    for version in ["1.1", "1.2", "2.0"] {
      try story.release(version)
      #expect(try story.user.esky("update", "--quiet").status == 11)
      #expect(try story.user.run().output == "\(version)|\n")
    }
    try story.user.esky("cleanup").expectSuccess()
    #expect(
      try story.user.names() == ["hello", "hello-2.0.\(AppBuilder.platform)", "updates"])
  }

  @Test func anUpdateThatSkipsVersionsFetchesOnlyTheNewest() throws {
    let story = try Story()
    for version in ["1.1", "1.2", "1.10", "1.9"] {
      try story.packager.write(version)
      try story.packager.publish(
        story.packager.build(version, url: story.mirror.url), more: ["--allow-older"])
    }
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run().output == "1.10|\n")
    let targets = story.mirror.requests().filter { $0.path.contains("/targets/") }
    #expect(targets.count == 1)
    #expect(targets[0].path.hasSuffix(".hello-1.10.\(AppBuilder.platform).zip"))
  }

  @Test func theUpdateIsWhatUnzippingTheReleaseGives() throws {
    let story = try Story()
    let files = ["a": "a", "deep/er/b": "b", "ünï – 文": "c", "empty": ""]
    try story.packager.write("1.1", files: files)
    let source = story.packager.source
    chmod(source + "/a", 0o600)
    chmod(source + "/deep/er/b", 0o444)
    chmod(source + "/deep", 0o700)
    mkdir(source + "/nothing", 0o755)
    symlink("deep/er", source + "/link")
    let archive = try story.packager.build("1.1", url: story.mirror.url)
    try story.packager.publish(archive)
    var update = try story.user.finder(["update"])
    update.arguments = ["-c", "umask 077; exec \"$0\" \"$@\"", update.program] + update.arguments
    update.program = "/bin/sh"
    #expect(try update.run().status == 11)
    let unzipped = try Installation(unzipping: archive)
    let folder = "hello-1.1.\(AppBuilder.platform)"
    #expect(
      try Installation.tree(story.user.path(folder)) == Installation.tree(unzipped.path(folder)))
    #expect(try story.user.esky("verify").status == 0)
  }

  @Test func aRunningVersionStaysUntilItIsQuit() throws {
    let story = try Story()
    try story.release("1.1", program: AppBuilder.program("1.1"))
    // A program that is asleep; the launcher's lock is held by whatever it became.
    let old = story.user.version("1.0") + "/hello"
    try Executable.write("#!/bin/sh\necho up\nexec sleep 1000\n".utf8, to: old)
    let running = try Command(story.user.launcher).start()
    #expect(Executable.eventually { running.output == "up\n" })
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run().output == "1.1|\n")
    #expect(try story.user.esky("cleanup").output == "nothing to clean up\n")
    #expect(File.exists(old))
    kill(running.pid, SIGTERM)
    _ = try running.finish()
    #expect(
      try story.user.esky("cleanup").output == "removed hello-1.0.\(AppBuilder.platform)\n")
    #expect(!File.exists(story.user.version("1.0")))
  }

  @Test func theLauncherItselfIsReplacedWhileItRuns() throws {
    let story = try Story()
    let before = try Data(contentsOf: URL(fileURLWithPath: story.user.launcher))
    let inode =
      try FileManager.default.attributesOfItem(atPath: story.user.launcher)[
        .systemFileNumber] as? Int
    // The same launcher, but for a byte behind its end.
    let runtime = try TemporaryFolder("runtime")
    for name in ["launcher", "esky", "libesky.so"] {
      try Executable.copy(Dist.product("runtime/" + name), to: runtime.path + "/" + name)
    }
    var longer = try Data(contentsOf: URL(fileURLWithPath: runtime.path + "/launcher"))
    longer.append(0)
    try Executable.write(longer, to: runtime.path + "/launcher")
    try story.release("1.1", ["--runtime", runtime.path])
    #expect(try story.user.esky("update").status == 11)
    let after = try Data(contentsOf: URL(fileURLWithPath: story.user.launcher))
    #expect(after.count == before.count + 1)
    let attributes = try FileManager.default.attributesOfItem(atPath: story.user.launcher)
    #expect(attributes[.systemFileNumber] as? Int != inode)
    #expect(attributes[.posixPermissions] as? Int == 0o755)
    #expect(try story.user.run("x").output == "1.1|x\n")
  }

  @Test func aBrokenDownloadGoesOnWhereItEnded() throws {
    let story = try Story()
    let archive = try story.release("1.1", files: ["data": Self.noise(400_000)])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archive)))
    story.mirror.answer { request in
      request.path.contains("/targets/")
        ? .truncated(Array(bytes.prefix(500_000)), length: bytes.count) : nil
    }
    let broken = try story.user.esky("update")
    #expect(broken.status == 20)
    #expect(broken.complaints.count == 1)
    #expect(broken.errors.contains("did not come whole"))
    let part = story.user.path("updates/hello/downloads/hello-1.1.\(AppBuilder.platform).zip.part")
    #expect(try FileManager.default.attributesOfItem(atPath: part)[.size] as? Int == 500_000)
    #expect(try story.user.run().output == "1.0|\n")
    // Cleanup keeps what can be gone on from.
    try story.user.esky("cleanup").expectSuccess()
    #expect(File.exists(part))
    story.mirror.answer(nil)
    _ = story.mirror.requests()
    #expect(try story.user.esky("update").status == 11)
    let targets = story.mirror.requests().filter { $0.path.contains("/targets/") }
    #expect(targets.map { $0.headers["range"] } == ["bytes=500000-"])
    #expect(try story.user.run().output == "1.1|\n")
    #expect(try story.user.leftovers() == [])
  }

  @Test(arguments: ["other bytes", "no ranges", "whole", "longer"])
  func aDownloadThatCannotGoOnBeginsAnew(what: String) throws {
    let story = try Story()
    let archive = try story.release("1.1")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archive)))
    let part = story.user.path("updates/hello/downloads/hello-1.1.\(AppBuilder.platform).zip.part")
    switch what {
    case "other bytes": try File.write([UInt8](repeating: 7, count: 100_000), to: part)
    case "no ranges":
      try File.write(bytes.prefix(100_000), to: part)
      story.mirror.answer { $0.path.contains("/targets/") ? .body(bytes) : nil }
    case "whole": try File.write(bytes, to: part)
    default: try File.write(bytes + [1], to: part)
    }
    #expect(try story.user.esky("update").status == 11)
    let count = story.mirror.requests().filter { $0.path.contains("/targets/") }.count
    #expect(count == (what == "other bytes" ? 2 : what == "whole" ? 0 : 1))
    #expect(try story.user.run().output == "1.1|\n")
  }

  @Test func whenNothingHasChangedACheckIsTwoRequests() throws {
    let story = try Story()
    #expect(try story.user.esky("check").status == 0)
    _ = story.mirror.requests()
    for command in ["check", "update"] {
      #expect(try story.user.esky(command).status == 0)
      #expect(
        story.mirror.requests().map(\.path) == [
          "/metadata/2.root.json", "/metadata/timestamp.json",
        ]
      )
    }
    // A new version is told from it by three more files at the most.
    try story.release("1.1")
    _ = story.mirror.requests()
    #expect(try story.user.esky("check").status == 10)
    #expect(
      story.mirror.requests().map(\.path) == [
        "/metadata/2.root.json", "/metadata/timestamp.json", "/metadata/3.snapshot.json",
        "/metadata/3.targets.json",
      ])
  }

  /// Text that deflate can't shrink much.
  static func noise(_ count: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/".utf8)
    var random = SystemRandomNumberGenerator()
    return String(
      decoding: (0..<count).map { _ in letters[Int(random.next() as UInt8) & 63] }, as: UTF8.self)
  }
}

extension Outcome {
  func expectSuccess(_ location: SourceLocation = #_sourceLocation) {
    #expect(
      ending == .exited(0), Comment(rawValue: output + errors), sourceLocation: location)
  }
}
