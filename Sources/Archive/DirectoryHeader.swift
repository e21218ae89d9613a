import CPosix

/// One header of the central directory. (APPNOTE §4.3.12)
///
///     offset  bytes
///          0      4  signature
///          4      2  version made by: the host in the upper byte
///          6      2  version needed
///          8      2  flags
///         10      2  compression method
///         12      4  time and date, not read
///         16      4  CRC-32
///         20      4  compressed size
///         24      4  size
///         28      6  lengths of name, extra fields and comment
///         34      2  disk, 0
///         36      2  internal attributes, not read
///         38      4  external attributes: a Unix mode in the upper half
///         42      4  offset of the local header
///         46         name, extra fields, comment
struct DirectoryHeader {
  let host: UInt16
  let flags: UInt16
  let method: UInt16
  let crc32: UInt32
  let mode: UInt16
  let name: [UInt8]
  let numbers: LongNumbers

  var hasDescriptor: Bool { flags & ZipFormat.descriptorFlag != 0 }

  init(_ reader: inout RecordReader) throws(ArchiveError) {
    try reader.expect(ZipFormat.directoryHeader)
    host = try reader.u16() >> 8
    _ = try reader.u16()
    flags = try reader.u16()
    method = try reader.u16()
    _ = try reader.u32()
    crc32 = try reader.u32()
    let compressedSize = try reader.u32()
    let size = try reader.u32()
    let nameLength = Int(try reader.u16())
    let extraLength = Int(try reader.u16())
    let commentLength = Int(try reader.u16())
    let disk = try reader.u16()
    guard disk == 0 else { throw .multipleDisks }
    _ = try reader.u16()
    mode = UInt16(truncatingIfNeeded: try reader.u32() >> 16)
    let offset = try reader.u32()
    name = try reader.take(nameLength)
    let extraBase = reader.base + Int64(reader.position)
    let extra = try reader.take(extraLength)
    _ = try reader.take(commentLength)
    numbers = try LongNumbers(
      size: size, compressedSize: compressedSize, offset: offset, extra: extra, name: name,
      base: extraBase, record: .directoryHeader)
  }

  /// The entry that the header describes, checked by itself; a link has no target yet, and where the
  /// contents begin is not known.
  func entry(limits: ArchiveLimits) throws(ArchiveError) -> ArchiveEntry {
    let isFolderName = name.count > 1 && name.last == slash
    let path = try EntryPath(checking: isFolderName ? Array(name.dropLast()) : name)
    guard path.components.count <= limits.depth else {
      throw .tooDeep(entry: name, limit: limits.depth)
    }
    let method = try checkedMethod()
    let kind = try kind(isFolderName: isFolderName)
    switch kind {
    case .directory:
      guard numbers.size == 0, numbers.compressedSize == 0, crc32 == 0, !hasDescriptor else {
        throw .ambiguousKind(entry: name)
      }
    case .symbolicLink:
      guard numbers.size <= Int64(LinkTarget.limit) else {
        throw .link(entry: name, target: [], .tooLong)
      }
    case .file: break
    }
    return ArchiveEntry(
      path: path, kind: kind, permissions: permissions(of: kind), size: numbers.size,
      compressedSize: numbers.compressedSize, crc32: crc32, method: method,
      headerOffset: numbers.offset, dataOffset: 0)
  }

  private func checkedMethod() throws(ArchiveError) -> CompressionMethod {
    if flags & ZipFormat.encryptedFlags != 0 { throw .encrypted(entry: name) }
    let known = ZipFormat.deflateLevelFlags | ZipFormat.descriptorFlag | ZipFormat.utf8Flag
    if flags & ~known != 0 { throw .unsupportedFlags(entry: name, flags) }
    guard let method = CompressionMethod(rawValue: method) else {
      throw .unsupportedMethod(entry: name, method)
    }
    if method == .stored && numbers.size != numbers.compressedSize {
      throw .wrongSize(entry: name, declared: numbers.size)
    }
    return method
  }

  /// The Unix mode, or nil from hosts that have none and from writers that leave it out.
  private var unixMode: UInt16? {
    let isUnix = host == ZipFormat.unixHost || host == ZipFormat.darwinHost
    return isUnix && mode != 0 ? mode : nil
  }

  private func kind(isFolderName: Bool) throws(ArchiveError) -> EntryKind {
    let plain: EntryKind = isFolderName ? .directory : .file
    guard let mode = unixMode else { return plain }
    if mode & ZipFormat.specialBits != 0 { throw .specialPermissions(entry: name, mode: mode) }
    let kind: EntryKind
    switch mode & ZipFormat.kindMask {
    case 0: kind = plain
    case ZipFormat.regularKind: kind = .file
    case ZipFormat.directoryKind: kind = .directory
    case ZipFormat.linkKind: kind = .symbolicLink(target: [])
    default: throw .unsupportedKind(entry: name, mode: mode)
    }
    // Some readers go by the name, some by the mode.
    guard (kind == .directory) == isFolderName else { throw .ambiguousKind(entry: name) }
    return kind
  }

  private func permissions(of kind: EntryKind) -> mode_t {
    if let mode = unixMode { return mode_t(mode & ZipFormat.permissionBits) }
    return kind == .directory ? 0o755 : 0o644
  }
}
