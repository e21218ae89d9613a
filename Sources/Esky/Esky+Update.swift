public import FileSystem
public import Layout
public import TUF

/// What came of an update.
public enum UpdateOutcome: Sendable {
  /// Nothing newer is on offer; the version that is installed.
  case upToDate(VersionDirectoryName)
  /// A newer version is in place and starts next. `unfinished` says what kept the files in the app folder
  /// from being replaced; the launcher or cleanup does that later.
  case installed(VersionDirectoryName, unfinished: FileError?)
}

extension Esky {
  /// The finder for the repository that the installed version names.
  ///
  /// - Parameters:
  ///   - url: overrides the URL in the settings.
  ///   - now: seconds since 1970 UTC.
  public func repositoryFinder(
    url: String? = nil, fetcher: any Fetcher, now: Int64,
    observer: (any ClientObserver)? = nil
  ) throws(EskyError) -> TUFVersionFinder {
    let version = folder.version(try current())
    let source: String
    if let url {
      source = url
    } else {
      guard let named = try settings().updateURL else { throw .noSource(version.settingsFile) }
      source = String(decoding: named, as: UTF8.self)
    }
    let root: [UInt8]
    do throws(FileError) {
      root = try FileSystem.read(version.trustedRoot, limit: Int(Limits().rootLength))
    } catch {
      throw .file(error)
    }
    return TUFVersionFinder(
      app: app, url: source, metadata: folder.metadata, shippedRoot: root, fetcher: fetcher,
      now: now, observer: observer)
  }

  /// Looks for a newer version; changes nothing but the trusted metadata.
  ///
  /// - Returns: nil when there is none.
  public func check(
    _ finder: any VersionFinder, observer: (any ProgressObserver)? = nil
  ) throws(EskyError) -> Offer? {
    try locked { () throws(EskyError) -> Offer? in
      try best(finder, observer).offer
    }
  }

  private func best(
    _ finder: any VersionFinder, _ observer: (any ProgressObserver)?
  ) throws(EskyError) -> (offer: Offer?, installed: VersionDirectoryName) {
    let installed = try current()
    if observer?.progress(.checking) == false { throw .cancelled }
    return (Offer.best(of: try finder.offers(), for: app, newerThan: installed), installed)
  }

  /// Installs the newest version on offer, if it is newer than what is installed.
  ///
  /// The installed versions stay as they are until ``cleanup()``; on every error the app starts as before.
  public func update(
    from finder: any VersionFinder, observer: (any ProgressObserver)? = nil
  ) throws(EskyError) -> UpdateOutcome {
    try locked { () throws(EskyError) -> UpdateOutcome in
      let (best, installed) = try best(finder, observer)
      guard let offer = best else { return .upToDate(installed) }
      let archive = folder.downloads.appending(DownloadName.archive(offer.name))
      do throws(FileError) {
        try FileSystem.makeDirectories(folder.downloads)
      } catch {
        throw .file(error)
      }
      try checkSpace(for: offer.size)
      try finder.fetch(offer, to: archive, observer: observer)
      let installer = Installer(folder, offer.name)
      try installer.unpack(archive, observer)
      if observer?.progress(.installing) == false { throw .cancelled }
      try installer.commit()
      return .installed(offer.name, unfinished: installer.finish(archive))
    }
  }

  private func checkSpace(for size: Int64) throws(EskyError) {
    let available: Int64
    do throws(FileError) {
      available = try FileSystem.freeSpace(folder.downloads)
    } catch {
      throw .file(error)
    }
    if available < size {
      throw .noSpace(folder.downloads, needed: size, available: available)
    }
  }
}
