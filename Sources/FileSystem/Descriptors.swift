import CPosix

/// The open descriptors of this process.
public enum Descriptors {
  /// Those from 3 up that exec would leave open, and that are open on a file.
  ///
  /// Empty when the file can't be looked at.
  public static func keptByExec(on path: Path) -> [CInt] {
    var file = stat()
    guard path.withCString({ posix_stat($0, &file) }) == 0 else { return [] }
    var found: [CInt] = []
    // An unused number costs a tenth of a microsecond; a limit of "unlimited" must not cost minutes.
    let end = CInt(min(max(sysconf(CInt(_SC_OPEN_MAX)), 256), 65536))
    for descriptor in 3..<end where !posix_is_closed_on_exec(descriptor) {
      var open = stat()
      if fstat(descriptor, &open) == 0, open.st_dev == file.st_dev, open.st_ino == file.st_ino {
        found.append(descriptor)
      }
    }
    return found
  }

  /// Lets exec close a descriptor, or leave it open. `fcntl(2)`
  public static func setClosedOnExec(_ descriptor: CInt, _ isClosed: Bool) {
    _ = posix_set_close_on_exec(descriptor, isClosed ? 1 : 0)
  }
}
