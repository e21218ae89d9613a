import FileSystem
import Testing

@testable import Archive

/// Small archives, damaged in every place: refused, or read as if nothing had happened.
@Suite struct ZipMutationTests {
  static func small(threshold: Int64) throws -> [UInt8] {
    let work = try TemporaryFolder()
    let zip = work.path.appending("a.zip")
    var writer = try ZipWriter(zip, zip64Threshold: threshold)
    try writer.add(directory: entryPath("a"))
    try writer.add(
      bytes: Array(repeating: 66, count: 300), as: entryPath("a/f"), permissions: 0o755)
    try writer.add(bytes: Array("line\n".utf8), as: entryPath("a/é"), permissions: 0o644)
    try writer.add(symbolicLink: entryPath("a/l"), target: [102])
    try writer.finish()
    return try FileSystem.read(zip, limit: 1 << 16)
  }

  /// What no checksum and no second header covers: host and mode in the central directory.
  static func uncovered(_ zip: [UInt8]) -> Set<Int> {
    var places: Set<Int> = []
    for start in zip.indices.dropLast(3)
    where Array(zip[start..<(start + 4)]) == [0x50, 0x4B, 1, 2] {
      places.formUnion([start + 5, start + 40, start + 41])
    }
    return places
  }

  @Test(arguments: [0xFFFF_F000, 1] as [Int64])
  func refusesEveryTruncation(_ threshold: Int64) throws {
    let work = try TemporaryFolder()
    let bytes = try ZipMutationTests.small(threshold: threshold)
    let zip = try work.file("a.zip", bytes)
    for length in bytes.indices.reversed() {
      try File(zip, .update).truncate(to: Int64(length))
      #expect(throws: ArchiveError.self) { try listing(zip) }
    }
  }

  @Test(arguments: [0xFFFF_F000, 1] as [Int64])
  func readsNothingElseAfterAnyFlip(_ threshold: Int64) throws {
    let work = try TemporaryFolder()
    let bytes = try ZipMutationTests.small(threshold: threshold)
    let zip = try work.file("a.zip", bytes)
    let original = try listing(zip)
    let uncovered = ZipMutationTests.uncovered(bytes)
    let file = try File(zip, .update)
    var refused = 0
    for place in bytes.indices {
      for flip in [1, 2, 4, 8, 16, 32, 64, 128, 255] as [UInt8] {
        try file.write([bytes[place] ^ flip], at: Int64(place))
        guard let found = try? listing(zip) else {
          refused += 1
          continue
        }
        if !uncovered.contains(place) { #expect(found == original, "bit \(flip) of byte \(place)") }
      }
      try file.write([bytes[place]], at: Int64(place))
    }
    #expect(try listing(zip) == original)
    #expect(refused > bytes.count * 6)
  }
}
