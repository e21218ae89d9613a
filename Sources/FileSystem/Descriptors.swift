import CPosix

extension FileSystem {
  /// Closes every inherited descriptor through which this process has a file open, of those below 256.
  ///
  /// The standard streams are left alone; a file that is gone has no descriptors as far as this can tell.
  public static func closeDescriptors(of path: Path) {
    var wanted = stat()
    guard path.withCString({ posix_stat($0, &wanted) }) == 0 else { return }
    var descriptor: CInt = 3
    while descriptor < 256 {
      var found = stat()
      if fstat(descriptor, &found) == 0, found.st_dev == wanted.st_dev,
        found.st_ino == wanted.st_ino
      {
        _ = close(descriptor)
      }
      descriptor += 1
    }
  }
}
