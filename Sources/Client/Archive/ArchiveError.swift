public import FileSystem

/// Why an archive could not be read, unpacked or written.
///
/// Entries are named by the bytes that the archive has for them, which may be no ``EntryPath``.
public enum ArchiveError: Error, Sendable {
  /// The system refused something on the archive itself or on the folder that is extracted into.
  case file(FileError)
  /// The system refused something while an entry was extracted or added.
  case entryFile(entry: [UInt8], FileError)

  /// No end record stands at the very end: cut short, bytes behind it, a comment, or no zip at all.
  case noEndRecord
  /// A record is cut short or contradicts itself, at an offset in bytes.
  case malformed(ZipRecord, offset: Int64)
  /// The archive is a part of several.
  case multipleDisks
  /// Bytes at an offset that belong to no entry and no record, so that readers may differ on them.
  case strayBytes(offset: Int64)
  /// The bytes of an entry are claimed by another one too.
  case overlap(entry: [UInt8])
  /// The header in front of an entry's contents says something else than the central directory.
  case headersDisagree(entry: [UInt8], HeaderField)

  /// More entries than the limit.
  case tooManyEntries(limit: Int)
  /// A central directory of more bytes than the limit.
  case directoryTooLarge(limit: Int64)
  /// Contents of more bytes than the limit, all entries together.
  case contentsTooLarge(limit: Int64)
  /// Links whose targets have more bytes than the limit, all together.
  case linksTooLong(limit: Int)
  /// A path of more components than the limit.
  case tooDeep(entry: [UInt8], limit: Int)
  /// Below the folder that is extracted into, the path has more bytes than the system takes.
  case pathTooLong(entry: [UInt8], limit: Int)

  /// A path that is not allowed.
  case path([UInt8], PathProblem)
  /// A symbolic link whose target is not allowed.
  case link(entry: [UInt8], target: [UInt8], LinkProblem)
  /// Two entries of one path.
  case duplicate(entry: [UInt8])
  /// A file or a link is the folder of another entry.
  case notAFolder(entry: [UInt8])
  /// A symbolic link has, but for case, the path of another entry or of the folder of one.
  case linkTwin(entry: [UInt8])
  /// A device, pipe or socket; the mode is as recorded.
  case unsupportedKind(entry: [UInt8], mode: UInt16)
  /// The name, the mode and the size don't agree on whether the entry is a folder, a file or a link.
  case ambiguousKind(entry: [UInt8])
  /// The setuid, setgid or sticky bit is set; the mode is as recorded.
  case specialPermissions(entry: [UInt8], mode: UInt16)
  /// The entry is encrypted.
  case encrypted(entry: [UInt8])
  /// The entry is compressed by something else than deflate.
  case unsupportedMethod(entry: [UInt8], UInt16)
  /// The entry needs a feature of zip that is not read here.
  case unsupportedFlags(entry: [UInt8], UInt16)

  /// The contents are longer or shorter than declared, in bytes.
  case wrongSize(entry: [UInt8], declared: Int64)
  /// The contents have another CRC-32 than declared.
  case wrongChecksum(entry: [UInt8], declared: UInt32, found: UInt32)
  /// The compressed data is damaged, or is followed by something.
  case corruptData(entry: [UInt8])
  /// The contents are not those that a ``ContentsCheck`` expects.
  case unexpectedContents(entry: [UInt8])
  /// The archive became shorter after it was opened.
  case truncated(entry: [UInt8])
  /// The file added changed while it was read, or is no regular file.
  case sourceChanged(entry: [UInt8])
  /// There is no memory for the (de)compressor.
  case outOfMemory
  /// The caller's progress function said stop.
  case stopped
}

/// A record of the zip format, by its section in the APPNOTE.
public enum ZipRecord: Sendable {
  /// §4.3.7, in front of each entry's contents.
  case localHeader
  /// §4.3.9, behind contents whose length was not known before.
  case dataDescriptor
  /// §4.3.12, one for each entry.
  case directoryHeader
  /// §4.3.14, the end record's long numbers.
  case zip64End
  /// §4.3.15, tells where those are.
  case zip64Locator
  /// §4.3.16, the last record.
  case end
}

/// A field that stands both in the central directory and in front of an entry.
public enum HeaderField: Sendable {
  case name, flags, method, checksum, size
}

/// What is wrong with a path.
public enum PathProblem: Sendable {
  case empty, absolute, dotComponent, emptyComponent, nul, controlCharacter, backslash, notUTF8
  case componentTooLong, tooLong
  /// An Info-ZIP Unicode path (APPNOTE §4.6.9) names the entry differently.
  case secondName
}

/// What is wrong with the target of a symbolic link.
public enum LinkProblem: Sendable {
  case empty, absolute, emptyComponent, dotComponent, badCharacters, tooLong
  /// The link is at the top of the archive, where it has no folder to stay in.
  case atTheTop
  /// More leading `..` than lead to the first folder of the link's path.
  case leavesFolder
  /// A `..` behind a name, which may be a link and lead anywhere.
  case parentBehindName
}
