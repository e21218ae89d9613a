import Foundation
import Testing

/// What `bundle-esky build` refuses, and what it leaves behind then: nothing.
struct BundleRefusalEndToEndTests {
  /// Something that can't be bundled, and what is said of it.
  struct Refusal: CustomTestStringConvertible {
    let testDescription: String
    let remark: String
    var words: [String] = []
    var version = "1.0"
    var name = "hello"
    var act: @Sendable (Packager) throws -> Void = { _ in }

    static let names: [Refusal] = [
      Refusal(
        testDescription: "a post-release by PEP 440, a pre-release by SemVer",
        remark: "version 1.0-1 can be read in two ways", version: "1.0-1"),
      Refusal(
        testDescription: "a number glued to rc", remark: "1.0.0-rc1", version: "1.0.0-rc10"),
      Refusal(
        testDescription: "no version", remark: "is no version by PEP 440", version: "one"),
      Refusal(
        testDescription: "an empty version", remark: "is no version by PEP 440", version: ""),
      Refusal(
        testDescription: "a name that could end elsewhere", remark: "can be read as app",
        version: "1", name: "hello-2"),
      Refusal(
        testDescription: "a name with a slash", remark: "use ASCII letters", name: "../hello"),
      Refusal(testDescription: "an empty name", remark: "name is empty", name: ""),
      Refusal(
        testDescription: "the work area's name", remark: "is kept for the updater",
        name: "updates"),
      Refusal(
        testDescription: "a name of the layout's own", remark: "is kept for the updater",
        name: "esky-hello"),
    ]

    static let contents: [Refusal] = [
      Refusal(
        testDescription: "program missing", remark: "has no executable file gone; give one",
        words: ["--program", "gone"]),
      Refusal(testDescription: "program not executable", remark: "has no executable file hello") {
        chmod($0.source + "/hello", 0o644)
      },
      Refusal(
        testDescription: "program that env gets as one word with its option",
        remark: "its program hello gives env \"python3 -u\" as one word"
      ) {
        try Executable.write("#!/usr/bin/env python3 -u\n".utf8, to: $0.source + "/hello")
      },
      Refusal(
        testDescription: "program with line breaks of another system",
        remark: "its program hello ends its first line with a carriage return"
      ) { try Executable.write("#!/bin/sh\r\nexit 0\r\n".utf8, to: $0.source + "/hello") },
      Refusal(
        testDescription: "program whose interpreter is relative",
        remark: "its program hello names its interpreter bin/sh by no absolute path"
      ) { try Executable.write("#!bin/sh\n".utf8, to: $0.source + "/hello") },
      Refusal(
        testDescription: "program with the work area's name", remark: "needs the name updates",
        words: ["--program", "updates/hello"]
      ) { try Executable.write("#!/bin/sh\n".utf8, to: $0.source + "/updates/hello") },
      Refusal(
        testDescription: "program with the name of a version directory",
        remark: "that of a version directory", words: ["--program", "hello-9.any/hello"]
      ) { try Executable.write("#!/bin/sh\n".utf8, to: $0.source + "/hello-9.any/hello") },
      Refusal(testDescription: "setuid file", remark: "suid is setuid or setgid") {
        try File.write([], to: $0.source + "/suid", mode: 0o4755)
      },
      Refusal(testDescription: "setgid file", remark: "sgid is setuid or setgid") {
        try File.write([], to: $0.source + "/sgid", mode: 0o2755)
      },
      Refusal(testDescription: "absolute link", remark: "/etc/passwd\" is absolute") {
        symlink("/etc/passwd", $0.source + "/link")
      },
      Refusal(testDescription: "link that leads out", remark: "leads out of the version directory")
      {
        symlink("../other", $0.source + "/link")
      },
      Refusal(testDescription: "link that leads out behind a name", remark: "link\"") {
        symlink("a/../../other", $0.source + "/link")
      },
      Refusal(testDescription: "pipe", remark: "pipe is a device, socket or pipe") {
        mkfifo($0.source + "/pipe", 0o644)
      },
      Refusal(testDescription: "line break in a name", remark: "with a line break in its name") {
        try File.write([], to: $0.source + "/a\nb")
      },
      Refusal(testDescription: "a name that is not UTF-8", remark: "not valid UTF-8") {
        let name = Array(($0.source + "/a").utf8CString.dropLast()) + [CChar(bitPattern: 0xff), 0]
        close(open(name, O_CREAT | O_WRONLY, 0o644))
      },
      Refusal(testDescription: "our folder", remark: "has a name that bundles need") {
        try File.write([], to: $0.source + "/esky-files/x")
      },
      Refusal(testDescription: "our other folder", remark: "has a name that bundles need") {
        mkdir($0.source + "/esky-bootstrap", 0o755)
      },
      Refusal(testDescription: "our file", remark: "has a name that bundles need") {
        try File.write([], to: $0.source + "/esky-bootstrap.txt")
      },
      Refusal(testDescription: "a private key", remark: "targets.key is a private key") {
        try FileManager.default.copyItem(
          atPath: $0.path("keys/offline/targets.key"), toPath: $0.source + "/targets.key")
      },
      Refusal(
        testDescription: "output into the folder itself", remark: "be part of the next one",
        words: ["-o", "dist/hello"]),
      Refusal(testDescription: "empty folder", remark: "dist/hello is empty") {
        try FileManager.default.removeItem(atPath: $0.source)
        mkdir($0.source, 0o755)
      },
      Refusal(testDescription: "no folder", remark: "dist/hello: No such file") {
        try FileManager.default.removeItem(atPath: $0.source)
      },
      Refusal(testDescription: "no repository", remark: "run bundle-esky init first") {
        try FileManager.default.removeItem(atPath: $0.repository)
      },
      Refusal(
        testDescription: "another platform's runtime", remark: "give the runtime for that platform",
        words: ["--platform", "linux-riscv64"]),
      Refusal(
        testDescription: "no platform", remark: "is no platform tag", words: ["--platform", "mac"]),
      Refusal(
        testDescription: "checks of nothing", remark: "there would be nothing to check",
        words: ["--check", "daily"]),
      Refusal(
        testDescription: "a URL of another scheme", remark: "must begin with https://",
        words: ["--update-url", "ftp://example.org"]),
      Refusal(
        testDescription: "no metadata as root", remark: "is not valid metadata",
        words: ["--root", "dist/hello/hello"]),
      Refusal(
        testDescription: "a project file with a slip", remark: "unknown field \"nmae\""
      ) { try File.write("{\"nmae\": \"hello\"}".utf8, to: $0.path("esky.json")) },
      Refusal(
        testDescription: "an output folder that is not there", remark: "not/there",
        words: ["-o", "not/there"]),
    ]
  }

