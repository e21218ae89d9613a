import Archive
import FileSystem
import Layout

/// Turns a verified archive into an installed version.
///
/// Layout.md, "Installing", numbers the steps.
struct Installer {
  private let folder: AppFolder
  private let name: VersionDirectoryName
  private let staged: VersionFolder

  init(_ folder: AppFolder, _ name: VersionDirectoryName) {
    self.folder = folder
    self.name = name
    staged = VersionFolder(folder.staging.appending(name.bytes), name)
  }

  private var file: String { String(decoding: DownloadName.archive(name), as: UTF8.self) }

  /// Steps 1 and 2: unpacks into staging, durably, checks that it is a bundle of the version, and moves
  /// the files for the app folder into `esky-bootstrap/`.
  ///
  /// Nothing outside `updates/` changes.
  func unpack(_ archive: Path, _ observer: (any ProgressObserver)?) throws(EskyError) {
    do throws(FileError) {
      try FileSystem.removeTree(folder.staging)
      try FileSystem.makeDirectory(folder.staging)
    } catch {
      throw .file(error)
    }
    try extract(archive, observer)
    do throws(FileError) {
      try setBootstrapFilesAside()
    } catch {
      throw .file(error)
    }
    try check()
  }

  private func extract(_ archive: Path, _ observer: (any ProgressObserver)?) throws(EskyError) {
    var problem: String?
    var needed: Int64 = 0
    var available = Int64.max
    do throws(ArchiveError) {
      let reader = try ZipReader(archive)
      for entry in reader.entries { problem = problem ?? BundleRules.problem(entry, of: name) }
      needed = reader.totalSize
      // Where the free space can't be told, the disk tells when it is full.
      available = (try? FileSystem.freeSpace(folder.staging)) ?? available
      if problem == nil, needed <= available {
        try Extractor.extract(reader, into: folder.staging) { written, total in
          observer?.progress(.unpacking(written: written, total: total)) ?? true
        }
        return
      }
    } catch {
      throw .archive(file: file, error)
    }
    if let problem { throw .bundle(file: file, reason: problem) }
    throw .noSpace(folder.staging, needed: needed, available: available)
  }

  /// Step 2; everything is on one volume, so each move is one rename.
  private func setBootstrapFilesAside() throws(FileError) {
    try FileSystem.makeDirectory(staged.bootstrapFolder)
    for entry in try FileSystem.list(folder.staging) where entry.name != name.bytes {
      try FileSystem.rename(
        folder.staging.appending(entry.name), to: staged.bootstrapFolder.appending(entry.name))
    }
    try FileSystem.syncDirectory(staged.bootstrapFolder)
    try FileSystem.syncDirectory(staged.path)
  }

  /// Looks at the control files of what was unpacked.
  private func check() throws(EskyError) {
    let list: BootstrapList?
    do throws(LayoutError) {
      list = try staged.bootstrapList()
      _ = try staged.settings()
    } catch {
      throw refusal(error)
    }
    guard let list else { throw .bundle(file: file, reason: "it has no esky-bootstrap.txt") }
    let problem: String?
    do throws(FileError) {
      problem = try BundleRules.problem(list, of: staged)
    } catch {
      throw .file(error)
    }
    if let problem { throw .bundle(file: file, reason: problem) }
  }

  /// What is said of control files that can't be read: it is the archive's fault, unless it is the disk's.
  private func refusal(_ error: LayoutError) -> EskyError {
    switch error {
    case .damaged(let path):
      let name = String(decoding: path.lastComponent, as: UTF8.self)
      return .bundle(file: file, reason: "its \(name) is damaged or of a newer format")
    case .file(let error) where error.isMissing:
      let name = String(decoding: error.path.lastComponent, as: UTF8.self)
      return .bundle(file: file, reason: "it has no \(name)")
    case .file(let error): return .file(error)
    default: return .bundle(file: file, reason: error.description)
    }
  }

  /// Step 3, the commit: one rename into the app folder.
  ///
  /// A directory of that name that is not runnable (a broken or interrupted unzip) makes way first.
  func commit() throws(EskyError) {
    let target = folder.version(name)
    do throws(FileError) {
      var isFree = try !FileSystem.exists(target.path)
      if !isFree { isFree = try Retirement.retire(target, in: folder) }
      if isFree {
        try FileSystem.rename(staged.path, to: target.path)
        try FileSystem.syncDirectory(folder.root)
        return
      }
    } catch {
      throw .file(error)
    }
    throw .inUse(name)
  }

  /// Steps 4 and 5, and tidying up behind them.
  ///
  /// - Returns: what kept it from being done; the version is installed all the same.
  func finish(_ archive: Path) -> FileError? {
    do throws(FileError) {
      _ = try Recovery.finish(folder.version(name), in: folder)
      try FileSystem.removeIfPresent(archive)
      try FileSystem.removeTree(folder.staging)
      return nil
    } catch {
      return error
    }
  }
}
