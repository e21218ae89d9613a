import ArgumentParser
import Esky
import Layout
import Repository

/// `bundle-esky amend`: changes what is said of a published version.
struct AmendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amend", abstract: "Change what is said of a version: notes, roll-out, channels.",
    discussion: """
      The bytes of the version stay; what is not mentioned stays as it was. A roll-out grows by itself: each \
      installation compares its own random number with the share that the signed start, percentage and \
      hours give at the time. Nothing on the server has to change for it. What publish refuses without --allow is \
      refused here for those who come to the version by another channel or a lower minimum.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky amend 1.3 --percent 5 --hours 72
        bundle-esky amend 1.3 --halt
        bundle-esky amend 1.3 --resume --percent 100
        bundle-esky amend 1.3 --notes-file notes/1.3.md --required
      """)

  @OptionGroup var selector: ReleaseSelector
  @OptionGroup var terms: TermsOptions

  @Flag(help: "Halt the roll-out: nobody gets it any more who has not got it.")
  var halt = false

  @Flag(help: "Go on with a roll-out that was halted.")
  var resume = false

  @OptionGroup var succession: SuccessionOptions
  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if halt, resume { throw ValidationError("--halt and --resume exclude each other") }
    if !halt, !resume, !terms.saySomething { throw ValidationError("say what to change") }
  }

  func run() throws {
    let project = try Project()
    let ring = try keys.ring(project)
    var releases: [Release] = []
    var listed: [Release] = []
    let publication = try repository.change(project) { folder in
      var amendment = TargetsAmendment(to: folder)
      releases = try selector.releases(in: folder)
      var changes: [Standing] = []
      for release in releases {
        let changed = try amended(release)
        changes += release.opened(by: changed)
        amendment.customs.append((try release.target, changed.custom(keeping: release.custom)))
      }
      try Succession(folder, changes: changes, allowed: succession.allow).check()
      let publication = try folder.amend(amendment, keys: ring, now: now)
      listed = try Release.all(in: folder)
      return publication
    }
    if publication.versions.isEmpty, publication.waiting.isEmpty {
      return print("that is what is said already")
    }
    if publication.waiting.isEmpty {
      for release in releases { print("amended \(release.name.text)") }
    }
    try Report.publication(publication)
    Report.stranded(listed)
  }

  private func amended(_ release: Release) throws -> ReleaseTerms {
    var changed = try terms.applied(to: release.readableTerms())
    try changed.refuseUnreachable(release.name)
    if halt || resume {
      var rollOut = changed.rollOut ?? RollOut(percent: 100)
      rollOut.isHalted = halt
      changed.rollOut = rollOut
    }
    return changed
  }
}
