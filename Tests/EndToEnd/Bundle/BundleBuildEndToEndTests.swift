import Foundation
import Testing

/// What `bundle-esky build` makes of a folder.
struct BundleBuildEndToEndTests {
  /// A packager whose app has a bit of everything.
  private func packagerWithEverything() throws -> Packager {
    let packager = try Packager()
    try packager.write("1.0", programs: ["hello", "bin/tool"])
    for (name, mode) in [
      ("private", 0o600), ("shared", 0o664), ("fixed", 0o444), ("run-only", 0o711),
      ("with space", 0o644), ("ünï – 文.txt", 0o644), ("deep/er/and deeper/f", 0o640),
      ("it's \"quoted\" $HOME", 0o644), ("-rf", 0o644), ("empty-file", 0o644),
    ] {
      let text = name == "empty-file" ? "" : String(repeating: name, count: 100)
      try File.write(text.utf8, to: packager.source + "/" + name, mode: mode_t(mode))
    }
    // One that deflate can't shrink, and of more than one buffer's length.
    var random = SystemRandomNumberGenerator()
    try File.write(
      (0..<700_001).map { _ in random.next() as UInt8 }, to: packager.source + "/lib/data.bin")
    for (name, mode) in [("empty", 0o755), ("closed", 0o700), ("read-only", 0o555)] {
      mkdir(packager.source + "/" + name, 0o755)
      chmod(packager.source + "/" + name, mode_t(mode))
    }
    for (name, target) in [
      ("lib/liba.so", "liba.so.1"), ("lib/liba.so.1", "data.bin"), ("bin/up", "../lib/data.bin"),
      ("folder-link", "deep/er"), ("dangling", "not/there"),
    ] {
      symlink(target, packager.source + "/" + name)
    }
    return packager
  }

