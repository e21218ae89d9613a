import CPosix

// Names for what other rooms tell apart or say themselves; FileError.swift has those that are used everywhere.
extension FileError {
  /// True when permissions stand against it: another user might.
  public var isDenied: Bool { code == EACCES }

  /// True when it is not for this user, whatever the permissions: a file that nobody may change, for instance.
  public var isNotPermitted: Bool { code == EPERM }

  /// True when the system itself uses it, as a folder where a volume is mounted.
  public var isBusy: Bool { code == EBUSY }

  /// True when a rename would lead from one volume to another.
  public var isAcrossVolumes: Bool { code == EXDEV }

  /// There is nothing of that name.
  public static func missing(_ operation: FileOperation, _ path: Path) -> FileError {
    FileError(operation, path, code: ENOENT)
  }

  /// It is not for this user.
  public static func notPermitted(_ operation: FileOperation, _ path: Path) -> FileError {
    FileError(operation, path, code: EPERM)
  }

  /// Something that belongs to nobody we know has a name that is needed.
  public static func foreign(_ path: Path) -> FileError {
    FileError(.replaceForeign, path, code: EEXIST)
  }

  /// Something of another app's has a name that is needed.
  public static func otherApps(_ path: Path) -> FileError {
    FileError(.replaceOtherApps, path, code: EEXIST)
  }

  /// The volume has no locks.
  public static func noLocks(_ path: Path) -> FileError {
    FileError(.lock, path, code: ENOLCK)
  }
}
