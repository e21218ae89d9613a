public import FileSystem

/// Writes a zip archive, reproducibly: the same calls with the same contents give the same bytes.
///
/// Nothing of the machine goes in: times are 1980-01-01 00:00, owners are not recorded, order is that of
/// the calls, compression is raw deflate at level 9 with fixed parameters (the same version of zlib gives
/// the same bytes). What deflate doesn't shrink is stored.
///
/// The archive is written under its name with `.new` behind and gets its own name in ``finish()``, whole
/// and durable. A writer that goes out of scope before removes what it wrote. After an error in one of the
/// `add` functions the archive is as if it had not been called.
public struct ZipWriter: ~Copyable {
  private let file: File
  private let path: Path
  /// Where the archive is being written; nil once it has its own name.
  private var temporary: Path?
  /// The length of all that is complete, in bytes; the next entry starts here.
  private var position: Int64 = 0
  private var entries: [WrittenEntry] = []
  private let encoder: EntryEncoder
  /// From which length or offset on zip64 is used; tests lower it.
  private let zip64Threshold: Int64

  /// Starts an archive; a leftover of an earlier writer under the temporary name is overwritten.
  ///
  /// - Throws: ``ArchiveError/file(_:)``, ``ArchiveError/outOfMemory``.
  public init(_ path: Path) throws(ArchiveError) {
    // Some way below what fits, as deflate may make a little more of what it can't shrink.
    try self.init(path, zip64Threshold: 0xFFFF_F000)
  }

  init(_ path: Path, zip64Threshold: Int64) throws(ArchiveError) {
    let temporary = path.appendingSuffix(".new")
    let encoder = try EntryEncoder()
    let file = try ZipWriter.create(temporary)
    self.encoder = encoder
    self.file = file
    self.path = path
    self.temporary = temporary
    self.zip64Threshold = zip64Threshold
  }

  private static func create(_ path: Path) throws(ArchiveError) -> File {
    do throws(FileError) { return try FilePlace(path).replace() } catch { throw .file(error) }
  }

  deinit {
    guard let temporary else { return }
    // Nobody is left to tell; the next writer overwrites it.
    do throws(FileError) { try FileSystem.removeIfPresent(temporary) } catch {}
  }

  /// Adds a regular file by the contents that it has on disk, of any length; links to it are followed.
  ///
  /// - Parameter permissions: Of these the owner's execute bit is kept, and nothing else: 0755 or 0644 is
  ///   recorded, whatever mask the file was made under.
  /// - Throws: ``ArchiveError/sourceChanged(entry:)`` when its length or its time of last change differ
  ///   after reading, or it is no regular file; ``ArchiveError/entryFile(entry:_:)``.
  public mutating func add(
    file source: Path, as path: EntryPath, permissions: FileMode
  ) throws(ArchiveError) {
    try add(try EntrySource(file: source, as: path), as: path, .file, permissions)
  }

  /// Adds a regular file by its contents; of `permissions` the owner's execute bit is kept.
  public mutating func add(
    bytes: [UInt8], as path: EntryPath, permissions: FileMode
  ) throws(ArchiveError) {
    try add(EntrySource(bytes: bytes, as: path), as: path, .file, permissions)
  }

  /// Adds a folder; those above it need not be added, nor those that are not empty.
  public mutating func add(directory path: EntryPath) throws(ArchiveError) {
    try add(EntrySource(bytes: [], as: path), as: path, .directory, 0)
  }

  /// Adds a symbolic link, whose target must be one that ``ZipReader`` takes.
  ///
  /// - Throws: ``ArchiveError/link(entry:target:_:)`` when it leads out of the archive's folder.
  public mutating func add(
    symbolicLink path: EntryPath, target: [UInt8]
  ) throws(ArchiveError) {
    try LinkTarget.check(target, of: path)
    try add(
      EntrySource(bytes: target, as: path), as: path, .symbolicLink(target: target), 0)
  }

