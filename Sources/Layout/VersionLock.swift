public import FileSystem

/// A version's lock: the kernel's lock on its `esky-bootstrap.txt`.
///
/// Whoever runs the version holds it shared, across exec and in all children, until the last one exits;
/// whoever removes the version holds it exclusively. There is nothing to go stale.
public struct VersionLock: ~Copyable {
  /// The locked file, opened for reading.
  public let file: File

  /// What came of trying.
  public enum Outcome: Sendable {
    case locked
    /// Held by somebody else in a way that excludes this one.
    case busy
    /// The file system has no locks; readers go on without.
    case unsupported
  }

  /// What came of trying.
  public let outcome: Outcome

  /// Tries to lock a version; never blocks.
  ///
  /// - Throws: ``FileError`` when the file can't be opened; a missing one means that the version is not
  ///   complete, or gone.
  public init(_ version: VersionFolder, _ kind: LockKind) throws(FileError) {
    do throws(FileError) {
      file = try File(version.bootstrapFile, .readFile)
    } catch {
      // Those who run a version that was withdrawn meanwhile hold the same file by another name.
      guard error.isMissing, kind == .exclusive else { throw error }
      file = try File(version.withdrawnFile, .readFile)
    }
    do throws(FileError) {
      outcome = try file.tryLock(kind) ? .locked : .busy
    } catch {
      outcome = .unsupported
    }
  }
}
