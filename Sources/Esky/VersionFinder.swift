public import FileSystem
public import Layout

/// A version that can be had.
public struct Offer: Sendable {
  /// The version directory that it becomes.
  public let name: VersionDirectoryName
  /// The size of its archive in bytes.
  public let size: Int64

  /// Puts an offer together.
  public init(name: VersionDirectoryName, size: Int64) {
    self.name = name
    self.size = size
  }
}

/// Where new versions come from.
public protocol VersionFinder: AnyObject {
  /// All versions of the app on offer, in no order; also older ones, and those for other platforms.
  func offers() throws(EskyError) -> [Offer]

  /// Brings an offered version's archive to a path.
  ///
  /// On return the file is there, whole, and as trustworthy as the finder is; on error nothing new has
  /// that name. Files with `.part` behind the name may be left to go on from.
  func fetch(
    _ offer: Offer, to path: Path, observer: (any ProgressObserver)?
  ) throws(EskyError)
}

extension Offer {
  /// The one to install: the newest that runs here and is newer than what is installed.
  ///
  /// A pre-release is offered only to those who run one already.
  public static func best(
    of offers: [Offer], for app: AppName, newerThan installed: VersionDirectoryName?
  ) -> Offer? {
    let takesPreReleases = installed.map { $0.version.isPreRelease } ?? false
    var best: Offer?
    for offer in offers where offer.name.name == app && offer.name.platform.runs(on: .current) {
      if offer.name.version.isPreRelease && !takesPreReleases { continue }
      if let installed, !(installed.version < offer.name.version) { continue }
      if let current = best, !VersionDirectoryName.isNewer(offer.name, than: current.name) {
        continue
      }
      best = offer
    }
    return best
  }
}
