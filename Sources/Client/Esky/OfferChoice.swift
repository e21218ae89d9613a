public import Layout

/// Which of the versions on offer an installation takes.
public struct OfferChoice {
  let app: AppName
  /// The version that starts now; nil for none.
  let installed: VersionDirectoryName?
  /// True when its publisher has taken that back: then an older one will do.
  public var isWithdrawn = false
  /// The channel that this installation follows.
  public var channel = ReleaseTerms.stable
  /// What the machine is.
  public var machine = Platform.current
  /// Its place in the queue for a version, from 0 to 9,999.
  var place: (VersionDirectoryName) -> Int64 = { _ in 0 }

  init(app: AppName, installed: VersionDirectoryName?) {
    self.app = app
    self.installed = installed
  }

  /// The choice of whoever has a version, follows the stable channel, and has a machine like this one.
  public init(installed: VersionDirectoryName) {
    self.init(app: installed.name, installed: installed)
  }

  /// The newest that runs here, is newer than what is installed unless that was withdrawn, and that this
  /// installation may have now.
  ///
  /// A pre-release is offered only to those who run one already, or who follow a channel of their own.
  func best(of offers: [Offer], withdrawn: [VersionDirectoryName] = []) -> Offer? {
    var best: Offer?
    for offer in offers
    where isOpen(to: offer.name, on: offer.terms)
      && !withdrawn.contains(where: { $0 == offer.name })
    {
      if let current = best, !VersionDirectoryName.isNewer(offer.name, than: current.name) {
        continue
      }
      if offer.share >= 10_000 || place(offer.name) < offer.share { best = offer }
    }
    return best
  }

  /// True when a version is open to this installation, whatever else is on offer and however far a roll-out is.
  public func isOpen(to name: VersionDirectoryName, on terms: ReleaseTerms) -> Bool {
    guard name.name == app, name.runs(on: machine), terms.isOffered(in: channel) else {
      return false
    }
    let takesPreReleases =
      channel != ReleaseTerms.stable || (installed.map { $0.version.isPreRelease } ?? false)
    if name.version.isPreRelease && !takesPreReleases { return false }
    guard let installed else { return true }
    if let minimum = terms.minimumVersion, installed.version < minimum { return false }
    if isWithdrawn { return name != installed }
    return installed.version < name.version
  }
}
