import Archive
import FileSystem
import Testing

/// A refusal: the archive and what its error must say.
struct Attack: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let reason: String

  init(_ name: String, _ entries: [HandMadeEntry], _ reason: String) {
    self.init(name, bytes: handMadeZip(entries), reason)
  }

  init(_ name: String, bytes: [UInt8], _ reason: String) {
    testDescription = name
    self.bytes = bytes
    self.reason = reason
  }
}

@Suite struct ZipReaderTests {
  static let good = HandMadeEntry("a/f")

  static let names: [Attack] = [
    Attack("absolute", [HandMadeEntry("/etc/passwd")], "absolute"),
    Attack("parent", [HandMadeEntry("../f")], ". or .."),
    Attack("parent inside", [HandMadeEntry("a/../../f")], ". or .."),
    Attack("parent at the end", [HandMadeEntry("a/..")], ". or .."),
    Attack("dot", [HandMadeEntry("a/./f")], ". or .."),
    Attack("two separators", [HandMadeEntry("a//f")], "empty component"),
    Attack("folder with two separators", [.folder("a/")], "empty component"),
    Attack("the root", [.folder("")], "absolute"),
    Attack("no name", [HandMadeEntry("")], "empty"),
    Attack("NUL", [HandMadeEntry("a/f\0.txt")], "NUL"),
    Attack("newline", [HandMadeEntry("a/f\n")], "control"),
    Attack("escape", [HandMadeEntry("a/\u{1B}[2J")], "control"),
    Attack("C1 control", [HandMadeEntry("a/\u{9B}2J")], "UTF-8"),
    Attack("backslash", [HandMadeEntry("..\\f")], "backslash"),
    Attack("no UTF-8", [HandMadeEntry([0x61, 0xFF], [])], "UTF-8"),
    Attack("overlong UTF-8", [HandMadeEntry([0xC0, 0xAF], [])], "UTF-8"),
    Attack("surrogate", [HandMadeEntry([0xED, 0xA0, 0x80], [])], "UTF-8"),
    Attack("cut UTF-8", [HandMadeEntry([0x61, 0xE2, 0x82], [])], "UTF-8"),
    Attack(
      "long component", [HandMadeEntry(String(repeating: "n", count: 256))], "more than 255 bytes"),
    Attack(
      "long path", [HandMadeEntry(String(repeating: "n/", count: 2048) + "f")],
      "more than 4096 bytes"),
    Attack(
      "tower", [HandMadeEntry(String(repeating: "n/", count: 100) + "f")], "100 components"),
    Attack(
      "second name",
      [
        good.with {
          $0.extra = little(UInt16(0x7075)) + little(UInt16(8)) + [1, 0, 0, 0, 0] + [97, 47, 103]
        }
      ], "second, different name"),
  ]

  static let links: [Attack] = [
    Attack("absolute link", [.link("a/l", "/etc")], "absolute"),
    Attack("link out", [.link("a/l", "../x")], "leads out"),
    Attack("link out from below", [.link("a/b/l", "../../x")], "leads out"),
    Attack("link at the top", [.link("l", "a")], "at the top"),
    Attack("link down and out", [.link("a/b/l", "c/../../x")], "behind a name"),
    Attack("empty link", [.link("a/l", "")], "is empty"),
    Attack("link to dot", [.link("a/l", ".")], "component ."),
    Attack("link with a leading dot", [.link("a/l", "./x")], "component ."),
    Attack("link with a trailing dot", [.link("a/l", "x/.")], "component ."),
    Attack("link with a trailing separator", [.link("a/l", "x/")], "empty component"),
    Attack("link with a NUL", [.link("a/l", "x\0y")], "not allowed"),
    Attack("long link", [.link("a/l", String(repeating: "x/", count: 2100))], "too long"),
    Attack("link named as a folder", [.link("a/l/", "x")], "disagree on what kind"),
    Attack("write through a link", [.link("a/l", "b"), HandMadeEntry("a/l/f")], "no folder"),
    Attack("write through a later link", [HandMadeEntry("a/l/f"), .link("a/l", "b")], "no folder"),
    Attack("write through a twin", [.link("a/l", "b"), HandMadeEntry("a/L/f")], "case alone"),
    Attack(
      "write through a twin of a parent", [HandMadeEntry("A/L/f"), .link("a/l", "b")], "case"),
    Attack("file over a twin of a link", [.link("a/L", "b"), HandMadeEntry("a/l")], "case alone"),
    Attack("two links that are twins", [.link("a/L", "b"), .link("a/l", "c")], "case alone"),
  ]

