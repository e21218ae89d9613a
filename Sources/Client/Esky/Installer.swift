import Archive
import Bytes
import FileSystem
import Layout

/// Turns a verified archive into an installed version.
///
/// Layout.md, "Installing", numbers the steps.
struct Installer {
  private let folder: AppFolder
  private let name: VersionDirectoryName

  init(_ folder: AppFolder, _ name: VersionDirectoryName) {
    self.folder = folder
    self.name = name
  }

  private var file: String { String(decoding: DownloadName.archive(name), as: UTF8.self) }
  private var staging: Folder { folder.work.staging }

  /// Steps 1 and 2: looks at what the archive is, unpacks it into staging, durably, moves the files for the app
  /// folder into `esky-bootstrap/`, and notes which files there may give way to them.
  ///
  /// Nothing outside the work area changes. All that can be told without unpacking is told before.
  ///
  /// - Parameter vouches: tells of the root that the archive ships whether it is one to be trusted.
  /// - Returns: where the version directory stands now.
  func unpack(
    _ archive: FilePlace, _ observer: (any ProgressObserver)?,
    vouching vouches: ([UInt8]) throws(EskyError) -> Bool
  ) throws(EskyError) -> Folder {
    let reader = try open(archive)
    let bundle = try examine(reader)
    guard try vouches(bundle.trustedRoot) else { throw .foreignRoot(file: file) }
    let replaced = try replaceList(for: bundle, reader)
    try extract(bundle, reader, observer)
    try Esky.onDisk { () throws(FileError) in
      try setBootstrapFilesAside(in: bundle.top, replaced)
    }
    return bundle.top.isEmpty ? staging : staging.folder(bundle.top)
  }

  private func replaceList(
    for bundle: Bundle, _ reader: borrowing ZipReader
  ) throws(EskyError) -> ReplaceList {
    let list = try Esky.onDisk { () throws(FileError) in
      let files = try RootFiles(folder)
      try files.checkName(name) {
        reader.entry(bundle.top + (bundle.top.isEmpty ? [] : [slash]) + name.bytes + [slash] + $0)
          != nil
      }
      return try files.replaceList(for: bundle.list.all)
    }
    // Nobody who finishes the update reads more.
    if list.text.count > ControlFile.maximumLength { throw .tooManyReplaced(folder.root) }
    return list
  }

  private func open(_ archive: FilePlace) throws(EskyError) -> ZipReader {
    let opened = try openFile(archive)
    do throws(ArchiveError) {
      return try ZipReader(opened)
    } catch {
      throw .archive(file: file, error)
    }
  }

  private func openFile(_ archive: FilePlace) throws(EskyError) -> File {
    do throws(FileError) { return try archive.open(.read) } catch { throw .file(error) }
  }

  private func examine(_ reader: borrowing ZipReader) throws(EskyError) -> Bundle {
    do throws(BundleError) {
      return try Bundle(examining: reader, as: name)
    } catch {
      throw refusal(error)
    }
  }

  private func refusal(_ error: BundleError) -> EskyError {
    switch error {
    case .archive(let error): .archive(file: file, error)
    case .problem(let problem): .bundle(file: file, problem)
    }
  }

  private func extract(
    _ bundle: Bundle, _ reader: borrowing ZipReader, _ observer: (any ProgressObserver)?
  ) throws(EskyError) {
    let available: Int64
    do throws(FileError) {
      try Retirement.clearStaging(of: folder.work)
      _ = try staging.make()
      // Where the free space can't be told, the disk tells when it is full.
      available = (try? FileSystem.freeSpace(staging.path)) ?? Int64.max
    } catch {
      throw .file(error)
    }
    guard reader.totalSize <= available else {
      throw .noSpace(staging.path, needed: reader.totalSize, available: available)
    }
    do throws(ArchiveError) {
      try Extractor.extract(reader, into: staging, checking: bundle.digests.check()) {
        observer?.progress(.unpacking(written: $0, total: $1)) ?? true
      }
    } catch {
      throw refusal(Bundle.error(error, as: name, top: bundle.top))
    }
  }

  /// Step 2; everything is on one volume, so each move is one rename.
  private func setBootstrapFilesAside(
    in top: [UInt8], _ replaced: ReplaceList
  ) throws(FileError) {
    let tree = try (top.isEmpty ? staging : staging.folder(top)).open()
    let version = try tree.openDirectory(name.bytes)
    let paths = VersionFolder(version.path, name)
    try version.makeDirectory(paths.bootstrapFolder.lastComponent)
    let aside = try version.openDirectory(paths.bootstrapFolder.lastComponent)
    for entry in try tree.list() where entry.name != name.bytes {
      try tree.rename(entry.name, to: aside, entry.name)
    }
    try aside.sync()
    try version.writeAtomically(replaced.text, to: paths.replacesFile.lastComponent)
  }

  /// Step 3, the commit: one rename into the app folder.
  ///
  /// A directory of that name that is not runnable (a broken or interrupted unzip) changes places with it in the
  /// same step: its list says which files in the app folder it brought. Where somebody runs it all the same, the new
  /// one keeps the old one's lock.
  func commit(from tree: Folder) throws(EskyError) {
    let isDone = try Esky.onDisk { () throws(FileError) in
      let root = try folder.open()
      let staged = try tree.open()
      if try root.kind(name.bytes) == nil {
        try staged.rename(name.bytes, to: root, name.bytes)
      } else {
        var isFree = try Retirement.announce(folder.version(name))
        if !isFree {
          isFree = try keepLock(
            of: try root.openDirectory(name.bytes), in: try staged.openDirectory(name.bytes))
        }
        guard isFree else { return false }
        try staged.exchange(name.bytes, with: root, name.bytes)
      }
      try root.sync()
      return true
    }
    if !isDone { throw .inUse(name) }
  }

  /// Puts the list of the damaged directory, which is its lock, in the place of the new one's.
  ///
  /// So whoever runs the version keeps it from being removed also after it was repaired.
  ///
  /// - Returns: false where the two lists are not the same.
  private func keepLock(
    of damaged: borrowing Directory, in whole: borrowing Directory
  ) throws(FileError) -> Bool {
    let list = folder.version(name).bootstrapFile.lastComponent
    let limit = ControlFile.maximumLength
    guard try damaged.kind(list) == .regular,
      try damaged.read(list, limit: limit) == whole.read(list, limit: limit)
    else { return false }
    let new = list + (".new" as StaticString).bytes
    do throws(FileError) {
      try damaged.link(list, to: whole, new)
    } catch {
      // Some volumes have no second names.
      return false
    }
    try whole.rename(new, to: whole, list)
    // Whoever unzipped it may have given it to nobody else.
    try whole.open(list, .read).setPermissions(0o644)
    try whole.sync()
    return true
  }

  /// Steps 4 and 5, and tidying up behind them.
  ///
  /// - Returns: what kept it from being done; the version is installed all the same.
  func finish(_ archive: FilePlace) -> FileError? {
    do throws(FileError) {
      _ = try Recovery.finish(folder.version(name), in: folder)
      try discard(archive)
      return nil
    } catch {
      return error
    }
  }

  /// Removes the archive and what was unpacked of it.
  func discard(_ archive: FilePlace) throws(FileError) {
    try archive.removeIfPresent()
    try staging.removeTree()
  }
}
