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
      way down. Without another version to go to, they stay where they are. What the way changes for them that \
      publish would refuse (another update URL, lost programs and the like) is said on stderr. A version that is not listed any \
      more is withdrawn by its whole name.

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
    let ring = try keys.ring(project)
    var names: [VersionDirectoryName] = []
    var left: [Release] = []
    var consequences: [String] = []
    let publication = try repository.change(project) { folder in
      let gone = try Release.withdrawn(in: folder)
      let (listed, unlisted) = try selector.names(in: folder, orWithdrawn: gone)
      names = listed + unlisted
      var amendment = TargetsAmendment(to: folder)
      amendment.removed = try listed.map { try TargetName($0.text + ".zip") }
      amendment.members = [Release.member(gone + names.map(\.text))]
      let changes = names.map { Standing($0, terms: nil, isWithdrawn: true, archive: nil) }
      consequences = try Succession(folder, changes: changes, allowed: []).consequences()
      let publication = try folder.amend(amendment, keys: ring, now: now)
      left = try Release.all(in: folder)
      return publication
    }
    if publication.versions.isEmpty, publication.waiting.isEmpty {
      return print("that was withdrawn already")
    }
    for sentence in consequences { Diagnostics.error("bundle-esky: \(sentence)") }
    if publication.waiting.isEmpty {
      for name in names { print("withdrew \(name.text)") }
    }
    try Report.publication(publication)
    Report.stranded(left, leaving: names)
  }
}
