import Bytes
import CPosix

extension FileSystem {
  /// Closes every inherited descriptor through which this process has a file open.
  ///
  /// The standard streams are left alone; a file that is gone has no descriptors as far as this can tell,
  /// and nor has any where the system does not list them.
  public static func closeDescriptors(of path: Path) {
    var wanted = stat()
    guard path.withCString({ posix_stat($0, &wanted) }) == 0 else { return }
    for descriptor in openDescriptors() where descriptor > 2 {
      var found = stat()
      if fstat(descriptor, &found) == 0, found.st_dev == wanted.st_dev,
        found.st_ino == wanted.st_ino
      {
        _ = close(descriptor)
      }
    }
  }

  private static func openDescriptors() -> [CInt] {
    var found: [CInt] = []
    guard let entries = try? list("/dev/fd") else { return found }
    for entry in entries {
      guard let number = Int64(digits: entry.name) else { continue }
      found.append(CInt(truncatingIfNeeded: number))
    }
    return found
  }
}
