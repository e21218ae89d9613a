import ArgumentParser
import FileSystem
import Repository

/// `bundle-esky refresh`: extends what is about to expire.
struct RefreshCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refresh", abstract: "Sign metadata anew before it expires; made for cron.",
    discussion: """
      Signs the roles that expire within a time, or those that are named, with the same contents and a \
      new date. Asks for a passphrase only when something is due. A role whose keys are not at hand, or stay \
      locked, is left alone and named; the others are signed all the same. While another change waits for \
      signatures, only snapshot and timestamp are signed, and all but root while it is root that waits. With \
      --expires, the files in renewal/ that init wrote are made to fit the new periods.

      Exit status: 0 all that was due is signed, 10 nothing was due, 12 keys were missing or locked for some \
      of it, or another change waits, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky refresh
        bundle-esky refresh --within 30d root targets
        bundle-esky refresh --force --stage root
        bundle-esky refresh --expires timestamp=7d --expires snapshot=7d
        bundle-esky refresh snapshot timestamp --keys keys/online --passphrase-fd 3 3<secret
      """)

  @Argument(help: "Only these roles; bins by what their names begin with. (default: all)")
  var roles: [String] = []

  @Option(
    help:
      "What expires within this time is due: a number with m, h, d or w behind. (default: \(Expiries.renewalDays)d, or two thirds of a shorter period)"
  )
  var within: Duration?

  @Flag(help: "Sign even what is not due.")
  var force = false

  @Flag(help: "Let roles whose keys are elsewhere wait in staging/ for their signatures: see sign.")
  var stage = false

  @Option(
    help: ArgumentHelp(
      "For how long a top-level role is valid from now on; signs it at once. Repeatable.",
      valueName: "role=time"), transform: RoleExpiry.init)
  var expires: [RoleExpiry] = []

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  static let nothingDue = ExitCode(10)

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    var all = try Failure.naming { try folder.status(now: now) }
    // There may be tens of thousands of others, and who names these four does not ask for them.
    if roles.isEmpty || !roles.allSatisfy({ name in all.contains { $0.isCalled(name) } }) {
      all += try Failure.naming { try folder.delegatedStatus(now: now) }
    }
    for name in roles where !all.contains(where: { $0.isCalled(name) }) {
      throw Failure("there is no role \(name); bundle-esky status shows them")
    }
    let due = all.filter { status in
      if expires.contains(where: { $0.role == status.role }) { return true }
      // Whoever only changes a period is not asked for other keys.
      if roles.isEmpty, !expires.isEmpty { return false }
      return (roles.isEmpty || roles.contains(where: status.isCalled))
        && (force || status.isDue(within: within?.seconds, at: now))
    }
    if due.isEmpty {
      Report.expired(folder)
      print("nothing is due")
      throw Self.nothingDue
    }
    let ring = try keys.ring(project)
    let (able, missing) = try Failure.naming { try split(due.map(\.role), folder, ring) }
    if !able.isEmpty {
      let publication = try Failure.naming {
        try folder.refresh(able, days: days, keys: ring, now: now)
      }
      if publication.versions.count > 12 {
        try Report.publication(publication)
      } else {
        for (role, version) in publication.versions { print("signed \(role.name) \(version)") }
      }
      try adaptRenewal(project, folder, from: all, publication)
      if !publication.waiting.isEmpty { try Report.publication(publication) }
    }
    Report.expired(folder)
    for gap in missing.prefix(12) { Diagnostics.error("bundle-esky: \(gap.description)") }
    if missing.count > 12 {
      Diagnostics.error("bundle-esky: keys are missing for \(missing.count - 12) more roles")
    }
    if !missing.isEmpty { throw Report.waiting }
  }

  private var days: [Role: Int] {
    Dictionary(expires.map { ($0.role, $0.days) }, uniquingKeysWith: { _, last in last })
  }
}

extension RefreshCommand {
  /// Lets the files for cron and CI fit periods that have changed.
  private func adaptRenewal(
    _ project: Project, _ folder: RepositoryFolder, from old: [RoleStatus],
    _ publication: Publication
  ) throws {
    if expires.isEmpty || !publication.waiting.isEmpty { return }
    try Failure.naming {
      func renewal(_ all: [RoleStatus]) -> Renewal {
        var expiries = Expiries()
        for status in all where status.delegator == nil {
          expiries.set(status.role, days: status.period)
        }
        return Renewal(
          repository: repository.path(project), keys: keys.folders(project)[0], expiries: expiries)
      }
      let new = renewal(try folder.status(now: now))
      for line in try new.adapt(from: renewal(old)) { print(line) }
    }
  }

  /// The roles that can be signed now, and why the others can't.
  private func split(
    _ due: [Role], _ folder: RepositoryFolder, _ ring: KeyRing
  ) throws(RepositoryError) -> (able: [Role], missing: [RepositoryError]) {
    guard let waiting = try folder.ceremony() else {
      return stage ? (due, []) : try folder.split(due, bySignersIn: ring)
    }
    // They must not run out while another change waits.
    var free: [Role] = []
    for role in due where try folder.mayChange(role) { free.append(role) }
    var (able, missing) = try folder.split(free, bySignersIn: ring)
    if free.count < due.count {
      missing.append(.ceremonyWaits(folder: folder.directory.appending("staging"), waiting))
    }
    return (able, missing)
  }
}

extension RoleStatus {
  /// True when it is to be signed anew: within seconds that somebody names, else as its period wants it.
  fileprivate func isDue(within seconds: Int64?, at now: Int64) -> Bool {
    expires - now <= seconds ?? Expiries.renewal(ofDays: period)
  }

  /// True for the role of that name, and for bins whose names begin with it.
  func isCalled(_ name: String) -> Bool { role.name == name || bins == name }
}
