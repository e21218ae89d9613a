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

  /// A file of certificates in PEM, whose issuers a fetcher for this app trusts beside those that the machine
  /// knows; nil where the installed version names none.
  public func certificateAuthorities() throws(EskyError) -> Path? {
    guard let file = try settings().caFile else { return nil }
    let path = Path(file)
    return path.isAbsolute ? path : folder.version(try current()).path.appending(file)
  }

  /// Looks for a newer version; changes nothing but the trusted metadata.
  ///
  /// - Parameter channel: the channel to follow; nil for the one in the settings.
  /// - Returns: nil when there is none. An older one is found only when the publisher has withdrawn the one
  ///   that is installed.
  public func check(
    _ finder: any VersionFinder, channel: [UInt8]? = nil,
    observer: (any ProgressObserver)? = nil
  ) throws(EskyError) -> Offer? {
    try locked { () throws(EskyError) -> Offer? in
      try best(finder, channel, observer).offer
    }
  }

  private func best(
    _ finder: any VersionFinder, _ channel: [UInt8]?, _ observer: (any ProgressObserver)?
  ) throws(EskyError) -> (offer: Offer?, installed: VersionDirectoryName) {
    let installed = try current()
    if observer?.progress(.checking) == false { throw .cancelled }
    let offers = try finder.offers()
    var choice = OfferChoice(app: app, installed: installed)
    choice.isWithdrawn = finder.withdrawn.contains { $0 == installed }
    if let named = channel {
      choice.channel = named
    } else if let named = try settings().channel {
      choice.channel = named
    }
    // Made when the first roll-out asks for it.
    choice.place = { [folder] in InstallationID(folder).place(for: $0) }
    return (choice.best(of: offers, withdrawn: finder.withdrawn), installed)
  }

  /// Installs the newest version on offer, if it is newer than what is installed, or if that was withdrawn.
  ///
  /// The installed versions stay as they are until ``cleanup()``; on every error the app starts as before.
  ///
  /// - Parameter channel: the channel to follow; nil for the one in the settings.
  public func update(
    from finder: any VersionFinder, channel: [UInt8]? = nil,
    observer: (any ProgressObserver)? = nil
  ) throws(EskyError) -> UpdateOutcome {
    try locked { () throws(EskyError) -> UpdateOutcome in
      let (best, installed) = try best(finder, channel, observer)
      guard let offer = best else { return .upToDate(installed) }
      if try isRunnable(offer.name) {
        // The older version is still there.
        try withdraw(finder.withdrawn, newerThan: offer.name)
        return .installed(try current(), unfinished: nil)
      }
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
      try withdraw(finder.withdrawn, newerThan: offer.name)
      return .installed(offer.name, unfinished: installer.finish(archive))
    }
  }

  private func isRunnable(_ name: VersionDirectoryName) throws(EskyError) -> Bool {
    try survey().versions.contains { $0.name == name && $0.isRunnable }
  }

  /// Takes versions out of the launcher's choice that are newer than one that is in place.
  private func withdraw(
    _ names: [VersionDirectoryName], newerThan name: VersionDirectoryName
  ) throws(EskyError) {
    for version in try survey().versions
    where version.list != nil && names.contains(where: { $0 == version.name })
      && VersionDirectoryName.isNewer(version.name, than: name)
    {
      do throws(FileError) {
        try folder.version(version.name).withdraw()
      } catch {
        throw .file(error)
      }
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
