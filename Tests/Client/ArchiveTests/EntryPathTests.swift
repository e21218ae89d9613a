import Archive
import Testing

@Suite struct EntryPathTests {
  @Test(arguments: ["a", "a/b", ".a", "a..", "...", "é/日本/🦊", "a b", "~", "-rf", "C:"])
  func takesCleanPaths(_ text: String) throws {
    let path = try entryPath(text)
    #expect(path.bytes == Array(text.utf8))
    #expect(
      path.components.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/") == text)
  }

  @Test(arguments: [
    "", "/", "/a", ".", "..", "a/", "a//b", "./a", "a/.", "a/../b", "a\\b", "a\u{7F}",
  ])
  func refusesOthers(_ text: String) {
    #expect(throws: ArchiveError.self) { try entryPath(text) }
  }

  @Test func agreesWithTheStandardLibraryOnUTF8() {
    // Every lead byte with interesting second bytes, alone and with one or two more behind.
    for lead in UInt8(0x80)...0xFF {
      for second in [UInt8(0x7E), 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0] {
        for tail in [[], [0x80], [0x80, 0xBF], [0x41]] as [[UInt8]] {
          let bytes = [lead, second] + tail
          let isControl = lead == 0xC2 && second < 0xA0
          let expected = String(validating: bytes, as: UTF8.self) != nil && !isControl
          let found = (try? EntryPath(checking: bytes)) != nil
          #expect(found == expected, "\(bytes)")
        }
      }
    }
  }
}
