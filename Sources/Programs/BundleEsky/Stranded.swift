import Esky
import Layout

extension Report {
  /// Warns of versions that nobody, or not everybody, gets to.
  ///
  /// - Parameters:
  ///   - releases: all that are listed.
  ///   - left: versions that their users should leave.
  static func stranded(_ releases: [Release], leaving left: [VersionDirectoryName] = []) {
    for release in releases {
      guard let minimum = release.terms.minimumVersion else { continue }
      let hasStep = releases.contains { step in
        step.isOf(release.name) && step.name.version < release.name.version
          && !(step.name.version < minimum)
      }
      if hasStep { continue }
      let text = String(decoding: minimum.text, as: UTF8.self)
      Diagnostics.error(
        "bundle-esky: no version is listed by way of which those older than \(text) could go to \(release.name.text)"
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

extension Release {
  /// True for the same app on the same platform.
  fileprivate func isOf(_ other: VersionDirectoryName) -> Bool {
    name.name == other.name && name.platform == other.platform
  }
}