  static let trees: [Attack] = [
    Attack("duplicate", [good, HandMadeEntry("b"), good], "two entries"),
    Attack("folder and file", [.folder("a"), HandMadeEntry("a")], "two entries"),
    Attack("file as folder", [HandMadeEntry("a"), HandMadeEntry("a/f")], "no folder"),
    Attack(
      "file as folder, apart", [HandMadeEntry("a/b/c"), HandMadeEntry("a-"), HandMadeEntry("a")],
      "no folder"),
    Attack("character device", [HandMadeEntry("a", "", mode: 0o020644)], "neither file"),
    Attack("block device", [HandMadeEntry("a", "", mode: 0o060644)], "neither file"),
    Attack("pipe", [HandMadeEntry("a", "", mode: 0o010644)], "neither file"),
    Attack("socket", [HandMadeEntry("a", "", mode: 0o140644)], "neither file"),
    Attack("setuid", [HandMadeEntry("a", mode: 0o104755)], "setuid"),
    Attack("setgid", [HandMadeEntry("a", mode: 0o102755)], "setuid"),
    Attack("sticky", [HandMadeEntry("a/", "", mode: 0o041777)], "setuid"),
    Attack("folder by name alone", [HandMadeEntry("a/", "", mode: 0o100644)], "what kind"),
    Attack("folder by mode alone", [HandMadeEntry("a", "", mode: 0o040755)], "what kind"),
    Attack("folder with contents", [HandMadeEntry("a/", "x", mode: 0o040755)], "what kind"),
  ]

  static let records: [Attack] = [
    Attack("nothing", bytes: [], "no zip end record"),
    Attack("text", bytes: Array("not a zip archive at all, but long enough".utf8), "end record"),
    Attack("garbage behind", bytes: handMadeZip([good]) + [0], "no zip end record"),
    Attack("garbage in front", bytes: [0x7F] + handMadeZip([good]), "belong to no entry"),
    Attack("prefix", bytes: handMadeZip([good], prefix: [1, 2]), "at 0 belong to no entry"),
    Attack("gap", bytes: handMadeZip([good], gap: [1]), "belong to no entry"),
    Attack("comment", bytes: handMadeZip([good], comment: [65]), "no zip end record"),
    Attack("several disks", bytes: handMadeZip([good], disk: 1), "several"),
    Attack("more counted", bytes: handMadeZip([good], count: 2), "malformed"),
    Attack("fewer counted", bytes: handMadeZip([good, HandMadeEntry("b")], count: 1), "malformed"),
    Attack("encrypted", [good.with { $0.flags = 1 }], "encrypted"),
    Attack("strongly encrypted", [good.with { $0.flags = 0x41 }], "encrypted"),
    Attack("patch data", [good.with { $0.flags = 1 << 5 }], "flags"),
    Attack("bzip2", [good.with { $0.method = 12 }], "method 12"),
    Attack("another local name", [good.with { $0.localName = Array("b/f".utf8) }], "its name"),
    Attack("another local method", [good.with { $0.localMethod = 8 }], "compression method"),
    Attack("other local flags", [good.with { $0.localFlags = 1 << 11 }], "its flags"),
    Attack("another local size", [good.with { $0.localSize = 3 }], "its size"),
    Attack("another local checksum", [good.with { $0.localCRC = 3 }], "its checksum"),
    Attack("broken extra field", [good.with { $0.extra = [1, 2, 3] }], "malformed"),
    Attack(
      "zip64 numbers nobody wants",
      [
        good.with {
          $0.extra = little(UInt16(1)) + little(UInt16(8)) + [UInt8](repeating: 0, count: 8)
        }
      ],
      "malformed"),
    Attack(
      "zip64 numbers missing", [HandMadeEntry.deflated("f", "x").with { $0.size = ~0 }], "malformed"
    ),
    Attack(
      "negative zip64 size",
      [
        HandMadeEntry.deflated("f", "x").with {
          $0.size = ~0
          $0.extra = little(UInt16(1)) + little(UInt16(8)) + [UInt8](repeating: 255, count: 8)
        }
      ], "malformed"),
    Attack("one header twice", [good, HandMadeEntry("a/f").with { $0.offset = 0 }], "overlap"),
    Attack(
      "contents of one in another",
      [good.with { ($0.compressedSize, $0.size) = (50, 50) }, HandMadeEntry("b")], "overlap"),
    Attack("offset behind the end", [good.with { $0.offset = 0xFFFF_FF00 }], "malformed"),
    Attack(
      "lengths and offsets that overflow",
      [
        HandMadeEntry.deflated("f", "x").with {
          $0.compressedSize = ~0
          $0.extra = little(UInt16(1)) + little(UInt16(8)) + little(Int64.max - 40)
        },
        good.with {
          $0.offset = ~0
          $0.extra = little(UInt16(1)) + little(UInt16(8)) + little(Int64.max - 5)
        },
      ], "malformed"),
    Attack("stored with two lengths", [good.with { $0.size = 5 }], "declared 5 bytes"),
    Attack(
      "descriptor missing", [good.with { $0.flags = 8 }], "data descriptor"),
    Attack(
      "descriptor that disagrees",
      [
        good.with {
          $0.flags = 8
          $0.descriptor = little($0.crc) + little(UInt32(4)) + little(UInt32(5))
        }
      ], "its size"),
  ]

