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
  public let entries: [ArchiveEntry]
  /// The bytes of all files together, decompressed.
  public let totalSize: Int64

  let file: File
  let decoder: EntryDecoder

  /// Opens an archive and checks it.
  ///
  /// Reads the central directory, the header in front of every entry, and the targets of links. Takes
  /// memory in proportion to the central directory, which `limits` bounds.
  ///
  /// - Throws: ``ArchiveError``: any case but those of writing and of the contents of files.
  public init(_ path: Path, limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) {
    let file = try ZipReader.open(path)
    let size = try ZipReader.size(of: file)
    let decoder = try EntryDecoder()

    let end = try ZipReader.directoryEnd(of: file, size: size)
    let headers = try ZipReader.headers(at: end, of: file, limits: limits)
    var entries: [ArchiveEntry] = []
    entries.reserveCapacity(headers.count)
    var total: Int64 = 0
    var files: Int64 = 0
    for header in headers {
      let entry = try header.entry(limits: limits)
      guard entry.size <= limits.totalBytes - total else {
        throw .contentsTooLarge(limit: limits.totalBytes)
      }
      total += entry.size
      if entry.kind == .file { files += entry.size }
      entries.append(entry)
    }
    try ZipReader.locate(&entries, headers, before: end.start, in: file)
    try ZipReader.readLinks(&entries, with: decoder, from: file)
    try TreeCheck.check(entries)

    self.file = file
    self.decoder = decoder
    self.entries = entries
    totalSize = files
  }

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
