public import FileSystem
public import Layout
public import TUF

/// What came of an update.
public enum UpdateOutcome: Sendable {
  /// Nothing newer is on offer; the version that is installed.
  case upToDate(VersionDirectoryName)
  /// A newer version is in place and starts next. `unfinished` says what kept the files in the app folder
  /// from being replaced; the launcher or cleanup does that later.
  case installed(VersionDirectoryName, unfinished: EskyError?)
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
    let version = folder.version(try basis())
    let source: String
    if let url {
      source = url
    } else {
      guard let named = try settings().updateURL else { throw .noSource(version.settingsFile) }
      source = String(decoding: named, as: UTF8.self)
    }
    return TUFVersionFinder(
      app: app, url: source, metadata: work.metadata, shippedRoot: try shippedRoot(of: version),
      fetcher: fetcher, now: now, observer: observer)
  }

  /// The root that a version ships; where it is gone or damaged, the one that is stored does without it.
  ///
  /// - Throws: ``EskyError/layout(_:)`` with ``LayoutError/damaged(_:)`` when there is neither.
  private func shippedRoot(of version: VersionFolder) throws(EskyError) -> [UInt8] {
    let limit = Int(Limits().rootLength)
    var root: [UInt8] = []
    do throws(FileError) {
      root = try FileSystem.read(version.trustedRoot, limit: limit)
    } catch {
      if !error.isAboutContents { throw .file(error) }
    }
    if (try? Root(parsing: root, file: "root.json")) != nil { return root }
    let stored = (try? work.metadata.file("root.json").read(limit: limit)) ?? []
    if (try? Root(parsing: stored, file: "root.json")) != nil { return root }
    throw .layout(.damaged(version.trustedRoot))
  }

  /// A file of certificates in PEM, whose issuers a fetcher for this app trusts beside those that the machine
  /// knows; nil where the installed version names none.
  public func certificateAuthorities() throws(EskyError) -> Path? {
    guard let file = try settings().caFile else { return nil }
    let path = Path(file)
    if path.isAbsolute { return path }
    let version = folder.version(try basis())
    guard PathInFolder.isProper(file) else { throw .layout(.damaged(version.settingsFile)) }
    return version.path.appending(file)
  }

  /// Looks for a newer version; changes nothing but the trusted metadata and what is known of checks.
  ///
  /// Whoever may not write the app folder can look as well.
  ///
  /// - Parameters:
  ///   - channel: the channel to follow; nil for the one in the settings.
  ///   - now: seconds since 1970 UTC, to note what came of it with; nil to note nothing.
  /// - Returns: nil when there is none. An older one is found only when the publisher has withdrawn the one
  ///   that is installed.
  public func check(
    _ finder: any VersionFinder, channel: [UInt8]? = nil, at now: Int64? = nil,
    observer: (any ProgressObserver)? = nil
  ) throws(EskyError) -> Offer? {
    try locked { () throws(EskyError) -> Offer? in
      try noting(now) { () throws(EskyError) -> Offer? in
        var offers = try offers(finder, channel, observer)
        let found = try offers.best(beside: Refusals(work, offered: finder.source))
        note(
          found == nil ? .ok : .available, available: found?.name,
          withdrawn: found == nil ? offers.withdrawnInstalled : nil, at: now)
        return found
      }
    }
  }

  /// Installs the newest version on offer, if it is newer than what is installed, or if that was withdrawn.
  ///
  /// The installed versions stay as they are until ``cleanup()``; on every error the app starts as before. A
  /// version that is refused for its own faults leaves nothing behind, is not fetched again until its publisher has
  /// changed something, and the next best one is tried, up to ``mostTries`` in one run.
  ///
  /// - Parameters:
  ///   - channel: the channel to follow; nil for the one in the settings.
  ///   - now: seconds since 1970 UTC, to note what came of it with; nil to note nothing.
  /// - Throws: ``EskyError/readOnly(_:finder:user:group:)`` for those who may not change the app folder.
  public func update(
    from finder: any VersionFinder, channel: [UInt8]? = nil, at now: Int64? = nil,
    observer: (any ProgressObserver)? = nil
  ) throws(EskyError) -> UpdateOutcome {
    try changing { () throws(EskyError) -> UpdateOutcome in
      try noting(now) { () throws(EskyError) -> UpdateOutcome in
        var offers = try offers(finder, channel, observer)
        var refusals = Refusals(work, offered: finder.source)
        var refused: EskyError?
        var tried = 0
        var passedOver: (name: VersionDirectoryName, error: EskyError)?
        while true {
          let offer: Offer?
          do throws(EskyError) {
            offer = try offers.best(beside: refusals)
          } catch {
            throw refused ?? error
          }
          guard let offer else {
            if let refused { throw refused }
            note(.ok, withdrawn: offers.withdrawnInstalled, at: now)
            return .upToDate(offers.installed)
          }
          if let passedOver,
            observer?.progress(.passedOver(passedOver.name, passedOver.error)) == false
          {
            throw .cancelled
          }
          do throws(EskyError) {
            let outcome = try install(offer, from: finder, observer)
            note(.installed, at: now)
            return outcome
          } catch {
            guard error.isFaultOfArchive else { throw error }
            refusals.add(offer, reason: error.description, needs: error.needs)
            refused = refused ?? error
            tried += 1
            // Whoever signs a thousand bad ones costs nobody a thousand archives at once.
            if tried == Self.mostTries { throw refused ?? error }
            offers.drop(offer)
            passedOver = (offer.name, error)
          }
        }
      }
    }
  }

  /// How many archives one run fetches at most; the next run goes on behind those that were refused.
  static let mostTries = 5

  /// Asks the finder, and puts together what decides between the offers.
  private func offers(
    _ finder: any VersionFinder, _ channel: [UInt8]?, _ observer: (any ProgressObserver)?
  ) throws(EskyError) -> Offers {
    let installed = try basis()
    if observer?.progress(.checking) == false { throw .cancelled }
    let all = try finder.offers()
    var choice = OfferChoice(app: app, installed: installed)
    choice.isWithdrawn = finder.withdrawn.contains { $0 == installed }
    if let named = channel {
      choice.channel = named
    } else if let named = try settings().channel {
      choice.channel = named
    }
    // Made when the first roll-out asks for it.
    choice.place = { [work] in InstallationID(work).place(for: $0) }
    return Offers(installed: installed, choice: choice, all: all, withdrawn: finder.withdrawn)
  }

  private func install(
    _ offer: Offer, from finder: any VersionFinder, _ observer: (any ProgressObserver)?
  ) throws(EskyError) -> UpdateOutcome {
    if try isWhole(offer.name) {
      // The older version is still there.
      try withdraw(finder.withdrawn, newerThan: offer.name)
      return .installed(try current(), unfinished: nil)
    }
    let archive = work.downloads.file(DownloadName.archive(offer.name))
    try Self.onDisk { () throws(FileError) in _ = try work.downloads.make() }
    try checkSpace(for: offer.size)
    try finder.fetch(offer, to: archive, observer: observer)
    let installer = Installer(folder, offer.name)
    let unpacked: Folder
    do throws(EskyError) {
      unpacked = try installer.unpack(archive, observer) { (root) throws(EskyError) in
        try finder.vouches(for: root)
      }
    } catch {
      // What can't be removed now is removed by cleanup.
      if error.isFaultOfArchive { _ = try? installer.discard(archive) }
      throw error
    }
    if observer?.progress(.installing) == false { throw .cancelled }
    try installer.commit(from: unpacked)
    try withdraw(finder.withdrawn, newerThan: offer.name)
    let unfinished = installer.finish(archive).map { namingRoot(.file($0)) }
    return .installed(offer.name, unfinished: unfinished)
  }

  /// Notes what came of a look that fails.
  private func noting<Result>(
    _ now: Int64?, _ body: () throws(EskyError) -> Result
  ) throws(EskyError) -> Result {
    do throws(EskyError) {
      return try body()
    } catch {
      let error = namingRoot(error)
      note(error, at: now)
      throw error
    }
  }

  private func isWhole(_ name: VersionDirectoryName) throws(EskyError) -> Bool {
    try survey().versions.contains { $0.name == name && $0.isWhole }
  }

  /// Takes versions out of the launcher's choice that are newer than one that is in place.
  private func withdraw(
    _ names: [VersionDirectoryName], newerThan name: VersionDirectoryName
  ) throws(EskyError) {
    for version in try survey().versions
    where version.list != nil && names.contains(where: { $0 == version.name })
      && VersionDirectoryName.isNewer(version.name, than: name)
    {
      try Self.onDisk { () throws(FileError) in try folder.version(version.name).withdraw() }
    }
  }

  private func checkSpace(for size: Int64) throws(EskyError) {
    let place = work.downloads.path
    let available = try Self.onDisk { () throws(FileError) in try FileSystem.freeSpace(place) }
    if available < size { throw .noSpace(place, needed: size, available: available) }
  }
}

extension EskyError {
  /// True when the archive itself is at fault, so that fetching it again would not help.
  fileprivate var isFaultOfArchive: Bool {
    switch self {
    case .archive, .bundle, .foreignRoot: kind == .refused
    default: false
    }
  }

  /// What must be on this machine for the archive to be none of it any more.
  fileprivate var needs: [UInt8]? {
    if case .bundle(_, let problem) = self { return problem.needs }
    return nil
  }
}
