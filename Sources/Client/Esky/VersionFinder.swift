public import FileSystem
public import Layout

/// A version that can be had.
public struct Offer: Sendable {
  /// The version directory that it becomes.
  public let name: VersionDirectoryName
  /// The size of its archive in bytes.
  public let size: Int64
  /// What its publisher says of it.
  public let terms: ReleaseTerms
  /// How many of 10,000 installations may have it now.
  public let share: Int64
  /// The archive's signed hash in hexadecimal digits; nil where nobody says it.
  public let digest: [UInt8]?

  /// Puts an offer together.
  public init(
    name: VersionDirectoryName, size: Int64, terms: ReleaseTerms = ReleaseTerms(),
    share: Int64 = 10_000, digest: [UInt8]? = nil
  ) {
    self.name = name
    self.size = size
    self.terms = terms
    self.share = share
    self.digest = digest
  }
}

/// Where new versions come from.
public protocol VersionFinder: AnyObject {
  /// All versions of the app on offer, in no order; also older ones, and those for other platforms.
  func offers() throws(EskyError) -> [Offer]

  /// Versions that their publisher has taken back; call it after ``offers()``.
  var withdrawn: [VersionDirectoryName] { get }

  /// What the offers were read from, in a few bytes that differ once their publisher has changed anything; call
  /// it after ``offers()``.
  var source: [UInt8] { get }

  /// True when a root of trust that an archive ships may come with a download: it must be one that the root
  /// which is trusted now came from. Call it after ``offers()``.
  func vouches(for root: [UInt8]) throws(EskyError) -> Bool

  /// Brings an offered version's archive to a place.
  ///
  /// On return the file is there, whole, and as trustworthy as the finder is; on error nothing new has
  /// that name. Files with `.part` behind the name may be left to go on from.
  func fetch(
    _ offer: Offer, to place: FilePlace, observer: (any ProgressObserver)?
  ) throws(EskyError)
}
