import Bytes

/// Where a folder is: below a starting point that somebody answers for, reached by names and through no link.
///
/// An app folder is a starting point, wherever its user put it and whatever links lead there; `updates/hello`
/// below it is not: whoever could put a link there must not choose where files end up.
public struct Folder: Equatable, Sendable {
  /// The starting point, which may be reached through links.
  public let start: Path
  /// The way from there: names with `/` between them; empty for the starting point itself.
  public let names: [UInt8]

  /// The folder that a path leads to.
  public init(_ start: Path) {
    self.start = start
    names = []
  }

  private init(_ start: Path, _ names: [UInt8]) {
    self.start = start
    self.names = names
  }

  /// A folder below this one.
  public func folder(_ name: [UInt8]) -> Folder {
    Folder(start, names.isEmpty ? name : names + [UInt8(ascii: "/")] + name)
  }

  /// A folder below this one.
  public func folder(_ name: StaticString) -> Folder { folder(name.bytes) }

  /// The whole path, for messages and for other programs.
  public var path: Path { names.isEmpty ? start : start.appending(names) }

  /// A file in this folder.
  public func file(_ name: [UInt8]) -> FilePlace { FilePlace(folder: self, name: name) }

  /// A file in this folder.
  public func file(_ name: StaticString) -> FilePlace { file(name.bytes) }

  /// Opens the folder.
  public func open() throws(FileError) -> Directory {
    let start = try Directory(self.start, followingLink: true)
    return names.isEmpty ? start : try start.openDirectory(names)
  }

  /// Opens the folder, and makes what is missing of it below the starting point, durably.
  public func make() throws(FileError) -> Directory {
    let start = try Directory(self.start, followingLink: true)
    return names.isEmpty ? start : try start.makeDirectories(names)
  }

  /// The names in the folder; none where it is missing.
  public func listIfPresent() throws(FileError) -> [DirectoryEntry] {
    do throws(FileError) {
      return try open().list()
    } catch {
      if error.isMissing { return [] }
      throw error
    }
  }

  /// Removes the folder and all that is in it, or finds it gone.
  public func removeTree() throws(FileError) {
    do throws(FileError) {
      let name = Path(names).lastComponent
      let above = names.count > name.count ? Array(names.dropLast(name.count + 1)) : []
      try Folder(start, above).open().removeTree(name)
    } catch {
      if !error.isMissing { throw error }
    }
  }
}

/// Where a file is: a name in a ``Folder``, one component.
public struct FilePlace: Equatable, Sendable {
  /// The folder that holds it.
  public let folder: Folder
  /// Its name.
  public let name: [UInt8]

  /// A file in a folder.
  public init(folder: Folder, name: [UInt8]) {
    self.folder = folder
    self.name = name
  }

  /// The file that a path names; the folder that holds it may be reached through links.
  public init(_ path: Path) {
    self.init(folder: Folder(path.parent), name: path.lastComponent)
  }

  /// The whole path, for messages.
  public var path: Path { folder.path.appending(name) }

  /// The file beside it with bytes put straight behind its name.
  public func appendingSuffix(_ suffix: StaticString) -> FilePlace {
    FilePlace(folder: folder, name: name + suffix.bytes)
  }

  /// Opens the file, which must be regular.
  public func open(_ mode: OpenMode, permissions: FileMode = 0o644) throws(FileError) -> File {
    try folder.open().open(name, mode, permissions: permissions)
  }

  /// Makes the file in place of whatever link or file has its name; see ``Directory/replaceFile(_:permissions:)``.
  public func replace(permissions: FileMode = 0o644) throws(FileError) -> File {
    try folder.open().replaceFile(name, permissions: permissions)
  }

  /// What is known of a regular file of that name; nil where there is none.
  public func status() throws(FileError) -> FileStatus? {
    do throws(FileError) {
      let status = try folder.open().linkStatus(name)
      return status.kind == .regular ? status : nil
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// Reads the whole file, of at most `limit` bytes; see ``Directory/read(_:limit:)``.
  public func read(limit: Int) throws(FileError) -> [UInt8] {
    try folder.open().read(name, limit: limit)
  }

  /// Reads the whole file, of at most `limit` bytes; nil where there is none.
  public func readIfPresent(limit: Int) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      return try read(limit: limit)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// Writes the file, atomically and durably; see ``Directory/writeAtomically(_:to:temporary:permissions:)``.
  public func writeAtomically(
    _ bytes: [UInt8], temporary: [UInt8]? = nil, permissions: FileMode = 0o644
  ) throws(FileError) {
    try folder.open().writeAtomically(
      bytes, to: name, temporary: temporary, permissions: permissions)
  }

  /// Removes the file, or finds it gone.
  public func removeIfPresent() throws(FileError) {
    do throws(FileError) {
      try folder.open().removeIfPresent(name)
    } catch {
      if !error.isMissing { throw error }
    }
  }
}
