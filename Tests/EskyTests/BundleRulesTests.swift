import FileSystem
import Foundation
import Layout
import Testing

@testable import Archive
@testable import Esky

/// Which entries an archive may have, and what the unpacked must hold.
struct BundleRulesTests {
  private let name = VersionDirectoryName(parsing: Array("hello-1.1.any".utf8))!

  private func problem(_ path: String) throws -> String? {
    let entry = ArchiveEntry(
      path: try EntryPath(checking: Array(path.utf8)), kind: .file, permissions: 0o644, size: 0,
      compressedSize: 0, crc32: 0, method: .stored, headerOffset: 0, dataOffset: 0)
    return BundleRules.problem(entry, of: name)
  }

  @Test(arguments: [
    "hello-1.1.any/hello", "hello-1.1.any/updates", "hello-1.1.any/lib/esky-bootstrap",
    "hello-1.1.any/hello-1.0.any/x", "hello", "bin/tool", "hello.desktop", "esky-bootstrap.txt",
    "updates.txt", "bin/updates",
  ])
  func takesWhatBelongsToTheVersionAndFreeNames(path: String) throws {
    #expect(try problem(path) == nil)
  }

  @Test(arguments: [
    "hello-1.1.any/esky-bootstrap", "hello-1.1.any/esky-bootstrap/hello", "updates", "updates/lock",
    "updates-off", "hello-1.0.any/x", "hello-1.2.any", "other-1.0.linux-x86_64/y",
  ])
  func refusesWhatIsOurs(path: String) throws {
    let text = try #require(try problem(path))
    #expect(text.contains(path))
    #expect(!text.hasSuffix("."))
  }

  /// What is changed in a version that has been unpacked, and what is said of it.
  struct Change: CustomTestStringConvertible {
    let testDescription: String
    let remark: String?
    let act: @Sendable (String) throws -> Void

    static let all: [Change] = [
      Change(testDescription: "nothing", remark: nil) { _ in },
      Change(testDescription: "a launcher gone", remark: "hello is listed for the app folder") {
        unlink($0 + "/esky-bootstrap/hello")
      },
      Change(testDescription: "another file", remark: "does not list bin/more") {
        write("", to: $0 + "/esky-bootstrap/bin/more")
      },
      Change(testDescription: "a link in the place of a folder", remark: "does not list bin") {
        try FileManager.default.removeItem(atPath: $0 + "/esky-bootstrap/bin")
        symlink("/tmp", $0 + "/esky-bootstrap/bin")
      },
      Change(testDescription: "a program gone", remark: "its program bin/tool can't run") {
        unlink($0 + "/bin/tool")
      },
      Change(testDescription: "a program not executable", remark: "its program hello") {
        chmod($0 + "/hello", 0o644)
      },
      Change(testDescription: "a program that is a folder", remark: "its program hello") {
        unlink($0 + "/hello")
        mkdir($0 + "/hello", 0o755)
      },
    ]
  }

  @Test(arguments: Change.all)
  func checksWhatWasUnpacked(change: Change) throws {
    let fixture = try AppFixture()
    let path = fixture.outer + "/hello-1.1.any"
    for folder in ["", "/bin", "/esky-bootstrap", "/esky-bootstrap/bin"] {
      mkdir(path + folder, 0o755)
    }
    for program in ["hello", "bin/tool"] {
      for place in ["/", "/esky-bootstrap/"] {
        write("#!/bin/sh\n", to: path + place + program)
        chmod(path + place + program, 0o755)
      }
    }
    try change.act(path)
    let list = BootstrapList(programs: [Array("hello".utf8), Array("bin/tool".utf8)])
    let text = try BundleRules.problem(list, of: VersionFolder(Path(path), name))
    if let remark = change.remark {
      #expect(text?.contains(remark) == true)
    } else {
      #expect(text == nil)
    }
  }
}
