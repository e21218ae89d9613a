import ArgumentParser
import FileSystem
import Repository
import TUF

/// `bundle-esky sign`: adds signatures to what waits for them.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Add signatures to a change that waits for them.",
    discussion: """
      A change whose keys are not all at hand waits in the repository's folder staging/. This adds the \
      signatures that the keys at hand can make, and publishes the change when none is missing any more.

      Elsewhere: copy the folder staging/ to the other machine, sign the copy there with --copy, bring it \
      back, and take its signatures over with --merge. What the files of a copy say, and what was said \
      before, is shown before they are signed; staged --copy shows it without signing. A root, and what lists \
      targets, is not signed without --allow-unseen where the version before is missing there, or is not what was \
      published.

      Exit status: 0 published, or for a copy: nothing is missing any more; 12 it still waits; 1 failed, \
      64 wrong usage.

      Examples:
        bundle-esky sign
        bundle-esky sign root --keys /media/usb/keys
        bundle-esky sign root --copy /media/usb/staging --keys ~/keys
        bundle-esky sign --merge /media/usb/staging
      """)

  @Argument(help: "Only these roles. (default: all that the keys at hand can sign)")
  var roles: [String] = []

  @Option(
    help: ArgumentHelp(
      "Sign a copy of the folder staging/, far from the repository.", valueName: "folder"))
  var copy: String?

  @Option(
    help: ArgumentHelp("Take over the signatures of a copy. Repeatable.", valueName: "folder"))
  var merge: [String] = []

  @Flag(help: "With --copy: sign a root though what was before can't be shown.")
  var allowUnseen = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if allowUnseen, copy == nil { throw ValidationError("--allow-unseen goes with --copy") }
    if copy != nil, !merge.isEmpty {
      throw ValidationError("--merge is for the repository that a copy was made of")
    }
  }

  func run() throws {
    let project = try Project()
    let named = try Failure.naming { try roles.map { try Role(named: $0) } }
    let ring = try keys.ring(project)
    if let copy {
      let before = try Failure.naming { try RepositoryFolder.ceremony(copy: Path(copy)) }
      // Whoever signs far from the repository sees here what.
      let contents = try Failure.naming { try RepositoryFolder.stagedContents(copy: Path(copy)) }
      Report.contents(contents)
      if !allowUnseen { try refuseUnseen(contents, named, in: copy) }
      let after = try Failure.naming {
        try RepositoryFolder.sign(copy: Path(copy), named, keys: ring)
      }
      try refuseNothing(before, after, ring)
      for status in after { print(status.description) }
      if after.contains(where: { !$0.isComplete }) { throw Report.waiting }
      return
    }
    var folder = try repository.open(project)
    let before = try Failure.naming { try folder.ceremony() } ?? []
    let publication = try Failure.naming {
      try folder.sign(named, merging: merge.map { Path($0) }, keys: ring, now: now)
    }
    if merge.isEmpty, !publication.waiting.isEmpty {
      try refuseNothing(before, publication.waiting, ring)
    }
    try Report.publication(publication)
    for line in try Renewal.follow(folder, keys: keys.folders(project)[0]) { print(line) }
  }

  /// Refuses to sign what nobody can see the change of: who may sign from then on, and what is vouched for.
  private func refuseUnseen(
    _ contents: [StagedContents], _ named: [Role], in copy: String
  ) throws {
    let signed = contents.filter { named.isEmpty || named.contains($0.role) }
    guard let unseen = signed.first(where: { $0.isBeforeUnseen && !Report.isFollower($0.role) })
    else { return }
    let file = MetadataStore.fileName(Array(unseen.role.name.utf8))
    let fault =
      unseen.isBeforeForged
      ? "is not what was published: somebody has changed the copy"
      : "is missing, so what the new version changes can't be shown"
    let known = unseen.role == .root ? "the keys" : "what is listed"
    throw Failure(
      "\(copy)/before/\(file) \(fault). Copy staging/ again, or compare \(known) above with what you know, and give --allow-unseen"
    )
  }

  /// Whoever signs expects that a signature was added.
  private func refuseNothing(
    _ before: [CeremonyStatus], _ after: [CeremonyStatus], _ ring: KeyRing
  ) throws {
    let counts = { (all: [CeremonyStatus]) in all.reduce(0) { $0 + $1.signedBy.count } }
    guard after.count == before.count, counts(after) == counts(before),
      after.contains(where: { !$0.isComplete })
    else { return }
    for status in after { print(status.description) }
    let locked = ring.lockedReserves
    if let last = locked.last {
      Report.locked(locked.dropLast())
      throw Failure(last.description)
    }
    throw Failure("no key at hand can add a signature; name the folder of one with --keys")
  }
}
