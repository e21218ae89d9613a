import Foundation
import Testing

/// Programs that are started without standard input, output or error: no file of theirs takes the place of one.
struct ClosedStreamsEndToEndTests {
  /// Every combination of descriptors that are closed.
  static let combinations: [[Int]] = (1...7).map { bits in (0...2).filter { bits >> $0 & 1 == 1 } }

  /// A command that starts with some descriptors closed.
  private func without(_ streams: [Int], _ command: Command) -> Command {
    var closing = command
    let redirections = streams.map { $0 == 0 ? "<&-" : "\($0)>&-" }.joined(separator: " ")
    closing.program = "/bin/sh"
    closing.arguments =
      ["-c", "exec \"$@\" \(redirections)", "sh", command.program] + command.arguments
    return closing
  }

  @Test(arguments: combinations)
  func theFinderUpdates(closed: [Int]) throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let outcome = try without(closed, story.user.finder(["update"])).run()
    #expect(outcome.status == 11, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.isEmpty == closed.contains(1))
    #expect(File.text(story.user.path("updates/hello/lock")) == "")
    #expect(try story.user.esky("verify").status == 0)
    #expect(try story.user.run("x").output == "1.1|x\n")
    #expect(try story.user.leftovers() == [])
    // Nothing but success ends with 0.
    let status = try without(closed, story.user.finder(["status"])).run()
    #expect(status.status == (closed.contains(1) ? 1 : 0))
  }

  @Test(arguments: combinations)
  func tufClientDownloads(closed: [Int]) throws {
    let packager = try Packager()
    let text = String(repeating: "contents\n", count: 1000)
    try File.write(text.utf8, to: packager.path("file.txt"))
    try packager.command(["add", "file.txt"]).succeed()
    let work = try TemporaryFolder("client")
    let words = [
      "--metadata-dir", work.path + "/trust",
      "--metadata-url", "file://" + packager.repository + "/metadata",
    ]
    for product in ["tuf-client", "embedded/tuf-client"] {
      try FileManager.default.createDirectory(
        atPath: work.path, withIntermediateDirectories: true)
      let client = try Dist.product(product)
      let root = packager.repository + "/metadata/1.root.json"
      // What can't be said is a failure, also of what was asked for on standard error.
      let expected: CInt = closed.contains(1) ? 1 : 0
      #expect(
        try without(closed, Command(client, words + ["init", root])).run().status == expected)
      let download = Command(
        client,
        words + [
          "-v", "download", "--target-name", "file.txt", "--target-dir", work.path + "/got",
          "--target-base-url", "file://" + packager.repository + "/targets",
        ])
      #expect(
        try without(closed, download).run().status == (closed.contains(2) ? 1 : expected))
      #expect(File.text(work.path + "/got/file.txt") == text)
      for name in try FileManager.default.contentsOfDirectory(atPath: work.path + "/trust")
      where name.hasSuffix(".json") {
        #expect(File.text(work.path + "/trust/" + name)?.hasPrefix("{") == true, "\(name)")
      }
      try FileManager.default.removeItem(atPath: work.path)
    }
  }

  @Test(arguments: combinations)
  func bundleEskyBuildsAndPublishes(closed: [Int]) throws {
    let packager = try Packager()
    try packager.write("1.0")
    let expected: CInt = closed.contains(1) ? 1 : 0
    let build = [
      "build", packager.source, "--name", "hello", "--version", "1.0", "--update-url",
      "file:///nowhere",
    ]
    let built = try without(closed, packager.command(build)).run()
    #expect(built.status == expected, "\(built.errors)")
    let published = try without(
      closed, packager.command(["publish", packager.archive("1.0")])
    ).run()
    #expect(published.status == expected, "\(published.errors)")
    try packager.command(["check", "--deep"]).succeed()
    let user = try Installation(unzipping: packager.archive("1.0"))
    #expect(try user.esky("verify").status == 0)
    #expect(try user.run("x").output == "1.0|x\n")
  }

  /// The app finds its streams as they were given to the launcher, and the launcher's own files beyond them.
  @Test(arguments: [[]] + combinations)
  func theLauncherHandsOnStreamsAsTheyAre(closed: [Int]) throws {
    let builder = try AppBuilder()
    let path = builder.path("streams")
    let program = """
      #!/usr/bin/python3 -IS
      import os
      lines = []
      for number in sorted(int(name) for name in os.listdir("/proc/self/fd")):
          try:
              lines.append(f"{number} " + os.readlink(f"/proc/self/fd/{number}"))
          except OSError:
              pass
      with open("\(path)", "w") as file:
          file.write("\\n".join(lines))
      """
    let version = try builder.add("1.0", program: program)
    // A newer one that complains on standard error, wherever that is.
    let broken = try builder.add("2.0", program: "#!/no/such/interpreter\n")
    let before = try [version, broken].map { try File.snapshot($0) }
    let outcome = try without(closed, Command(builder.launcher)).run()
    #expect(outcome.status == 0)
    let lines = try #require(File.text(path)).split(separator: "\n").map(String.init)
    let streams = lines.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(streams.filter { $0 < 3 } == (0...2).filter { !closed.contains($0) })
    // The lock of the version is all that the app has beside its streams.
    #expect(lines.filter { $0.hasSuffix(version + "/esky-bootstrap.txt") }.count == 1)
    #expect(lines.count == 4 - closed.count, "\(lines)")
    #expect(try [version, broken].map { try File.snapshot($0) } == before)
  }

  /// The finder that the launcher starts has streams of its own.
  @Test(arguments: combinations)
  func theLauncherStartsTheFinder(closed: [Int]) throws {
    let story = try Story("1.0", ["--check", "on-start"])
    try story.release("1.1", ["--check", "on-start"])
    #expect(try without(closed, Command(story.user.launcher, ["x"])).run().status != nil)
    let log = story.user.path("updates/hello/log")
    #expect(Executable.eventually { File.text(log)?.contains("installed 1.1") == true })
    #expect(File.text(story.user.path("updates/hello/lock")) == "")
    #expect(try story.user.esky("verify").status == 0)
    #expect(try story.user.run("y").output == "1.1|y\n")
  }
}
