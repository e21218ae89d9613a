/// What an archive may ask for at the most, before any of it is believed.
public struct ArchiveLimits: Sendable {
  /// The most entries; stops an archive of endless empty files, which eats inodes, not bytes.
  public var entries: Int
  /// The most bytes of the central directory, which is read whole; stops exhaustion of memory.
  public var directoryBytes: Int64
  /// The most bytes of all contents together, decompressed; stops a zip bomb before it fills the disk.
  public var totalBytes: Int64
  /// The most components of a path; stops a tower of folders, each of which takes an open descriptor
  /// while it is being filled.
  public var depth: Int

  /// Puts limits together; what is left out is far above any app seen.
  public init(
    entries: Int = 1_000_000, directoryBytes: Int64 = 256 << 20, totalBytes: Int64 = 64 << 30,
    depth: Int = 100
  ) {
    self.entries = entries
    self.directoryBytes = directoryBytes
    self.totalBytes = totalBytes
    self.depth = depth
  }
}
