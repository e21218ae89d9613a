import CPosix

/// What was being done to a file when the system said no.
public enum FileOperation: Sendable {
  case open, create, read, write, sync, seek, truncate, status, list, makeDirectory, rename
  case remove, removeDirectory, link, readLink, changeMode, changeTimes, lock, space
  /// Something that is no regular file, a link for instance, has the name of one.
  case takeForFile
  /// Something in the app folder that belongs to nobody we know has a name that is needed.
  case replaceForeign
  /// Something in the app folder that another app brought has a name that is needed.
  case replaceOtherApps

  /// The operation as a verb behind "can't".
  public var verb: StaticString {
    switch self {
    case .open: "open"
    case .create: "create"
    case .read: "read"
    case .write: "write"
    case .sync: "write to disk"
    case .seek: "seek in"
    case .truncate: "truncate"
    case .status: "look at"
    case .list: "list"
    case .makeDirectory: "make the folder"
    case .rename: "rename"
    case .remove: "remove"
    case .removeDirectory: "remove the folder"
    case .link: "make the link"
    case .readLink: "read the symbolic link"
    case .changeMode: "change the mode of"
    case .changeTimes: "change the times of"
    case .lock: "lock"
    case .space: "ask for the free space of"
    case .takeForFile: "take for a file"
    case .replaceForeign: "replace the unknown file"
    case .replaceOtherApps: "replace the other app's file"
    }
  }
}

/// A refused system call: what was tried, on which file, and the `errno` it gave.
public struct FileError: Error, Sendable {
  /// What was tried.
  public let operation: FileOperation
  /// The file it was tried on; of two, the one that a person would look at first.
  public let path: Path
  /// The `errno`.
  public let code: CInt

  /// Puts an error together.
  public init(_ operation: FileOperation, _ path: Path, code: CInt) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The error of a rename, on the one of the two names that a person has to look at.
  func onRename(to new: Path) -> FileError {
    code == EISDIR ? FileError(.takeForFile, new, code: code) : self
  }

  /// True when there is nothing under that name.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// True when something other than a file has the name of one.
  public var isAboutKind: Bool { code == EISDIR || operation == .takeForFile }

  /// True when a file holds more than a reader was ready to take.
  public var isTooLarge: Bool { code == EFBIG }

  /// True when the file is gone, or is no file that a reader could take: not for want of a right, nor for a fault of the disk.
  public var isAboutContents: Bool { isMissing || isAboutKind || isTooLarge }

  /// True when there is something already under a name that should be new.
  public var isTaken: Bool { code == EEXIST }

  /// True when it is the name that can't be had: too long, taken, or of bytes that the volume does not take.
  public var isAboutName: Bool {
    code == ENAMETOOLONG || code == EEXIST || code == EILSEQ || code == EINVAL
  }

  /// True when a folder that should go holds something.
  public var isNotEmpty: Bool { code == ENOTEMPTY || code == EEXIST }

  /// True when this user may not do it, or nobody may on this volume.
  public var isForbidden: Bool { code == EACCES || code == EPERM || code == EROFS }

  /// The reason alone.
  public var cause: SystemError { SystemError(code: code) }

  /// True when nobody writes on the volume.
  public var isOfReadOnlyVolume: Bool { code == EROFS }

  /// True when it is not for want of a right that the mode gives: an attribute such as `chattr +i` forbids it.
  public var isOfAttribute: Bool { code == EPERM }

  /// One sentence for a person, without a final stop: `can't rename /a/b: Permission denied`.
  public var description: String {
    if operation == .takeForFile {
      return "\(path.text) is a link, a folder or a device where a file belongs; move it away"
    }
    if operation == .open && code == ENOTDIR {
      return
        "\(path.text) is, or lies behind, a link or a file where a folder belongs; move that away"
    }
    if operation == .replaceOtherApps {
      return
        "\(path.text) belongs to another app in this folder, and its name is needed; unpack one of the two in a folder of its own"
    }
    if operation == .replaceForeign {
      return
        "\(path.text) was brought by no version of the app, and its name is needed; move it away"
    }
    return "can't \(operation.verb) \(path.text): \(cause.description)"
  }
}