  @Test(arguments: Refusal.names + Refusal.contents)
  func refusesWithASentenceAndLeavesNothing(refusal: Refusal) throws {
    let packager = try Packager()
    try packager.write("1.0")
    try refusal.act(packager)
    let output = try TemporaryFolder("out")
    var words = ["build", "dist/hello", "--name", refusal.name, "--version", refusal.version]
    if !refusal.words.contains("-o") { words += ["-o", output.path] }
    let outcome = try packager.command(words + refusal.words).run()
    #expect(outcome.ending == .exited(1) || outcome.ending == .exited(64))
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("Error: "))
    #expect(outcome.errors.contains(refusal.remark), Comment(rawValue: outcome.errors))
    // Wrong usage is followed by a hint at the help; all else is one line.
    if outcome.status == 1 { #expect(outcome.complaints.count == 1) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: output.path).isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: packager.folder.path)
    #expect(!names.contains { $0.contains(".zip") })
  }

  @Test func aFailedBuildLeavesTheArchiveThatWasThere() throws {
    let packager = try Packager()
    try packager.write("1.0")
    let archive = try packager.build("1.0", url: nil)
    let before = try Installation.tree(packager.folder.path, without: "dist")
    symlink("/etc", packager.source + "/link")
    #expect(throws: Failure.self) { try packager.build("1.0", url: nil) }
    #expect(try Installation.tree(packager.folder.path, without: "dist") == before)
    try Command("/usr/bin/unzip", ["-tqq", archive]).succeed()
  }

  @Test func aFullDiskLeavesNothing() throws {
    let packager = try Packager()
    try packager.write("1.0")
    var command = try packager.command(["build", packager.source, "--name", "hello"])
    command.arguments =
      ["-c", "ulimit -f 100; trap '' XFSZ; exec \"$0\" \"$@\"", command.program]
      + command.arguments + ["--version", "1.0"]
    command.program = "/bin/sh"
    let outcome = try command.run()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("File too large"))
    let names = try FileManager.default.contentsOfDirectory(atPath: packager.folder.path)
    #expect(!names.contains { $0.contains(".zip") })
  }
}
