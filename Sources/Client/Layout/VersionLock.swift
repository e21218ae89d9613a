public import FileSystem

/// A version's lock: the kernel's record lock on its `esky-bootstrap.txt`.
///
/// Whoever runs the version holds it shared, across exec and in all children, until the last one exits;
/// whoever removes the version holds it exclusively, which takes the right to write the file. So those who may
/// only read an installation can keep a version from being removed, as by running it, and nothing else.
/// There is nothing to go stale.
public struct VersionLock: ~Copyable {
  /// The locked file.
  public let file: File

  /// What came of trying.
  public let outcome: RecordLockOutcome

  /// Tries to lock a version; never blocks.
  ///
  /// - Throws: ``FileError`` when the file can't be opened; a missing one means that the version is not
  ///   complete, or gone.
  public init(_ version: VersionFolder, _ kind: LockKind) throws(FileError) {
    file =
      kind == .shared
      ? try File(version.bootstrapFile, .read)
      : try Self.open(version, .update)
    outcome = file.tryRecordLock(kind)
  }

  /// True when somebody runs a version or removes it, false when nobody does; nil where that can't be told.
  ///
  /// Takes no lock, so that whoever starts the version just now finds it free.
  ///
  /// - Throws: ``FileError`` when the file can't be opened; a missing one means that the version is not
  ///   complete, or gone.
  public static func isHeld(_ version: VersionFolder) throws(FileError) -> Bool? {
    try open(version, .read).isRecordLocked(against: .exclusive)
  }

  /// Those who run a version that was withdrawn meanwhile hold the same file by another name.
  private static func open(_ version: VersionFolder, _ mode: OpenMode) throws(FileError) -> File {
    do throws(FileError) {
      return try File(version.bootstrapFile, mode)
    } catch {
      guard error.isMissing else { throw error }
      return try File(version.withdrawnFile, mode)
    }
  }
}
