/// What an archive may ask for at the most, before any of it is believed.
public struct ArchiveLimits: Sendable {
  /// The most entries and folders, those included that only paths imply; stops an archive of endless empty
  /// files, which eats inodes, not bytes.
  public var entries: Int
  /// The most bytes of the central directory, which is read whole; stops exhaustion of memory: with some 50
  /// bytes for each entry it is what an unpack holds.
  public var directoryBytes: Int64
  /// The most bytes of all links' targets together, which are held as well.
  public var linkBytes: Int
  /// The most bytes of all contents together, decompressed; stops a zip bomb before it fills the disk.
  public var totalBytes: Int64
  /// The most components of a path; stops a tower of folders, each of which takes an open descriptor
  /// while it is being filled.
  public var depth: Int

  /// Puts limits together; what is left out is far above any app seen.
  public init(
    entries: Int = 256 << 10, directoryBytes: Int64 = 24 << 20, linkBytes: Int = 2 << 20,
    totalBytes: Int64 = 64 << 30, depth: Int = 100
  ) {
    self.entries = entries
    self.directoryBytes = directoryBytes
    self.linkBytes = linkBytes
    self.totalBytes = totalBytes
    self.depth = depth
  }
}
