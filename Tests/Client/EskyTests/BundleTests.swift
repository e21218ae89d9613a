import Archive
import FileSystem
import Foundation
import Layout
import Testing

@testable import Esky

/// What an archive must be to become a version; nothing of it is unpacked to find out.
struct BundleTests {
  private static let version = "hello-1.1.any"

  /// What is wrong with the archive of 1.1, as `write` makes it; nil for nothing.
  private func problem(
    hasTop: Bool = true, onAnyMachine: Bool = false, _ write: (AppFixture) throws -> Void
  ) throws -> String? {
    let fixture = try AppFixture()
    try write(fixture)
    let name = try fixture.name("1.1")
    let reader = try ZipReader(fixture.archives.appending(DownloadName.archive(name)))
    do throws(BundleError) {
      _ = try Bundle(examining: reader, as: name, for: onAnyMachine ? .itsPlatform : .thisMachine)
      return nil
    } catch {
      switch error {
      case .archive(let error): return error.description
      case .problem(let problem): return problem.description
      }
    }
  }

  @Test(arguments: [true, false])
  func takesWhatBundlingMakesWithAndWithoutAFolderAtTheTop(hasTop: Bool) throws {
    #expect(
      try problem { try $0.archive("1.1", programs: ["hello", "bin/tool"], hasTop: hasTop) } == nil)
  }

  @Test(arguments: [
    "\(version)/updates", "\(version)/lib/esky-bootstrap", "\(version)/hello-1.0.any/x",
  ])
  func takesWhatBelongsToTheVersion(path: String) throws {
    #expect(try problem { try $0.archive("1.1", changed: [path: "text"]) } == nil)
  }

  @Test(
    arguments: [true, false],
    [
      "\(version)/esky-bootstrap", "\(version)/esky-bootstrap/hello",
      "\(version)/esky-replaces.txt",
      "\(version)/esky-bootstrap.withdrawn", "updates", "updates/lock", "updates-off",
      "hello-1.0.any/x", "hello-1.2.any", "other-1.0.linux-x86_64/y",
    ])
  func refusesWhatIsOurs(hasTop: Bool, path: String) throws {
    let text = try #require(
      try problem { try $0.archive("1.1", hasTop: hasTop, changed: [path: "text"]) })
    #expect(text.contains(path))
    #expect(!text.hasSuffix("."))
  }

  /// What is changed in an archive, by paths in it, and what is said of it.
  struct Change: CustomTestStringConvertible {
    let testDescription: String
    let remark: String
    var changed: [String: String?] = [:]
    var modes: [String: FileMode] = [:]
    var links: [String: String] = [:]

    static let all: [Change] = [
      Change(
        testDescription: "a launcher gone",
        remark: "hello is listed for the app folder but missing",
        changed: ["hello": nil]),
      Change(
        testDescription: "another file", remark: "does not list bin/more",
        changed: ["bin/more": "text"]),
      Change(
        testDescription: "a link in the app folder", remark: "d/p is a link in the app folder",
        links: ["d/p": ".."]),
      Change(
        testDescription: "a link out of the version directory", remark: "leads out of the version",
        links: ["\(version)/lib/l": "../../x"]),
      Change(
        testDescription: "a program gone", remark: "its program bin/tool is missing",
        changed: ["\(version)/bin/tool": nil]),
      Change(
        testDescription: "a program that may not be executed",
        remark: "its program hello may not be executed", modes: ["\(version)/hello": 0o644]),
      Change(
        testDescription: "a program of no machine",
        remark: "its program hello is empty, cut short or",
        changed: ["\(version)/hello": "\u{7f}ELF"]),
      Change(
        testDescription: "a launcher for another machine", remark: "its launcher hello is for one",
        changed: ["hello": "exit 0"]),
      Change(
        testDescription: "a launcher that is an object file",
        remark: "its launcher hello is empty, cut",
        changed: [
          "hello": "\u{7f}ELF\u{2}\u{1}" + String(repeating: "\0", count: 10) + "\u{1}\0\u{3e}"
            + String(repeating: "\0", count: 60)
        ]),
      Change(
        testDescription: "a launcher that is empty",
        remark: "its launcher hello is empty, cut short",
        changed: ["hello": ""]),
      Change(
        testDescription: "a launcher of another app",
        remark: "the launcher hello is made for another program or app",
        changed: [
          "hello": "#!/bin/sh\nesky launcher slot, version 1 >>other\0hello\0"
            + String(repeating: "\0", count: 384)
        ]),
      Change(
        testDescription: "a launcher of another program",
        remark: "the launcher hello is made for another program or app",
        changed: [
          "hello": "#!/bin/sh\nesky launcher slot, version 1 >>hello\0bin/hello\0"
            + String(repeating: "\0", count: 384)
        ]),
      Change(
        testDescription: "a launcher of mode 000", remark: "its launcher hello may not be executed",
        modes: ["hello": 0]),
      Change(
        testDescription: "a launcher without its interpreter",
        remark: "its launcher hello can't run on this machine without /no/such",
        changed: ["hello": "#!/no/such\n"]),
      Change(
        testDescription: "a program whose interpreter env does not find",
        remark: "its program hello can't run on this machine without no-such",
        changed: ["\(version)/hello": "#!/usr/bin/env no-such\n"]),
      Change(
        testDescription: "a finder gone", remark: "its finder is missing",
        changed: ["\(version)/esky-files/esky": nil]),
      Change(
        testDescription: "no root of trust", remark: "it has no esky-files/root.json",
        changed: ["\(version)/esky-files/root.json": nil]),
      Change(
        testDescription: "a root of trust that is none", remark: "its root.json is damaged",
        changed: ["\(version)/esky-files/root.json": "{}"]),
      Change(
        testDescription: "no manifest", remark: "it has no esky-files/manifest.txt",
        changed: ["\(version)/esky-files/manifest.txt": nil]),
      Change(
        testDescription: "no list", remark: "it has no esky-bootstrap.txt",
        changed: ["\(version)/esky-bootstrap.txt": nil]),
      Change(
        testDescription: "a list cut short", remark: "its esky-bootstrap.txt is damaged",
        changed: ["\(version)/esky-bootstrap.txt": "esky-bootstrap 1\nprogram hello\n"]),
      Change(
        testDescription: "a list without programs", remark: "it has no program",
        changed: [
          "\(version)/esky-bootstrap.txt": "esky-bootstrap 1\nfile hello\nfile bin/tool\nend\n"
        ]),
      Change(
        testDescription: "settings of another format", remark: "its settings.txt is damaged",
        changed: ["\(version)/esky-files/settings.txt": "esky-settings 2\nend\n"]),
      Change(
        testDescription: "no place to update from", remark: "name no update-url",
        changed: ["\(version)/esky-files/settings.txt": "esky-settings 1\nend\n"]),
      Change(
        testDescription: "a place that nobody can fetch from", remark: "its update-url ftp://x",
        changed: [
          "\(version)/esky-files/settings.txt": "esky-settings 1\nupdate-url ftp://x\nend\n"
        ]),
      withCertificates("certs/ca.pem", nil),
      withCertificates("certs/ca.pem", "none"),
      withCertificates("certs", "-----BEGIN CERTIFICATE-----\n"),
      withCertificates("../../ca.pem", nil),
      Change(
        testDescription: "an app folder inside",
        remark: "other-1.0.any/esky-bootstrap.txt is a version of an app inside it",
        changed: ["\(version)/lib/other-1.0.any/esky-bootstrap.txt": ""]),
      Change(
        testDescription: "a launcher for a program",
        remark: "its program hello is a launcher, which would find no app",
        changed: ["\(version)/hello": launcher("hello\0hello")]),
      Change(
        testDescription: "a launcher that was never filled for a program",
        remark: "its program hello is a launcher, which would find no app",
        changed: ["\(version)/hello": launcher("")]),
    ]
  }

  private static func launcher(_ slot: String) -> String {
    "#!/bin/sh\nesky launcher slot, version 1 >>" + slot + String(repeating: "\0", count: 384)
  }

  /// Where the certificates are said to be, and what is in `certs/ca.pem`.
  private static func withCertificates(_ path: String, _ text: String?) -> Change {
    Change(
      testDescription: "certificates at \(path): \(text ?? "none")",
      remark: "its ca-file \(path) is not in it, or holds no certificate",
      changed: [
        "\(version)/esky-files/settings.txt":
          "esky-settings 1\nupdate-url https://x\nca-file \(path)\nend\n",
        "\(version)/certs/ca.pem": text,
      ])
  }

  /// What holds the marker of a slot and no slot, as programs that make launchers do, is none.
  @Test func aProgramThatKnowsLaunchersIsNone() throws {
    let text = try problem {
      try $0.archive(
        "1.1", programs: ["hello"],
        changed: ["\(Self.version)/hello": Self.launcher("\0one\0two\0three")])
    }
    #expect(text?.contains("launcher") != true, "\(text ?? "")")
  }

  @Test(arguments: Change.all)
  func namesWhatIsWrong(change: Change) throws {
    let text = try problem {
      try $0.archive(
        "1.1", programs: ["hello", "bin/tool"], links: change.links, changed: change.changed,
        modes: change.modes)
    }
    #expect(text?.contains(change.remark) == true, "\(text ?? "nothing")")
  }

  @Test(arguments: [
    "#!/usr/bin/env sh", "#!/usr/bin/env -S sh -e", "#! /usr/bin/env -S A=b sh",
  ])
  func takesWhatEnvFinds(line: String) throws {
    let changed = ["\(Self.version)/hello": "\(line)\n"]
    #expect(try problem { try $0.archive("1.1", changed: changed) } == nil)
  }

  /// Whoever packs for other machines can be told as well.
  @Test(
    arguments: [true, false],
    [
      ("#!/usr/bin/env python3 -u", "gives env \"python3 -u\" as one word"),
      ("#!/usr/bin/env FOO=1 sh", "gives env \"FOO=1 sh\""), ("#!/usr/bin/env", "gives env \"\""),
      ("#!/usr/bin/env -S -i sh", "gives env \"-S -i sh\""), ("#!", "names no interpreter"),
      ("#!/bin/sh\r", "ends its first line with a carriage return"),
      ("#!bin/sh", "names its interpreter bin/sh by no absolute path"),
      ("#! " + String(repeating: "/", count: 260), "has a first line of more than 255 bytes"),
    ])
  func refusesAFirstLineThatNoMachineRuns(onAnyMachine: Bool, line: (text: String, remark: String))
    throws
  {
    for path in ["\(Self.version)/hello", "hello", "\(Self.version)/esky-files/esky"] {
      let text = try problem(onAnyMachine: onAnyMachine) {
        try $0.archive("1.1", changed: [path: "\(line.text)\n"])
      }
      #expect(text?.contains(line.remark) == true, "\(path): \(text ?? "nothing")")
    }
  }

  /// An interpreter, or what env finds, is a program that has to run.
  @Test(arguments: ["#!%", "#!/usr/bin/env %", "#!/usr/bin/env -S A=b %", "#!/usr/bin/env -S % -x"])
  func refusesWhatIsRunByAProgramThatDoesNotRun(line: String) throws {
    let fixture = try AppFixture()
    let wrap = fixture.outer + "/wrap"
    let text = line.replacingOccurrences(of: "%", with: wrap) + "\n"
    func found() throws -> String? {
      try problem { try $0.archive("1.1", changed: ["\(Self.version)/hello": text]) }
    }
    for contents in [
      "#!/no/such\n", "exit 0\n", "#!/usr/bin/env no-such\n", "#!\(wrap)\n", "#!/bin/sh\r\n",
    ] {
      write(contents, to: wrap)
      chmod(wrap, 0o755)
      #expect(try found()?.contains("without \(wrap), which is missing or does not run") == true)
    }
    write("#!/usr/bin/env sh\n", to: wrap)
    chmod(wrap, 0o755)
    #expect(try found() == nil)
  }

  // MARK: The manifest

  /// Another line for the manifest, or one less, and what is said of it.
  struct Listing: CustomTestStringConvertible {
    let testDescription: String
    let remark: String
    let change: @Sendable (inout [Manifest.Entry]) -> Void

    static func file(_ path: String, _ size: Int64, mode: UInt32 = 0o644) -> Manifest.Entry {
      Manifest.Entry(
        path: Array(path.utf8),
        kind: .file(permissions: mode, size: size, sha256: Array(repeating: 0x61, count: 64)))
    }

    static func without(_ path: String, _ entries: inout [Manifest.Entry]) {
      entries.removeAll { $0.path == Array(path.utf8) }
    }

    static let all: [Listing] = [
      Listing(testDescription: "a file that is missing", remark: "gone is listed in its manifest") {
        $0.append(file("gone", 1))
      },
      Listing(testDescription: "a folder that is missing", remark: "gone is listed") {
        $0.append(.init(path: Array("gone".utf8), kind: .directory(permissions: 0o755)))
      },
      Listing(testDescription: "a link that is missing", remark: "gone is listed") {
        $0.append(.init(path: Array("gone".utf8), kind: .link(target: Array("x".utf8))))
      },
      Listing(testDescription: "a launcher that is missing", remark: "gone is listed") {
        $0.append(
          .init(
            path: Array("gone".utf8),
            kind: .bootstrap(
              permissions: 0o755, size: 1, sha256: Array(repeating: 0x61, count: 64))))
      },
      Listing(testDescription: "a file left out", remark: "manifest does not list data") {
        without("data", &$0)
      },
      Listing(testDescription: "a link left out", remark: "manifest does not list link") {
        without("link", &$0)
      },
      Listing(testDescription: "a launcher left out", remark: "manifest does not list hello") {
        $0.removeAll { if case .bootstrap = $0.kind { true } else { false } }
      },
      Listing(testDescription: "another size", remark: "data is not what its manifest says") {
        without("data", &$0)
        $0.append(file("data", 1))
      },
      Listing(testDescription: "another mode", remark: "data is not what its manifest says") {
        without("data", &$0)
        $0.append(file("data", 11, mode: 0o755))
      },
      Listing(testDescription: "another target", remark: "link is not what its manifest says") {
        without("link", &$0)
        $0.append(.init(path: Array("link".utf8), kind: .link(target: Array("data".utf8))))
      },
      Listing(testDescription: "another kind", remark: "link is not what its manifest says") {
        without("link", &$0)
        $0.append(file("link", 5))
      },
      Listing(testDescription: "a file twice", remark: "manifest.txt is damaged") {
        $0.append($0[0])
      },
      Listing(testDescription: "the manifest itself", remark: "manifest.txt is damaged") {
        $0.append(file("esky-files/manifest.txt", 1))
      },
    ]
  }

  @Test(arguments: [true, false], Listing.all)
  func refusesAManifestOfOtherFiles(hasTop: Bool, listing: Listing) throws {
    let text = try problem { try $0.archive("1.1", hasTop: hasTop, listing: listing.change) }
    #expect(text?.contains(listing.remark) == true, "\(text ?? "nothing")")
  }

  @Test func aFolderThatIsOnlyImpliedMayBeListed() throws {
    let text = try problem {
      try $0.archive("1.1") {
        $0.append(.init(path: Array("esky-files".utf8), kind: .directory(permissions: 0o755)))
      }
    }
    #expect(text == nil)
  }

  @Test func refusesAManifestThatIsCutShort() throws {
    let text = try problem {
      try $0.archive(
        "1.1", changed: ["\(Self.version)/esky-files/manifest.txt": "esky-manifest 1\n"])
    }
    #expect(text?.contains("manifest.txt is damaged") == true)
  }

  /// The very size, and other bytes: only reading tells.
  @Test(arguments: ["data", "hello"])
  func contentsOtherThanListedAreFoundByReadingAndByUnpacking(path: String) throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    try fixture.archive(
      "1.1",
      listing: { entries in
        for place in entries.indices where entries[place].path == Array(path.utf8) {
          let hash = Array(repeating: UInt8(ascii: "a"), count: 64)
          switch entries[place].kind {
          case .file(let permissions, let size, _):
            entries[place] = .init(
              path: entries[place].path,
              kind: .file(permissions: permissions, size: size, sha256: hash))
          case .bootstrap(let permissions, let size, _):
            entries[place] = .init(
              path: entries[place].path,
              kind: .bootstrap(permissions: permissions, size: size, sha256: hash))
          default: break
          }
        }
      })
    let name = try fixture.name("1.1")
    let reader = try ZipReader(fixture.archives.appending(DownloadName.archive(name)))
    let bundle = try Bundle(examining: reader, as: name)
    #expect {
      try bundle.checkContents(of: reader)
    } throws: { error in
      guard case .problem(.notAsInManifest(let found)) = error as? BundleError else { return false }
      return found == Array(path.utf8)
    }
    let before = try fixture.tree()
    #expect {
      try fixture.update()
    } throws: { error in
      guard let error = error as? EskyError else { return false }
      return error.kind == .refused
        && error.description.contains("\(path) is not what its manifest says")
    }
    let left = try fixture.tree()
    #expect(before.allSatisfy { left[$0.key] == $0.value })
    #expect(left.keys.filter { $0.hasPrefix("updates/hello/") } == ["updates/hello/downloads"])
  }

  @Test func whatIsInstalledIsAsItsManifestSays() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    try fixture.archive("1.1", programs: ["hello", "bin/tool"])
    try fixture.update()
    #expect(try fixture.esky().verify(fixture.name("1.1")).map(\.description) == [])
  }

  /// A program may be a link to where it is.
  @Test(arguments: [("lib/real", true), ("../esky-files/esky", true), ("lib/none", false)])
  func aProgramMayBeALink(target: String, isGood: Bool) throws {
    let text = try problem {
      try $0.archive(
        "1.1", programs: ["bin/tool"], links: ["\(Self.version)/bin/tool": target],
        changed: ["\(Self.version)/bin/tool": nil, "\(Self.version)/bin/lib/real": "#!/bin/sh\n"])
    }
    #expect((text == nil) == isGood, "\(text ?? "nothing")")
  }

  @Test func whatIsRefusedLeavesNothingBehindAndTheNextBestIsTaken() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    try fixture.archive("1.1")
    try fixture.archive("1.2", changed: ["hello-1.2.any/hello": nil])
    try fixture.update()
    #expect(try fixture.esky().current() == fixture.name("1.1"))
    let left = try fixture.tree().keys.filter { $0.hasPrefix("updates/") }.sorted()
    #expect(left == ["updates/hello", "updates/hello/downloads"])
  }

  @Test func whatIsRefusedIsToldWhenThereIsNothingElse() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    try fixture.archive("1.1", changed: ["hello": ""])
    #expect {
      try fixture.update()
    } throws: { error in
      (error as? EskyError)?.kind == .refused
    }
    #expect(try fixture.esky().current() == fixture.name("1.0"))
  }
}