  @Test func whatWasBundledIsThereAgainAfterUnzipping() throws {
    let packager = try packagerWithEverything()
    let archive = try packager.build("1.0", url: nil, programs: ["hello", "bin/tool"])
    let user = try Installation(unzipping: archive, in: "an app – ünï")
    #expect(try user.run("a", "b c").output == "1.0|a|b c\n")
    #expect(try Command(user.path("bin/tool"), ["x"]).run().output == "1.0|x\n")
    var unzipped = try Installation.tree(user.version("1.0"), without: "esky-files")
    unzipped.removeAll { $0.contains("esky-bootstrap.txt") }
    // Of modes the owner's execute bit is kept, and nothing else.
    try Command("/bin/chmod", ["-R", "u=rwX,go=rX", packager.source]).succeed()
    #expect(try unzipped == Installation.tree(packager.source))
    #expect(try user.names() == ["bin", "hello", "hello-1.0.\(AppBuilder.platform)"])
    for program in ["hello", "bin/tool"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: user.path(program))
      #expect(attributes[.posixPermissions] as? Int == 0o755)
    }
    // The finder and its library come along.
    let finder = user.version("1.0") + "/esky-files/esky"
    #expect(try Command(finder, ["--version"]).run().output.hasPrefix("esky "))
    #expect(File.exists(user.version("1.0") + "/esky-files/libesky.so"))
    #expect(try user.esky("verify").status == 0)
    #expect(
      try user.esky("list").output == "hello-1.0.\(AppBuilder.platform)  complete, starts next\n")
  }

  @Test func otherReadersOfZipAgreeWithUnzip() throws {
    let packager = try packagerWithEverything()
    let archive = try packager.build("1.0", url: nil, programs: ["hello", "bin/tool"])
    try Command("/usr/bin/unzip", ["-tqq", archive]).succeed()
    let test = try python(
      "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))",
      archive)
    let listed = try Command("/usr/bin/unzip", ["-Z1", archive]).succeed().output
    #expect(test == "None \(listed.split(separator: "\n").count)\n")
    // The list that makes a version complete is the last of its version's files.
    let inVersion = listed.split(separator: "\n").filter { $0.hasPrefix("hello/hello-1.0.") }
    #expect(inVersion.last == "hello/hello-1.0.\(AppBuilder.platform)/esky-bootstrap.txt")
    let atTop = listed.split(separator: "\n").filter { !$0.hasPrefix("hello/hello-1.0.") }
    #expect(atTop.sorted() == ["hello/bin/tool", "hello/hello"])
  }

  @Test func theManifestTellsOfEveryFileWhatIsTrue() throws {
    let packager = try packagerWithEverything()
    let archive = try packager.build("1.0", url: nil, programs: ["hello", "bin/tool"])
    let user = try Installation(unzipping: archive)
    let version = user.version("1.0")
    let text = try #require(File.text(version + "/esky-files/manifest.txt"))
    var lines = text.split(separator: "\n").map(String.init)
    #expect(lines.removeFirst() == "esky-manifest 1")
    #expect(lines.removeLast() == "end")
    // find and sha256sum write the same lines out of what is on disk.
    let script = #"""
      cd "$1" && find . -mindepth 1 ! -path ./esky-files/manifest.txt \
        \( -type d -printf 'directory %m %P\n' \) -o \( -type l -printf 'link %P %l\n' \)
      """#
    let found = try Command("/bin/sh", ["-c", script, "sh", version]).succeed().output
    var expected = found.split(separator: "\n").map { line -> String in
      guard line.hasPrefix("link ") else { return String(line) }
      // None of the links here has a space in its name.
      let path = line.split(separator: " ")[1]
      return "link \(path.utf8.count) \(line.dropFirst(5))"
    }
    for (kind, root) in [("file", version), ("bootstrap", user.root)] {
      let hashes = try Command(
        "/bin/sh",
        [
          "-c",
          #"cd "$1" && find . -type f ! -path './hello-1.0*' -printf '%m %s %P\n' | while read -r m s p; do echo "$2 $m $s $(sha256sum <"$p" | cut -c-64) $p"; done"#,
          "sh", root, kind,
        ]
      ).succeed().output
      expected += hashes.split(separator: "\n").map(String.init)
    }
    expected.removeAll { $0.hasSuffix(" esky-files/manifest.txt") }
    #expect(Set(lines) == Set(expected))
    #expect(lines.count == expected.count)
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let packager = try Packager()
    try packager.write("1.0", files: ["b": "b", "a/c": "c", "a b": "d", "ü": "e", "Z": "f"])
    symlink("b", packager.source + "/link")
    let first = try packager.build("1.0", url: "https://example.org/hello")
    let hash = try sha256(first)
    let copy = try TemporaryFolder("elsewhere")
    // Other times, another order on disk, another owner.
    let script = """
      cd "$1" && find . | sort -r | cpio -pdm --quiet "$2" 2>/dev/null || cp -R "$1/." "$2"
      find "$2" -exec touch -h -d '2001-02-03 04:05:06' {} +
      """
    try Command("/bin/sh", ["-c", script, "sh", packager.source, copy.path]).succeed()
    if geteuid() == 0 {
      try Command("/bin/chown", ["-Rh", "65534:65534", copy.path]).succeed()
    }
    for (name, umask) in [("a", "000"), ("b", "077"), ("c", "022")] {
      let output = try TemporaryFolder("out " + name)
      chmod(output.path, 0o777)
      var command = try packager.command([
        "build", copy.path, "--name", "hello", "--version", "1.0", "--update-url",
        "https://example.org/hello", "-o", output.path,
      ])
      command.environment["TZ"] = "Pacific/Kiritimati"
      command.environment["LANG"] = "tr_TR.UTF-8"
      command.environment["LC_ALL"] = name == "c" ? "C" : "tr_TR.UTF-8"
      command.arguments =
        ["-c", "umask \(umask) && exec \"$0\" \"$@\"", command.program]
        + command.arguments
      command.program = "/bin/sh"
      try command.unprivileged().succeed()
      #expect(try sha256(output.path + "/" + packager.archiveName("1.0")) == hash)
    }
    // And again over what is there.
    try packager.build("1.0", url: "https://example.org/hello")
    #expect(try sha256(first) == hash)
  }

  @Test func takesItsDefaultsFromTheProjectFile() throws {
    let packager = try Packager()
    try packager.write("1.0", programs: ["hello", "tool"])
    let project = """
      {"name": "hello", "folder": "dist/hello", "program": ["hello", "tool"], "version": "1.0",
       "update-url": "https://example.org/hello", "check": "daily",
       "platform": "\(AppBuilder.platform)"}
      """
    try File.write(project.utf8, to: packager.path("esky.json"))
    try packager.command(["build"]).succeed()
    let user = try Installation(unzipping: packager.archive("1.0"))
    #expect(try Command(user.path("tool"), ["x"]).run().output == "1.0|x\n")
    #expect(
      File.text(user.version("1.0") + "/esky-files/settings.txt")
        == "esky-settings 1\nupdate-url https://example.org/hello\ncheck daily\nend\n")
    // The command line wins.
    try packager.command(["build", "--version", "2.0", "--check", "never"]).succeed()
    #expect(File.exists(packager.archive("2.0")))
    try packager.publish(
      packager.archive("1.0"), packager.archive("2.0"))
  }

  @Test func findsItsRuntimeWhereverTheToolIsMovedTo() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let moved = try TemporaryFolder("tools and more")
    let tool = moved.path + "/bundle-esky"
    try Executable.copy(Dist.product("bundle-esky"), to: tool)
    let words = ["build", packager.source, "--name", "hello", "--version", "1.0"]
    var command = Command(tool, words)
    command.folder = packager.folder.path
    let refused = try command.run()
    #expect(refused.status == 1)
    #expect(refused.errors.contains("\(moved.path)/runtime/launcher is missing"))
    for name in ["launcher", "esky", "libesky.so"] {
      try Executable.copy(Dist.product("runtime/" + name), to: moved.path + "/runtime/" + name)
    }
    try command.succeed()
    // Through a symbolic link and by the search path too.
    let links = try TemporaryFolder("links")
    symlink(tool, links.path + "/bundle-esky")
    var found = Command("/bin/sh", ["-c", "exec bundle-esky \"$@\"", "sh"] + words)
    found.folder = packager.folder.path
    found.environment["PATH"] = "/usr/bin:/bin:" + links.path
    try found.succeed()
    let user = try Installation(unzipping: packager.archive("1.0"))
    #expect(try user.run().output == "1.0|\n")
  }

  @Test func bundlesAFileOfMoreThan4GiB() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let size = (4 << 30) + 5
    try File.write([], to: packager.source + "/large")
    truncate(packager.source + "/large", size)
    let archive = try packager.command([
      "build", packager.source, "--name", "hello", "--version", "1.0",
    ]).run(seconds: 180)
    #expect(archive.status == 0, Comment(rawValue: archive.errors))
    let name = "hello/hello-1.0.\(AppBuilder.platform)/large"
    let listed = try Command("/usr/bin/unzip", ["-l", packager.archive("1.0"), name]).succeed()
    #expect(listed.output.contains("\(size) "))
    let read = try python(
      "import sys,zipfile; print(zipfile.ZipFile(sys.argv[1]).getinfo(sys.argv[2]).file_size)",
      packager.archive("1.0"), name)
    #expect(read == "\(size)\n")
  }

  private func python(_ script: String, _ arguments: String...) throws -> String {
    try Command("/usr/bin/env", ["python3", "-c", script] + arguments).succeed().output
  }

  private func sha256(_ path: String) throws -> Substring {
    try Command("/usr/bin/sha256sum", [path]).succeed().output.prefix(64)
  }
}
