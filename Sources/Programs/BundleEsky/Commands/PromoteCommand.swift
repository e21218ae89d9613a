import ArgumentParser
import Esky
import Repository

/// `bundle-esky promote`: a version to another channel, or a role to another one that delegates to it.
struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Move a version to a channel, or a delegated role to another delegator.",
    discussion: """
      With --channel, versions are offered in that channel, too; with --only in no other any more. What publish \
      refuses without --allow is refused here for those who come to them by it. With --to, \
      a delegated role moves with its keys and paths from the role that delegates to it to another one, as \
      a project does from recently-claimed to claimed.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky promote 1.3 --channel stable
        bundle-esky promote 1.3 --channel stable --only
        bundle-esky promote acme --to claimed
      """)

  @Argument(help: "A version, or the name of a delegated role.")
  var name: String

  @Option(help: ArgumentHelp("The channel that a version goes to.", valueName: "channel"))
  var channel: String?

  @Flag(help: "Offer it in no other channel any more.")
  var only = false

  @OptionGroup var succession: SuccessionOptions

  @Option(help: ArgumentHelp("The role that delegates from now on.", valueName: "role"))
  var to: String?

  @Option(help: "Only this app, where the repository holds several.")
  var app: String?

  @Option(help: "Only this platform; else all that have the version.")
  var platform: String?

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if (channel == nil) == (to == nil) {
      throw ValidationError("give --channel for a version, or --to for a role")
    }
    if let channel { try TermsOptions.validate(channel: channel) }
    if to != nil, only || app != nil || platform != nil || !succession.allow.isEmpty {
      throw ValidationError("--only, --app, --platform and --allow are for versions")
    }
  }

  func run() throws {
    let project = try Project()
    let ring = try keys.ring(project)
    var listed: [Release] = []
    let publication = try repository.change(project) { folder in
      if let to {
        return try folder.move(Role(named: name), to: Role(named: to), keys: ring, now: now)
      }
      let publication = try folder.amend(try amendment(folder), keys: ring, now: now)
      listed = try Release.all(in: folder)
      return publication
    }
    if publication.versions.isEmpty, publication.waiting.isEmpty {
      return print("\(name) is there already")
    }
    if publication.waiting.isEmpty { print("promoted \(name) to \(channel ?? to ?? "")") }
    try Report.publication(publication)
    Report.stranded(listed)
  }

  private func amendment(_ folder: RepositoryFolder) throws -> TargetsAmendment {
    var selector = ReleaseSelector()
    selector.version = [name]
    selector.app = app
    selector.platform = platform
    let wanted = Array((channel ?? "").utf8)
    var amendment = TargetsAmendment(to: folder)
    var changes: [Standing] = []
    for release in try selector.releases(in: folder) {
      var terms = try release.readableTerms()
      if only {
        terms.channels = [wanted]
      } else if !terms.channels.contains(wanted) {
        terms.channels.append(wanted)
      }
      changes += release.opened(by: terms)
      amendment.customs.append((try release.target, terms.custom(keeping: release.custom)))
    }
    try Succession(folder, changes: changes, allowed: succession.allow).check()
    return amendment
  }
}
