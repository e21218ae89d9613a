import CPosix
import FileSystem

/// Keeps other runs out of a folder of trusted metadata while this one changes it.
///
/// A kernel lock on the folder itself: no file of its own, and nothing stale after a crash.
struct FolderLock: ~Copyable {
  private let folder: File

  /// How long another run is waited for by one that changes the folder, in seconds.
  private static let patience = 30
  /// How long by one that only reads: what is changed underneath it can be read for most of the time.
  private static let readersPatience = 3

  /// Locks a folder, which must exist; shared with others that only read.
  init(_ path: Path, shared: Bool = false) throws(Failure) {
    let opened = try Self.open(path)
    try Self.wait(for: opened, path, shared ? .shared : .exclusive)
    folder = opened
  }

  private static func open(_ path: Path) throws(Failure) -> File {
    do throws(FileError) { return try File(path, .read) } catch { throw .file(error) }
  }

  private static func wait(
    for folder: borrowing File, _ path: Path, _ kind: LockKind
  ) throws(Failure) {
    var tries = (kind == .shared ? Self.readersPatience : Self.patience) * 20
    do throws(FileError) {
      while try !folder.tryLock(kind) {
        if tries == 0 { throw FileError(.lock, path, code: EWOULDBLOCK) }
        tries -= 1
        usleep(50_000)
      }
    } catch {
      throw error.code == EWOULDBLOCK ? .busy(path) : .file(error)
    }
  }
}