  /// Writes the central directory, syncs the archive, and gives it its name.
  ///
  /// Atomic, and durable on return: an archive that had the name before is replaced by this one or, on
  /// error, left as it was.
  ///
  /// - Throws: ``ArchiveError/duplicate(entry:)``, ``ArchiveError/notAFolder(entry:)``,
  ///   ``ArchiveError/tooManyEntries(limit:)`` and ``ArchiveError/linkTwin(entry:)`` when the entries make no tree, so that no archive is ever
  ///   published which ``ZipReader`` refuses; ``ArchiveError/file(_:)``.
  public consuming func finish() throws(ArchiveError) {
    _ = try TreeCheck.check(WrittenEntries(entries: entries), limit: ArchiveLimits().entries)
    do throws(FileError) {
      try writeDirectory()
      try file.sync()
      try FileSystem.rename(path.appendingSuffix(".new"), to: path)
      temporary = nil
      try FileSystem.syncDirectory(path.parent)
    } catch { throw .file(error) }
  }

  private mutating func add(
    _ source: EntrySource, as path: EntryPath, _ kind: EntryKind, _ permissions: FileMode
  ) throws(ArchiveError) {
    // Decided before a byte is read: the header in front must have room for the long numbers, or not.
    var entry = WrittenEntry(
      path: path, kind: kind, isExecutable: permissions & 0o100 != 0, size: source.size,
      offset: position,
      usesLongSizes: source.size >= zip64Threshold, usesLongOffset: position >= zip64Threshold)
    let data = position + Int64(entry.localHeaderLength)
    // Links are stored: some readers expect their targets as they are.
    let mayShrink = kind == .file && source.size > 0
    entry.encoded = try encoder.encode(source, to: file, at: data, compressing: mayShrink)
    do throws(FileError) {
      try file.write(entry.localHeader, at: position)
    } catch { throw .entryFile(entry: path.bytes, error) }
    position = data + entry.encoded.length
    entries.append(entry)
  }

  private mutating func writeDirectory() throws(FileError) {
    let start = position
    var end = start
    var pending: [UInt8] = []
    for entry in entries {
      pending.append(contentsOf: entry.directoryHeader)
      if pending.count >= 64 << 10 {
        try file.write(pending, at: end)
        end += Int64(pending.count)
        pending.removeAll(keepingCapacity: true)
      }
    }
    try file.write(pending, at: end)
    end += Int64(pending.count)
    let records = endRecords(entries: entries.count, start: start, end: end)
    try file.write(records, at: end)
    // A failed `add` may have left something behind the end.
    try file.truncate(to: end + Int64(records.count))
  }

  /// The end record, behind a zip64 one and its locator where a number is too long for it.
  private func endRecords(entries: Int, start: Int64, end: Int64) -> [UInt8] {
    var records = RecordBytes()
    let length = end - start
    let isLong =
      entries >= Int(ZipFormat.full16) || start >= zip64Threshold || length >= zip64Threshold
    if isLong {
      records.u32(ZipFormat.zip64End)
      records.u64(UInt64(ZipFormat.zip64EndLength - 12))
      records.u16(WrittenEntry.madeBy)
      records.u16(45)
      records.u32(0)
      records.u32(0)
      records.u64(UInt64(entries))
      records.u64(UInt64(entries))
      records.u64(UInt64(length))
      records.u64(UInt64(start))
      records.u32(ZipFormat.zip64Locator)
      records.u32(0)
      records.u64(UInt64(end))
      records.u32(1)
    }
    records.u32(ZipFormat.end)
    records.u16(0)
    records.u16(0)
    let shortEntries = isLong ? ZipFormat.full16 : UInt16(truncatingIfNeeded: entries)
    records.u16(shortEntries)
    records.u16(shortEntries)
    records.u32(isLong ? ZipFormat.full32 : UInt32(truncatingIfNeeded: length))
    records.u32(isLong ? ZipFormat.full32 : UInt32(truncatingIfNeeded: start))
    records.u16(0)
    return records.bytes
  }
}
