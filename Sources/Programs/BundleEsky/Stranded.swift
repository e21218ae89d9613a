import Esky
import Layout

extension Report {
  /// Warns of versions that nobody, or not everybody, gets to.
  ///
  /// - Parameters:
  ///   - releases: all that are listed.
  ///   - left: versions that their users should leave.
  static func stranded(_ releases: [Release], leaving left: [VersionDirectoryName] = []) {
    let ways = Ways(releases: releases)
    for release in releases {
      let gaps = ways.gaps(to: release)
      guard let minimum = release.terms.minimumVersion, !gaps.isEmpty else { continue }
      let text = String(decoding: minimum.text, as: UTF8.self)
      let names = gaps.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
      Diagnostics.error(
        "bundle-esky: no version is offered to all in channel \(names) by way of which those older than \(text) could go to \(release.name.text); they stay where they are"
      )
    }
    for name in left {
      let hasOther = releases.contains { other in
        other.isOf(name) && other.reachesAll && other.terms.isOffered(in: [])
          && !(other.terms.minimumVersion.map { name.version < $0 } ?? false)
      }
      if hasOther { continue }
      Diagnostics.error(
        "bundle-esky: no other version is offered to all who have \(name.text); the others stay on it"
      )
    }
  }
}
