import CPosix

/// How a lock is held.
public enum LockKind: Sendable {
  /// Together with other shared holders.
  case shared
  /// Alone.
  case exclusive
}

/// What came of trying a lock that only those can take who might do what it keeps others from.
public enum RecordLockOutcome: Sendable {
  case locked
  /// Held by somebody else in a way that excludes this one.
  case busy
  /// The file system has no such locks.
  case unsupported
}

extension File {
  /// Tries to lock the whole file for as long as any copy of this descriptor is open. `fcntl(2)`, `F_OFD_SETLK`
  ///
  /// Unlike `flock(2)` it goes by what the descriptor may do: an exclusive lock takes one that may write.
  /// So nobody who may only read the file can keep others out. The kernel lets go when the last holder exits,
  /// however it exits. Never blocks.
  public func tryRecordLock(_ kind: LockKind) -> RecordLockOutcome {
    do throws(FileError) {
      try call(.lock, path) { Int(posix_try_record_lock(descriptor, kind == .exclusive)) }
      return .locked
    } catch {
      return error.code == EAGAIN || error.code == EACCES ? .busy : .unsupported
    }
  }

  /// True when somebody holds a lock that excludes one of this kind. `fcntl(2)`, `F_OFD_GETLK`
  ///
  /// Takes none itself.
  ///
  /// - Returns: nil where the file system has no such locks.
  public func isRecordLocked(against kind: LockKind) -> Bool? {
    do throws(FileError) {
      let answer = try call(.lock, path) {
        Int(posix_is_record_locked(descriptor, kind == .exclusive))
      }
      return answer == 1
    } catch {
      return nil
    }
  }
}
