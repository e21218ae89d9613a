public import FileSystem

/// A zip archive, opened and checked.
///
/// Once it is open, all that can be told without decompressing has been: every byte of the file belongs to
/// exactly one entry or record, both headers of each entry agree, every path and link stays inside, and the
/// entries make one tree. Lengths and checksums of contents are checked while they are read.
///
/// Off-spec: names are UTF-8 whether or not flag 11 says so, never code page 437; archive comments, bytes
/// between entries, and extra fields that don't add up are refused.
public struct ZipReader: ~Copyable {
  /// The entries in the order of the central directory.
  public var entries: ArchiveEntries { ArchiveEntries(table) }
  /// The entries in the order of a walk through the tree: a folder, then all that is in it.
  public var walk: ArchiveEntries { ArchiveEntries(table, isWalk: true) }
  /// The bytes of all files together, decompressed.
  public let totalSize: Int64

  private let table: EntryTable
  let file: File
  let decoder: EntryDecoder

  /// Opens an archive and checks it.
  ///
  /// Reads the central directory, the header in front of every entry, and the targets of links. Takes the
  /// memory of the central directory and some 50 bytes for each entry, all of which `limits` bounds.
  ///
  /// - Throws: ``ArchiveError``: any case but those of writing and of the contents of files.
  public init(_ path: Path, limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) {
    try self.init(try ZipReader.open(path), limits: limits)
  }

  /// Checks an open archive; see ``init(_:limits:)``.
  public init(
    _ file: consuming File, limits: ArchiveLimits = ArchiveLimits()
  ) throws(ArchiveError) {
    let size = try ZipReader.size(of: file)
    let decoder = try EntryDecoder()
    let end = try ZipReader.directoryEnd(of: file, size: size)
    var table = EntryTable(try ZipReader.directory(at: end, of: file, limits: limits))
    let total = try ZipReader.readHeaders(at: end, into: &table, limits: limits)
    try ZipReader.locate(&table, at: end, in: file)
    try ZipReader.readLinks(&table, with: decoder, from: file, limits: limits)
    table.order = try TreeCheck.check(table, limit: limits.entries)

    self.file = file
    self.decoder = decoder
    self.table = table
    totalSize = total
  }

  /// The entry of a path; nil where there is none.
  public func entry(_ path: [UInt8]) -> ArchiveEntry? {
    table.find(path).map { table.entry($0) }
  }

  /// Where the entry of a path stands in ``walk``; nil where there is none.
  public func place(_ path: [UInt8]) -> Int? { table.place(path) }

  /// True when something is in a folder of this path, whether or not that has an entry of its own.
  public func isFolder(_ path: [UInt8]) -> Bool { table.isFolder(path) }

  /// Hands the contents of an entry to `body`, piece by piece.
  ///
  /// Pieces are valid during the call alone. `body` never gets more bytes than the entry declares; that
  /// they are the right ones is known only once this returns. A folder has no contents, those of a link
  /// are its target.
  ///
  /// - Throws: ``ArchiveError/wrongSize(entry:declared:)``,
  ///   ``ArchiveError/wrongChecksum(entry:declared:found:)``, ``ArchiveError/corruptData(entry:)``,
  ///   ``ArchiveError/truncated(entry:)``, ``ArchiveError/file(_:)``, or what `body` throws.
  public borrowing func read(
    _ entry: ArchiveEntry, _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    try decoder.decode(entry, from: file, body)
  }

  /// Some of an entry's contents: `count` bytes from an offset, fewer where it ends.
  ///
  /// Decompresses all that stands before them, and holds none of it; the checksum is not looked at.
  public borrowing func bytes(
    of entry: ArchiveEntry, at offset: Int64, count: Int
  ) throws(ArchiveError) -> [UInt8] {
    var found: [UInt8] = []
    var place: Int64 = 0
    do throws(ArchiveError) {
      try decoder.decode(entry, from: file) { (piece) throws(ArchiveError) in
        let first = max(0, min(Int64(piece.count), offset - place))
        let last = max(first, min(Int64(piece.count), offset + Int64(count) - place))
        found.append(contentsOf: piece[Int(first)..<Int(last)])
        place += Int64(piece.count)
        if place >= offset + Int64(count) { throw .stopped }
      }
    } catch {
      guard case .stopped = error else { throw error }
    }
    return found
  }

  /// The contents of an entry of at most `limit` bytes.
  ///
  /// - Throws: ``ArchiveError/contentsTooLarge(limit:)`` when it declares more, or as
  ///   ``read(_:_:)``.
  public borrowing func contents(
    of entry: ArchiveEntry, limit: Int
  ) throws(ArchiveError) -> [UInt8] {
    guard entry.size <= Int64(limit) else { throw .contentsTooLarge(limit: Int64(limit)) }
    return try decoder.contents(of: entry, from: file)
  }
}

extension EntryDecoder {
  /// The contents of an entry that is known to be small.
  func contents(
    of entry: ArchiveEntry, from file: borrowing File
  ) throws(ArchiveError) -> [UInt8] {
    var bytes: [UInt8] = []
    try decode(entry, from: file) { (piece) throws(ArchiveError) in
      bytes.append(contentsOf: piece)
    }
    return bytes
  }
}
