import CPosix

/// How a lock is held.
public enum LockKind: Sendable {
  /// Together with other shared holders.
  case shared
  /// Alone.
  case exclusive
}

extension File {
  /// Tries to lock the file for as long as any copy of this descriptor is open. `flock(2)`
  ///
  /// The kernel lets go when the last holder exits, however it exits. Never blocks.
  ///
  /// - Returns: false when somebody else holds a lock that excludes this one.
  /// - Throws: ``FileError`` when the file system has no locks.
  public func tryLock(_ kind: LockKind) throws(FileError) -> Bool {
    do throws(FileError) {
      let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
      try call(.lock, path) { Int(flock(descriptor, operation)) }
      return true
    } catch {
      if error.code == EWOULDBLOCK { return false }
      throw error
    }
  }
}
