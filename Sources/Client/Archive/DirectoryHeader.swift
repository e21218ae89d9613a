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
  /// Where the header and the name begin, from the start of the central directory.
  let position: Int
  let namePosition: Int
  let name: [UInt8]
  let numbers: LongNumbers

  var hasDescriptor: Bool { flags & ZipFormat.descriptorFlag != 0 }

  init(_ reader: inout RecordReader) throws(ArchiveError) {
    position = reader.position
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
    namePosition = reader.position
    name = try reader.take(nameLength)
    let extraBase = reader.base + Int64(reader.position)
    let extra = try reader.take(extraLength)
    _ = try reader.take(commentLength)
    numbers = try LongNumbers(
      size: size, compressedSize: compressedSize, offset: offset, extra: extra, name: name,
      base: extraBase, record: .directoryHeader)
  }

  /// The entry that the header describes, checked by itself; where the contents begin is not known yet.
  func row(limits: ArchiveLimits) throws(ArchiveError) -> EntryTable.Row {
    let isFolderName = name.count > 1 && name.last == slash
    let length = isFolderName ? name.count - 1 : name.count
    let path = try EntryPath(checking: Array(name.prefix(length)))
    var depth = 1
    for byte in path.bytes where byte == slash { depth += 1 }
    guard depth <= limits.depth else { throw .tooDeep(entry: name, limit: limits.depth) }
    let method = try checkedMethod()
    let kind = try kind(isFolderName: isFolderName)
    switch kind {
    case .directory:
      guard numbers.size == 0, numbers.compressedSize == 0, crc32 == 0, !hasDescriptor else {
        throw .ambiguousKind(entry: name)
      }
    case .link:
      guard numbers.size <= Int64(LinkTarget.limit) else {
        throw .link(entry: name, target: [], .tooLong)
      }
    case .file: break
    }
    return EntryTable.Row(
      header: UInt32(position), name: UInt32(namePosition), nameLength: UInt16(length), kind: kind,
      isExecutable: kind == .file && (unixMode ?? 0) & ZipFormat.ownerExecutes != 0, method: method,
      crc32: crc32, size: numbers.size, compressedSize: numbers.compressedSize,
      headerOffset: numbers.offset)
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

  private func kind(isFolderName: Bool) throws(ArchiveError) -> EntryTable.Kind {
    let plain: EntryTable.Kind = isFolderName ? .directory : .file
    guard let mode = unixMode else { return plain }
    if mode & ZipFormat.specialBits != 0 { throw .specialPermissions(entry: name, mode: mode) }
    let kind: EntryTable.Kind
    switch mode & ZipFormat.kindMask {
    case 0: kind = plain
    case ZipFormat.regularKind: kind = .file
    case ZipFormat.directoryKind: kind = .directory
    case ZipFormat.linkKind: kind = .link
    default: throw .unsupportedKind(entry: name, mode: mode)
    }
    // Some readers go by the name, some by the mode.
    guard (kind == .directory) == isFolderName else { throw .ambiguousKind(entry: name) }
    return kind
  }
}
