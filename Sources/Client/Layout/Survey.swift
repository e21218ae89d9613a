import Bytes
public import FileSystem

/// What stands in an app folder, as one look at it found.
public struct Survey: Sendable {
  /// One version directory.
  public struct Version: Sendable {
    /// Its name.
    public let name: VersionDirectoryName
    /// The files that it expects in the app folder; nil when the directory is not complete.
    public let list: BootstrapList?
    /// The files that it brought into the app folder, when its publisher has taken it back.
    public let withdrawnList: BootstrapList?
    /// The files that it has brought into the app folder.
    public let brought: [[UInt8]]
    /// True when `esky-bootstrap.txt` is there and can't be read as one.
    public let isDamaged: Bool
    /// False when `esky-bootstrap.txt` could not be looked at, so that nobody knows what it lists.
    public let isReadable: Bool
    /// True when it is complete and every program of it is a file for this machine that may be executed.
    public let isRunnable: Bool
    /// True when it is runnable, and can be kept fresh: its finder is there, and its settings can be read.
    public let isWhole: Bool
    /// True while the files in its `esky-bootstrap/` have not all been moved.
    public let isUnfinished: Bool

    /// Puts together what is known.
    public init(
      name: VersionDirectoryName, list: BootstrapList?, withdrawnList: BootstrapList? = nil,
      brought: [[UInt8]]? = nil,
      isDamaged: Bool, isReadable: Bool = true, isRunnable: Bool, isWhole: Bool? = nil,
      isUnfinished: Bool
    ) {
      self.name = name
      self.list = list
      self.withdrawnList = withdrawnList
      self.brought = brought ?? (list ?? withdrawnList)?.all ?? []
      self.isDamaged = isDamaged
      self.isReadable = isReadable
      self.isRunnable = isRunnable
      self.isWhole = isWhole ?? isRunnable
      self.isUnfinished = isUnfinished
    }
  }

  /// The version directories of the app, newest first.
  public let versions: [Version]
  /// What is left over in the work area: unpacked trees, archives, retired versions.
  public let leftovers: [FilePlace]

  /// Files of the app folder that versions of other apps list.
  public let others: [[UInt8]]

  /// Puts a survey together.
  public init(versions: [Version], leftovers: [FilePlace], others: [[UInt8]] = []) {
    self.versions = versions
    self.others = others
    self.leftovers = leftovers
  }

  /// Looks at an app folder; changes nothing.
  public init(_ folder: AppFolder) throws(LayoutError) {
    var versions: [Version] = []
    var names = try folder.versionDirectories()
    while let name = VersionDirectoryName.takeNewest(of: &names) {
      do throws(FileError) {
        versions.append(try Self.look(at: folder.version(name)))
      } catch {
        // Another process may have removed it since it was listed.
        if !error.isMissing { throw .file(error) }
      }
    }
    self.versions = versions
    others = try folder.filesOfOtherApps()
    do throws(FileError) {
      leftovers = try Self.leftovers(folder.work, newest: versions.first { $0.isRunnable }?.name)
    } catch {
      throw .file(error)
    }
  }

  private static func look(at folder: VersionFolder) throws(FileError) -> Version {
    var list: BootstrapList?
    var withdrawnList: BootstrapList?
    var brought: [[UInt8]] = []
    var isDamaged = false
    var isReadable = true
    do throws(LayoutError) {
      list = try folder.bootstrapList()
      if list == nil { withdrawnList = try folder.withdrawnList() }
      brought = try folder.broughtFiles()
    } catch {
      isDamaged = true
      if case .file = error { isReadable = false }
    }
    let isRunnable = list.map { Self.isRunnable(folder, $0) } ?? false
    return Version(
      name: folder.name, list: list, withdrawnList: withdrawnList, brought: brought,
      isDamaged: isDamaged,
      isReadable: isReadable,
      isRunnable: isRunnable,
      isWhole: isRunnable && ProgramFile.isRunnable(folder.finder)
        && (try? folder.settings()) != nil,
      // Who may not look into it can't finish it either.
      isUnfinished: try isReadable ? Recovery.isUnfinished(folder) : false)
  }

  private static func isRunnable(_ folder: VersionFolder, _ list: BootstrapList) -> Bool {
    for program in list.programs where !ProgramFile.isRunnable(folder.path.appending(program)) {
      return false
    }
    return true
  }

  /// Everything in staging and retired; of downloads what is not of a newer version than is installed.
  ///
  /// Nothing where they may not be looked at: then nothing of them can be removed either.
  private static func leftovers(
    _ work: WorkArea, newest: VersionDirectoryName?
  ) throws(FileError) -> [FilePlace] {
    var found: [FilePlace] = []
    for entry in try names(in: work.folder) {
      let file = work.folder.file(entry.name)
      if file.path == work.staging.path || file.path == work.retired.path { found.append(file) }
    }
    for entry in try names(in: work.downloads) {
      if let name = DownloadName.version(entry.name), let newest,
        VersionDirectoryName.isNewer(name, than: newest)
      {
        continue  // an update that is under way, or was interrupted and can be resumed
      }
      found.append(work.downloads.file(entry.name))
    }
    return found
  }

  private static func names(in folder: Folder) throws(FileError) -> [DirectoryEntry] {
    do throws(FileError) {
      return try folder.listIfPresent()
    } catch {
      if error.isForbidden { return [] }
      throw error
    }
  }

  /// The newest version that is complete and can be run.
  public var newestRunnable: Version? { versions.first { $0.isRunnable } }

  /// The newest version that can be run and kept fresh; the newest that can be run where there is none.
  public var newestWhole: Version? { versions.first { $0.isWhole } ?? newestRunnable }
}

/// The names of archives on their way in: `appname-X.Y.platform.zip`, with `.part` behind until verified.
public enum DownloadName {
  /// The archive's name for a version.
  public static func archive(_ name: VersionDirectoryName) -> [UInt8] {
    name.bytes + (".zip" as StaticString).bytes
  }

  /// The version whose archive a name is, finished or not.
  public static func version(_ name: [UInt8]) -> VersionDirectoryName? {
    var bytes = name
    for suffix in [".part", ".zip"] as [StaticString] {
      let ending = suffix.bytes
      if bytes.count > ending.count, bytes.suffix(ending.count).elementsEqual(ending) {
        bytes.removeLast(ending.count)
      }
    }
    return VersionDirectoryName(parsing: bytes)
  }
}
