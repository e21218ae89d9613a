import ArgumentParser
import Layout
import Repository

/// `bundle-esky withdraw`: takes a version back, also from those who have it.
struct WithdrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take a version back, also from those who have it.",
    discussion: """
      The version is no longer offered, and signed metadata says that it was withdrawn: installations that \
      run it go to the newest version that is still offered to them, be it an older one. That is the only \
      way down. Without another version to go to, they stay where they are.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky withdraw 1.3
        bundle-esky withdraw hello-1.3.linux-x86_64
        bundle-esky withdraw 1.3 --platform macos-arm64
      """)

  @OptionGroup var selector: ReleaseSelector
  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    let releases = try selector.releases(in: folder)
    var amendment = TargetsAmendment()
    amendment.removed = try releases.map { try $0.target }
    amendment.keepsFiles = true
    amendment.members = [
      Release.member(Release.withdrawn(in: folder) + releases.map(\.name.text))
    ]
    let left = try Release.all(in: folder).filter { release in
      !releases.contains { $0.name == release.name }
    }
    let ring = try keys.ring(project)
    let publication = try Failure.naming { try folder.amend(amendment, keys: ring, now: now) }
    if publication.waiting.isEmpty {
      for release in releases {
        print("withdrew \(release.name.text)")
        let hasOther = left.contains {
          $0.name.name == release.name.name && $0.name.platform == release.name.platform
        }
        if !hasOther {
          Diagnostics.error(
            "bundle-esky: nothing else is offered for \(String(decoding: release.name.platform.tag, as: UTF8.self)); those who have it stay on it"
          )
        }
      }
    }
    try Report.publication(publication)
  }
}
