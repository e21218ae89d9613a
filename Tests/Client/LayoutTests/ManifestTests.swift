import FileSystem
import Testing

@testable import Layout

extension Manifest {
  /// The whole of a text at once; nil when it is damaged.
  fileprivate init?(_ text: [UInt8]) {
    var reader = ManifestReader()
    var found: [Entry] = []
    let isSound = text.withUnsafeBytes { reader.add($0) { found.append($0) } }
    guard isSound, reader.isWhole else { return nil }
    self.init(found)
  }
}

struct ManifestTests {
  private let hash = Array(String(repeating: "0a", count: 32).utf8)

  private var manifest: Manifest {
    Manifest([
      Manifest.Entry(path: Array("lib".utf8), kind: .directory(permissions: 0o755)),
      Manifest.Entry(
        path: Array("lib/a b".utf8), kind: .file(permissions: 0o644, size: 0, sha256: hash)),
      Manifest.Entry(
        path: [0xff, 0x20], kind: .file(permissions: 0o755, size: 1 << 40, sha256: hash)),
      Manifest.Entry(path: Array("a link".utf8), kind: .link(target: Array("to a b".utf8))),
      Manifest.Entry(
        path: Array("hello".utf8), kind: .bootstrap(permissions: 0o755, size: 52_000, sha256: hash)),
    ])
  }

  private static let digest = String(repeating: "0a", count: 32)

  @Test func readsWhatItWrites() throws {
    let copy = try #require(Manifest(manifest.text))
    #expect(copy.text == manifest.text)
    #expect(copy.entries.map(\.path) == manifest.entries.map(\.path))
    guard case .link(let target) = copy.entries[3].kind else {
      Issue.record("no link")
      return
    }
    #expect(target == Array("to a b".utf8))
    guard case .file(let permissions, let size, let found) = copy.entries[2].kind else {
      Issue.record("no file")
      return
    }
    #expect(permissions == 0o755 && size == 1 << 40 && found == hash)
  }

  @Test func refusesAFileCutShortAtAnyByte() {
    let text = manifest.text
    for length in 0..<text.count { #expect(Manifest(Array(text[..<length])) == nil) }
  }

  @Test func skipsLinesOfLaterFormats() throws {
    let text = "esky-manifest 1\nchunk 1 2 3\ndirectory 755 lib\nend\n"
    #expect(try #require(Manifest(Array(text.utf8))).entries.count == 1)
  }

  @Test(arguments: [
    "directory lib", "directory 755", "directory 789 lib", "directory -7 lib", "directory  lib",
    "directory 77777777777777777777777777 lib", "file 644", "file 644 10", "file 644 10 abc",
    "file 644 99999999999999999999999999 abc name", "file 644 -1 abc name",
    "file 644 0x10 abc name",
    "link 5 a b", "link 99999999999999999999 a b", "link a b", "link", "bootstrap 755 10 abc",
    "bootstrap 755 ten abc hello", "link 1 a/b", "directory 755 ", "directory 10000 lib",
    "directory 755 /lib", "directory 755 lib/..", "directory 755 a//b", "directory 755 lib/",
    "file 644 1 abc name", "file 644 1 \(digest)0 name", "file 644 1 \(digest) ../name",
  ])
  func refusesGarbage(line: String) {
    let text = "esky-manifest 1\n\(line)\nend\n"
    #expect(Manifest(Array(text.utf8)) == nil)
  }

  /// Text that must not be read as what it is not, found by changing one byte at a time.
  @Test func survivesEveryChangeOfOneByte() {
    let text = manifest.text
    for place in text.indices {
      for byte: UInt8 in [0x00, 0x0a, 0x20, 0x2f, 0x39, 0xff] {
        var changed = text
        changed[place] = byte
        _ = Manifest(changed)
        _ = BootstrapList(changed)
        _ = Settings(changed)
      }
    }
  }
}
