public import FileSystem
import JSON
public import Layout
public import TUF

/// Finds versions in a TUF repository: targets named `appname-X.Y.platform.zip`.
public final class TUFVersionFinder: VersionFinder {
  private let app: AppName
  private let url: String
  let metadata: Folder
  let shippedRoot: [UInt8]
  private let fetcher: any Fetcher
  let now: Int64
  let limits: Limits
  private let observer: (any ClientObserver)?
  /// Versions that their publisher has taken back, as the last ``offers()`` found them.
  public private(set) var withdrawn: [VersionDirectoryName] = []
  /// What was refused at first and was there past all caches: an old copy on the way; nil for nothing.
  public private(set) var staleCopy: TUFError?
  /// Milliseconds between the two attempts.
  private static let pause = 300
  /// Made anew by ``offers()``.
  private(set) var client: Client?
  /// Which targets the offers were read from.
  public private(set) var source: [UInt8] = []

  /// Begins with the metadata that was trusted last, or the root that the app shipped with.
  ///
  /// Nothing is read or written before ``offers()``, which updates call under their lock: trusted
  /// metadata is for one process at a time.
  ///
  /// - Parameters:
  ///   - url: the folder that holds `metadata/` and `targets/`.
  ///   - metadata: where trusted metadata is kept.
  ///   - now: seconds since 1970 UTC; expiry is checked against it.
  public init(
    app: AppName, url: String, metadata: Folder, shippedRoot: [UInt8], fetcher: any Fetcher,
    now: Int64, limits: Limits = Limits(), observer: (any ClientObserver)? = nil
  ) {
    self.app = app
    self.url = url
    self.metadata = metadata
    self.shippedRoot = shippedRoot
    self.fetcher = fetcher
    self.now = now
    self.limits = limits
    self.observer = observer
  }

  /// Brings the trusted metadata up to date and lists the app's versions in the top-level targets.
  ///
  /// What an old copy in a cache may explain is asked for once more, past all caches: ``staleCopy`` says
  /// so when that helped. What is refused all the same may be the repository of a publisher who had to begin anew: then
  /// the root that a user unpacked is believed.
  public func offers() throws(EskyError) -> [Offer] {
    staleCopy = nil
    do throws(EskyError) {
      return try offersPastCaches()
    } catch {
      guard error.kind == .refused else { throw error }
      guard try beginsAnew() else { throw error }
    }
    return try offersPastCaches()
  }

  private func beginsAnew() throws(EskyError) -> Bool {
    do throws(TUFError) {
      return try beginAnew(CacheBypass(fetcher))
    } catch {
      throw .repository(error)
    }
  }

  private func offersPastCaches() throws(EskyError) -> [Offer] {
    do throws(TUFError) {
      return try offers(fetcher)
    } catch {
      guard error.isPerhapsStale else { throw .repository(error) }
      // Somebody may be publishing just now.
      SystemClock.sleep(milliseconds: Self.pause)
      let first = error
      do throws(TUFError) {
        let found = try offers(CacheBypass(fetcher))
        staleCopy = first
        return found
      } catch {
        throw error.isPerhapsStale ? .refusedTwice(error) : .repository(error)
      }
    }
  }

  /// A client that begins with what is stored, else with a root.
  func makeClient(
    _ store: MetadataStore, root: [UInt8]?, _ fetcher: any Fetcher
  ) throws(TUFError) -> Client {
    try Client(
      store: store, shippedRoot: root, metadataURL: RequestPath.join(url, "metadata"),
      fetcher: fetcher, now: now, limits: limits, observer: observer)
  }

  private func offers(_ fetcher: any Fetcher) throws(TUFError) -> [Offer] {
    // What an earlier look holds is not needed any more.
    self.client = nil
    let client = try makeClient(
      MetadataStore(metadata), root: try beginning(shippedRoot), fetcher)
    try client.refresh()
    self.client = client
    try noteShippedRoot(client)
    let targets = try client.topLevelTargets()
    guard let withdrawals = Withdrawals(targets.metadata.signed[Withdrawals.member]) else {
      throw .malformed(
        file: "targets.json", reason: "\"x-esky-withdrawn\" is no array of names")
    }
    withdrawn = withdrawals.names
    var found: [Offer] = []
    for target in try targets.files(where: { version($0) != nil }) {
      guard let name = version(target.path) else { continue }
      let terms = ReleaseTerms(custom: target.custom)
      found.append(
        Offer(
          name: name, size: target.length, terms: terms, share: terms.share(at: now),
          digest: target.hashes.first?.hex))
    }
    source = Array("targets \(targets.metadata.version)".utf8)
    return found
  }

  /// The version of the app that a target is; nil for another target.
  private func version(_ path: [UInt8]) -> VersionDirectoryName? {
    guard let name = DownloadName.version(path), DownloadName.archive(name) == path,
      name.name == app
    else { return nil }
    return name
  }

  /// Downloads and verifies an archive; call it after ``offers()``.
  public func fetch(
    _ offer: Offer, to place: FilePlace, observer: (any ProgressObserver)?
  ) throws(EskyError) {
    let file = DownloadName.archive(offer.name)
    do throws(TUFError) {
      guard let client, let target = try client.target(file) else {
        throw .targetNotFound(path: String(decoding: file, as: UTF8.self))
      }
      try client.download(
        target, to: place, baseURL: RequestPath.join(url, "targets"),
        // Of a zip file.
        beginning: Array("PK".utf8), observer: DownloadProgress(observer))
    } catch {
      throw .repository(error)
    }
  }
}

/// Asks caches on the way not to answer by themselves.
private final class CacheBypass: Fetcher {
  private let fetcher: any Fetcher

  init(_ fetcher: any Fetcher) {
    self.fetcher = fetcher
  }

  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    var request = request
    request.bypassesCaches = true
    request.validator = nil
    return try fetcher.fetch(request, into: sink)
  }
}
