import CPosix
import FileSystem
import Testing

@testable import Archive

@Suite struct ZipWriterTests {
  /// A bit of everything.
  static func write(
    _ zip: Path, from work: TemporaryFolder, threshold: Int64 = 0xFFFF_F000
  ) throws {
    let source = work.path.appending("source")
    try FileSystem.writeAtomically(Array(repeating: 65, count: 200_000), to: source)
    var writer = try ZipWriter(zip, zip64Threshold: threshold)
    try writer.add(directory: entryPath("app"))
    try writer.add(file: source, as: entryPath("app/file"), permissions: 0o755)
    try writer.add(bytes: Array("short".utf8), as: entryPath("app/short"), permissions: 0o600)
    try writer.add(bytes: [], as: entryPath("app/empty"), permissions: 0o644)
    try writer.add(bytes: noise, as: entryPath("app/noise"), permissions: 0o4644)
    try writer.add(bytes: [1], as: entryPath("app/größe 日本"), permissions: 0o644)
    try writer.add(symbolicLink: entryPath("app/link"), target: Array("short".utf8))
    try writer.finish()
  }

  /// Bytes that deflate can't shrink.
  static let noise: [UInt8] = {
    var state: UInt64 = 1
    return (0..<100_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }()

  @Test(arguments: [0xFFFF_F000, 100_000, 1, 0] as [Int64])
  func writesWhatTheReaderReads(_ threshold: Int64) throws {
    let work = try TemporaryFolder()
    let zip = work.path.appending("a.zip")
    try ZipWriterTests.write(zip, from: work, threshold: threshold)
    let reader = try ZipReader(zip)
    #expect(
      reader.entries.map { $0.method } == [
        .stored, .deflate, .stored, .stored, .stored, .stored, .stored,
      ])
    #expect(
      reader.entries.map { $0.permissions } == [0o755, 0o755, 0o644, 0o644, 0o644, 0o644, 0o777])
    #expect(
      try reader.contents(of: reader.entries[1], limit: 1 << 20)
        == Array(repeating: 65, count: 200_000))
    #expect(try reader.contents(of: reader.entries[4], limit: 1 << 20) == ZipWriterTests.noise)
    #expect(reader.entries[6].kind == .symbolicLink(target: Array("short".utf8)))
    #expect(reader.totalSize == 300_006)
  }

  @Test func writesTheSameBytesAgain() throws {
    let work = try TemporaryFolder()
    let first = work.path.appending("1.zip")
    let second = work.path.appending("2.zip")
    try ZipWriterTests.write(first, from: work)
    try ZipWriterTests.write(second, from: work)
    #expect(try FileSystem.read(first, limit: 1 << 20) == FileSystem.read(second, limit: 1 << 20))
  }

  @Test func leavesTheOldArchiveUntilItIsFinished() throws {
    let work = try TemporaryFolder()
    let zip = try work.file("a.zip", [1, 2, 3])
    do {
      var writer = try ZipWriter(zip)
      try writer.add(bytes: [1], as: entryPath("f"), permissions: 0o644)
      #expect(try FileSystem.list(work.path).count == 2)
    }
    #expect(try FileSystem.list(work.path).count == 1)
    #expect(try FileSystem.read(zip, limit: 10) == [1, 2, 3])
  }

  @Test func forgetsWhatCouldNotBeAdded() throws {
    let work = try TemporaryFolder()
    let zip = work.path.appending("a.zip")
    var writer = try ZipWriter(zip)
    try writer.add(bytes: [1], as: entryPath("f"), permissions: 0o644)
    #expect(throws: ArchiveError.self) {
      try writer.add(file: work.path, as: entryPath("folder"), permissions: 0o644)
    }
    #expect(throws: ArchiveError.self) {
      #expect(mkfifo(work.path.appending("pipe").text, 0o600) == 0)
      try writer.add(file: work.path.appending("pipe"), as: entryPath("pipe"), permissions: 0o644)
    }
    #expect(throws: ArchiveError.self) {
      try writer.add(file: work.path.appending("none"), as: entryPath("none"), permissions: 0o644)
    }
    #expect(throws: ArchiveError.self) {
      try writer.add(symbolicLink: entryPath("a/l"), target: Array("../..".utf8))
    }
    try writer.add(bytes: [2], as: entryPath("g"), permissions: 0o644)
    try writer.finish()
    #expect(try listing(zip) == ["f file 644 [1]", "g file 644 [2]"])
  }

  @Test(arguments: [["f", "f"], ["f", "f/g"]])
  func publishesNothingThatIsNoTree(_ names: [String]) throws {
    let work = try TemporaryFolder()
    #expect(throws: ArchiveError.self) {
      var writer = try ZipWriter(work.path.appending("a.zip"))
      for name in names { try writer.add(bytes: [], as: entryPath(name), permissions: 0o644) }
      try writer.finish()
    }
    #expect(try FileSystem.list(work.path).isEmpty)
  }

  @Test func noticesASourceThatShrinksOrGrows() throws {
    let work = try TemporaryFolder()
    for length in [100, 70_001] as [Int64] {
      let path = try work.file("source\(length)", Array(repeating: 1, count: 70_000))
      let source = try EntrySource(file: path, as: entryPath("f"))
      try File(path, .update).truncate(to: length)
      let archive = try FilePlace(work.path.appending("out")).replace()
      #expect(throws: ArchiveError.self) {
        _ = try EntryEncoder().encode(source, to: archive, at: 0, compressing: true)
      }
    }
  }

  @Test func usesZip64ForManyEntries() throws {
    let work = try TemporaryFolder()
    for count in [65_534, 65_535, 65_536] {
      let zip = work.path.appending("\(count).zip")
      var writer = try ZipWriter(zip)
      for index in 0..<count {
        try writer.add(bytes: [], as: entryPath("\(index)"), permissions: 0o644)
      }
      try writer.finish()
      #expect(try ZipReader(zip).entries.count == count)
      let checked = try run(
        "python3 -c 'import zipfile; print(len(zipfile.ZipFile(\"\(count).zip\").infolist()))'",
        in: work)
      #expect(checked.output == "\(count)\n")
      let bytes = try FileSystem.read(zip, limit: 1 << 24)
      let hasLocator = bytes.suffix(42).starts(with: [0x50, 0x4B, 6, 7])
      #expect(hasLocator == (count > 65_534))
    }
  }

  /// One genuine file of more than 4 GiB; sparse on disk, and small in the archive.
  @Test func packsAFileOfMoreThanFourGibibytes() throws {
    let work = try TemporaryFolder()
    let source = work.path.appending("sparse")
    let size: Int64 = 4 << 30 + 12_345
    try File(source, .createNew).truncate(to: size)
    let zip = work.path.appending("a.zip")
    var writer = try ZipWriter(zip)
    try writer.add(file: source, as: entryPath("large"), permissions: 0o644)
    try writer.add(bytes: [7], as: entryPath("small"), permissions: 0o644)
    try writer.finish()

    let reader = try ZipReader(zip)
    var count: Int64 = 0
    try reader.read(reader.entries[0]) { (piece) throws(ArchiveError) in count += Int64(piece.count)
    }
    #expect(count == size)
    #expect(try reader.contents(of: reader.entries[1], limit: 1) == [7])
    let other = try run(
      "python3 -c 'import zipfile; print([i.file_size for i in zipfile.ZipFile(\"a.zip\").infolist()])'; unzip -l a.zip",
      in: work)
    #expect(other.code == 0)
    #expect(other.output.hasPrefix("[\(size), 1]\n"))
  }
}