  @Test(arguments: names + links + trees + records)
  func refusesBeforeAnythingIsWritten(_ attack: Attack) throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let zip = try work.file("a.zip", attack.bytes)
    let reason = try #require(refusal(zip, into: top))
    #expect(reason.contains(attack.reason), "\(reason)")
    #expect(try tree(top).isEmpty)
    #expect(try FileSystem.list(work.path).count == 2)
  }

  @Test func acceptsWhatIsUnusualButSafe() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let zip = try work.file(
      "a.zip",
      handMadeZip([
        HandMadeEntry("a/b/f", "1"), .folder("a"), .link("a/b/up", ".."), .link("a/b/x", "../c/d"),
        .link("a/l", "nowhere/yet"), HandMadeEntry("a/F", "2"), HandMadeEntry("a/f", "3"),
        HandMadeEntry("..a", "4"),
        HandMadeEntry("plain", "5").with { ($0.host, $0.mode) = (0, 0xFFFF) },
        HandMadeEntry("bare", "6", mode: 0), .deflated("d", "7"),
        HandMadeEntry("streamed", "8").with {
          $0.flags = 8
          ($0.localCRC, $0.localSize) = (0, 1)
          $0.descriptor = little($0.crc) + little(UInt32(1)) + little(UInt32(1))
        },
      ]))
    #expect(refusal(zip, into: top) == nil)
    #expect(
      try tree(top) == [
        "..a 644 4", "a/ 755", "a/F 644 2", "a/b/ 755", "a/b/f 644 1", "a/b/up -> ..",
        "a/b/x -> ../c/d", "a/f 644 3", "a/l -> nowhere/yet", "bare 644 6", "d 644 7",
        "plain 644 5", "streamed 644 8",
      ])
  }

  @Test func acceptsAnEmptyArchive() throws {
    let work = try TemporaryFolder()
    #expect(try listing(try work.file("a.zip", handMadeZip([]))).isEmpty)
  }

  @Test func keepsToItsLimits() throws {
    let work = try TemporaryFolder()
    let zip = try work.file("a.zip", handMadeZip([HandMadeEntry("a/b"), HandMadeEntry("c")]))
    let top = try work.folder("top")
    let cases: [(ArchiveLimits, String)] = [
      (ArchiveLimits(entries: 1), "more than 1 entries"),
      // The folder that only a path implies is made as well.
      (ArchiveLimits(entries: 2), "more than 2 entries"),
      (ArchiveLimits(directoryBytes: 90), "directory has more than 90 bytes"),
      (ArchiveLimits(totalBytes: 7), "contents have more than 7 bytes"),
      (ArchiveLimits(depth: 1), "more than 1 components"),
    ]
    for (limits, reason) in cases {
      #expect(refusal(zip, into: top, limits: limits)?.contains(reason) == true, "\(reason)")
    }
    let exact = ArchiveLimits(entries: 3, totalBytes: 8, depth: 2)
    #expect(refusal(zip, into: top, limits: exact) == nil)
  }

  @Test func refusesHugeDeclaredSizesWithoutOverflow() throws {
    let work = try TemporaryFolder()
    let huge = HandMadeEntry.deflated("f", "x").with {
      $0.size = ~0
      $0.extra = little(UInt16(1)) + little(UInt16(8)) + little(Int64.max)
    }
    let limits = ArchiveLimits(totalBytes: .max)
    let zip = try work.file("a.zip", handMadeZip([huge, huge.with { $0.name = [98] }]))
    #expect(refusal(zip, into: work.path, limits: limits)?.contains("contents have more") == true)
  }
}
