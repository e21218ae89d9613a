import Archive
import CPosix
import FileSystem
import Testing

@Suite struct ExtractorTests {
  /// Archives whose contents turn out wrong only while they are read.
  static let lies: [Attack] = [
    Attack("wrong checksum", [HandMadeEntry("f").with { $0.crc ^= 1 }], "CRC-32"),
    Attack(
      "wrong checksum, compressed", [HandMadeEntry.deflated("f", "data").with { $0.crc ^= 1 }],
      "CRC"
    ),
    Attack(
      "smaller than it is", [HandMadeEntry.deflated("f", "data").with { $0.size = 3 }], "declared 3"
    ),
    Attack(
      "larger than it is", [HandMadeEntry.deflated("f", "data").with { $0.size = 5 }], "declared 5"),
    Attack(
      "bomb behind a small size",
      [HandMadeEntry(Array("f".utf8), bombOfAMebibyte).with { ($0.method, $0.size) = (8, 10) }],
      "declared 10"),
    Attack(
      "bytes behind the stream", [HandMadeEntry.deflated("f", "data").with { $0.data.append(0) }],
      "damaged"),
    Attack(
      "cut stream", [HandMadeEntry.deflated("f", "data").with { $0.data.removeLast() }], "damaged"),
    Attack("no stream", [HandMadeEntry("f").with { $0.method = 8 }], "damaged"),
    Attack("empty stream", [HandMadeEntry("f", "").with { $0.method = 8 }], "damaged"),
  ]

  /// Blocks with fixed codes that repeat a zero 258 bytes back and forth: about a mebibyte of zeros.
  static let bombOfAMebibyte: [UInt8] = {
    var bits: [UInt8] = [1, 1, 0]  // last block, fixed codes
    bits += [0, 0, 1, 1, 0, 0, 0, 0]  // literal 0
    for _ in 0..<4096 { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }  // length 258, distance 1
    bits += [0, 0, 0, 0, 0, 0, 0]  // end
    while bits.count % 8 != 0 { bits.append(0) }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 | bits[start + $1] << UInt8($1) }
    }
  }()

  @Test(arguments: lies)
  func refusesContentsThatLie(_ attack: Attack) throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let zip = try work.file("a.zip", attack.bytes)
    let reason = try #require(refusal(zip, into: top))
    #expect(reason.contains(attack.reason), "\(reason)")
    // Never more than declared, and nothing beside it.
    let declared = try ZipReader(zip).totalSize
    #expect(try FileSystem.linkStatus(top.appending("f")).size <= declared)
    #expect(try tree(top).count == 1)
    #expect(try FileSystem.list(work.path).count == 2)
  }

  @Test func givesPermissionsExactlyAsRecorded() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let modes: [UInt16] = [0o777, 0o755, 0o666, 0o600, 0o444, 0o111, 0o000]
    var entries: [HandMadeEntry] = []
    for mode in modes {
      entries.append(HandMadeEntry("f\(mode)", "", mode: 0o100000 | mode))
      entries.append(HandMadeEntry("d\(mode)/", "", mode: 0o040000 | mode))
      entries.append(HandMadeEntry("d\(mode)/deep/f", ""))
    }
    let zip = try work.file("a.zip", handMadeZip(entries))
    let umaskBefore = umask(0o077)
    let reason = refusal(zip, into: top)
    umask(umaskBefore)
    #expect(reason == nil)
    for mode in modes {
      let expected: FileMode = mode & 0o100 == 0 ? 0o644 : 0o755
      #expect(try FileSystem.linkStatus(top.appending("f\(mode)")).permissions == expected)
      #expect(try FileSystem.linkStatus(top.appending("d\(mode)")).permissions == 0o755)
      #expect(try FileSystem.linkStatus(top.appending("d\(mode)/deep")).permissions == 0o755)
    }
  }

  @Test func neverOverwrites() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let victim = try work.file("victim", Array("mine".utf8))
    try FileSystem.makeSymbolicLink(top.appending("f"), to: victim)
    let zip = try work.file("a.zip", handMadeZip([HandMadeEntry("f", "theirs")]))
    #expect(refusal(zip, into: top)?.contains("exists") == true)
    #expect(try FileSystem.read(victim, limit: 100) == Array("mine".utf8))
    // A folder that is there is not adopted either, nor a link to one.
    let deep = try work.file("b.zip", handMadeZip([HandMadeEntry("f/g", "theirs")]))
    #expect(refusal(deep, into: top)?.contains("exists") == true)
    #expect(refusal(deep, into: work.path.appending("missing"))?.contains("No such file") == true)
    #expect(try tree(top) == ["f -> \(victim.text)"])
  }

  @Test func makesLinksAfterAllFiles() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let damaged = HandMadeEntry("z").with { $0.crc ^= 1 }
    let zip = try work.file("a.zip", handMadeZip([.link("a/l", "x"), damaged]))
    #expect(refusal(zip, into: top) != nil)
    #expect(try tree(top).allSatisfy { !$0.contains("->") })
  }

  @Test func stopsWhenToldTo() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let entries = (0..<5).map { HandMadeEntry("f\($0)", "four") }
    let reader = try ZipReader(try work.file("a.zip", handMadeZip(entries + [.link("a/l", "x")])))
    var seen: [Int64] = []
    #expect {
      try Extractor.extract(reader, into: Folder(top)) { written, total in
        #expect(total == 20)
        seen.append(written)
        return written < 12
      }
    } throws: { error in
      (error as? ArchiveError)?.description == "stopped on request"
    }
    #expect(seen == [4, 8, 12])
    #expect(try FileSystem.list(top).count == 4)  // the folder, and three files
  }

  @Test func buildsWideAndDeepTreesInAnyOrder() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    var names: [String] = []
    for index in 0..<60 {
      let folders = (0..<(index % 12)).map { "d\(($0 * 7 + index) % 3)" }
      names.append((folders + ["f\(index)"]).joined(separator: "/"))
    }
    names.append((0..<99).map { "t\($0)" }.joined(separator: "/") + "/f")
    // Neighbours in the archive are far apart in the tree.
    let shuffled = names.indices.map { names[$0 * 17 % names.count] }
    let zip = try work.file("a.zip", handMadeZip(shuffled.map { HandMadeEntry($0, $0) }))
    #expect(refusal(zip, into: top) == nil)
    for name in names {
      #expect(try FileSystem.read(top.appending(name), limit: 1000) == Array(name.utf8))
    }
    let files = try tree(top).filter { !$0.contains("/ ") }
    #expect(files.count == names.count)
  }

  @Test func refusesPathsTooLongForTheDisk() throws {
    let work = try TemporaryFolder()
    let top = try work.folder("top")
    let name = (0..<17).map { _ in String(repeating: "n", count: 240) }.joined(separator: "/")
    let bytes = Array(name.utf8.prefix(4096 - top.bytes.count - 1))
    let zip = try work.file("a.zip", handMadeZip([HandMadeEntry(bytes, [])]))
    #expect(refusal(zip, into: top)?.contains("path on disk") == true)
    #expect(try tree(top).isEmpty)
  }

  @Test func noticesAnArchiveThatShrinks() throws {
    let work = try TemporaryFolder()
    let zip = try work.file("a.zip", handMadeZip([HandMadeEntry("f")]))
    let reader = try ZipReader(zip)
    try File(zip, .update).truncate(to: 32)
    #expect(throws: ArchiveError.self) { try Extractor.extract(reader, into: Folder(work.path)) }
  }
}
