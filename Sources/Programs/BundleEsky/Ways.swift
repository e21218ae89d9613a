import Esky
import Layout

/// By way of which versions installations come to those that they may not go to at once.
struct Ways {
  /// All that are listed, newest first.
  let releases: [Release]

  /// The channels whose followers are offered a version, and to none of whom an older version is offered as a step
  /// to it; none for a version that everybody may go to at once.
  func gaps(to release: Release) -> [[UInt8]] {
    guard let minimum = release.terms.minimumVersion else { return [] }
    return channels(offering: release).filter { channel in
      !releases.contains { isStep($0, to: release, from: minimum, in: channel) }
    }
  }

  /// The newest steps to a version, one for each channel that has one.
  func steps(to release: Release, among kept: (Release) -> Bool) -> [Release] {
    guard let minimum = release.terms.minimumVersion else { return [] }
    var found: [Release] = []
    for channel in channels(offering: release) {
      let steps = releases.filter { isStep($0, to: release, from: minimum, in: channel) }
      if steps.contains(where: kept) { continue }
      if let newest = steps.first { found.append(newest) }
    }
    return found
  }

  /// True for a version that all who follow a channel get on the way to another, sooner or later.
  private func isStep(
    _ step: Release, to release: Release, from minimum: Version, in channel: [UInt8]
  ) -> Bool {
    guard step.isOf(release.name), step.name.version < release.name.version,
      !(step.name.version < minimum), step.terms.isOffered(in: channel), step.willReachAll
    else { return false }
    return !step.name.version.isPreRelease || channel != ReleaseTerms.stable
  }

  /// The channels to whose followers a version is offered: of one that all get, those that have versions of their own, too.
  private func channels(offering release: Release) -> [[UInt8]] {
    var all = [ReleaseTerms.stable]
    for other in releases where other.isOf(release.name) {
      all += other.terms.channels.filter { !all.contains($0) }
    }
    return all.filter { release.terms.isOffered(in: $0) }
  }
}

extension Release {
  /// True for the same app on the same platform.
  func isOf(_ other: VersionDirectoryName) -> Bool {
    name.name == other.name && name.platform == other.platform
  }

  /// True when everybody gets it who follows one of its channels, be it after the hours of a roll-out.
  var willReachAll: Bool {
    guard terms.unreadable == nil else { return false }
    guard let rollOut = terms.rollOut else { return true }
    return !rollOut.isHalted && (rollOut.percent == 100 || rollOut.hours != nil)
  }
}
