/// What a writer keeps of an entry for its two headers, drawn in ``DirectoryHeader`` and ``LocalHeader``.
struct WrittenEntry {
  let path: EntryPath
  let kind: EntryKind
  let isExecutable: Bool
  let size: Int64
  let offset: Int64
  /// True when the lengths stand in zip64 extra fields, in both headers.
  let usesLongSizes: Bool
  /// True when the offset does, in the central directory.
  let usesLongOffset: Bool
  /// What became of the contents, once they are written.
  var encoded = EncodedContents(method: .stored, length: 0, crc32: 0)

  init(
    path: EntryPath, kind: EntryKind, isExecutable: Bool, size: Int64, offset: Int64,
    usesLongSizes: Bool, usesLongOffset: Bool
  ) {
    self.path = path
    self.kind = kind
    self.isExecutable = isExecutable
    self.size = size
    self.offset = offset
    self.usesLongSizes = usesLongSizes
    self.usesLongOffset = usesLongOffset
  }

  /// Made on Unix by version 4.5, for what the external attributes hold. (APPNOTE §4.4.2)
  static let madeBy: UInt16 = ZipFormat.unixHost << 8 | 45

  var localHeaderLength: Int {
    ZipFormat.localHeaderLength + name.count + (usesLongSizes ? 20 : 0)
  }

  var localHeader: [UInt8] {
    var bytes = RecordBytes()
    bytes.u32(ZipFormat.localHeader)
    appendCommon(to: &bytes)
    bytes.u16(usesLongSizes ? 20 : 0)
    bytes.raw(name)
    if usesLongSizes { appendLongNumbers(to: &bytes, withOffset: false) }
    return bytes.bytes
  }

  var directoryHeader: [UInt8] {
    var bytes = RecordBytes()
    bytes.u32(ZipFormat.directoryHeader)
    bytes.u16(WrittenEntry.madeBy)
    appendCommon(to: &bytes)
    let numbers = (usesLongSizes ? 2 : 0) + (usesLongOffset ? 1 : 0)
    bytes.u16(numbers == 0 ? 0 : UInt16(4 + 8 * numbers))
    bytes.u16(0)  // comment
    bytes.u16(0)  // disk
    bytes.u16(0)  // internal attributes
    bytes.u32(externalAttributes)
    bytes.u32(usesLongOffset ? ZipFormat.full32 : UInt32(truncatingIfNeeded: offset))
    bytes.raw(name)
    if numbers > 0 { appendLongNumbers(to: &bytes, withOffset: usesLongOffset) }
    return bytes.bytes
  }

  /// What both headers have in the same order, from the version needed to the length of the name.
  private func appendCommon(to bytes: inout RecordBytes) {
    bytes.u16(versionNeeded)
    bytes.u16(name.contains { $0 >= 0x80 } ? ZipFormat.utf8Flag : 0)
    bytes.u16(encoded.method.rawValue)
    bytes.u16(0)  // 00:00
    bytes.u16(0x0021)  // 1980-01-01, the first day that DOS knows
    bytes.u32(encoded.crc32)
    bytes.u32(usesLongSizes ? ZipFormat.full32 : UInt32(truncatingIfNeeded: encoded.length))
    bytes.u32(usesLongSizes ? ZipFormat.full32 : UInt32(truncatingIfNeeded: size))
    bytes.u16(UInt16(truncatingIfNeeded: name.count))
  }

  private func appendLongNumbers(to bytes: inout RecordBytes, withOffset: Bool) {
    bytes.u16(ZipFormat.zip64Extra)
    bytes.u16((usesLongSizes ? 16 : 0) + (withOffset ? 8 : 0))
    if usesLongSizes {
      bytes.u64(UInt64(size))
      bytes.u64(UInt64(encoded.length))
    }
    if withOffset { bytes.u64(UInt64(offset)) }
  }

  private var name: [UInt8] { kind == .directory ? path.bytes + [slash] : path.bytes }

  private var versionNeeded: UInt16 {
    if usesLongSizes || usesLongOffset { return 45 }
    return encoded.method == .deflate || kind == .directory ? 20 : 10
  }

  private var externalAttributes: UInt32 {
    switch kind {
    case .file: return (UInt32(ZipFormat.regularKind) | (isExecutable ? 0o755 : 0o644)) << 16
    // The lower half is for DOS: 0x10 is a folder there.
    case .directory: return (UInt32(ZipFormat.directoryKind) | 0o755) << 16 | 0x10
    case .symbolicLink: return (UInt32(ZipFormat.linkKind) | 0o777) << 16
    }
  }
}

/// The entries of an archive that is being written, as one tree.
struct WrittenEntries: PathTable {
  let entries: [WrittenEntry]

  var count: Int { entries.count }
  func path(_ index: Int) -> ArraySlice<UInt8> { entries[index].path.bytes[...] }
  func isDirectory(_ index: Int) -> Bool { entries[index].kind == .directory }

  func isLink(_ index: Int) -> Bool {
    if case .symbolicLink = entries[index].kind { return true }
    return false
  }
}
