import ArgumentParser
import FileSystem
import Repository
import TUF

/// `bundle-esky init`: keys, an empty repository, and what keeps it fresh.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create keys, an empty repository, and what keeps it fresh.",
    discussion: """
      Makes Ed25519 keys, each encrypted at rest:

        keys/offline/root.key       says which other keys count; needed to change keys, and once a year
        keys/offline/targets.key    vouches for versions; needed to publish
        keys/online/snapshot.key    says which metadata belongs together; a machine may hold it
        keys/online/timestamp.key   says what is current; a machine may hold it
        keys/recovery/root.key      a second root key for the day the first is lost; sealed under a
                                    phrase of its own, which lies beside it until you put both away

      The offline keys and the online keys can have passphrases of their own: ESKY_PASSPHRASE and \
      ESKY_ONLINE_PASSPHRASE, or two prompts. Cron or CI needs the online one only. After an \
      interruption, init goes on when it is run again with the same passphrases.

      With --keep-keys it makes no keys: a repository was lost, or the keys were imported. Clients go on from \
      what they have seen: --root names the newest root that is left, for instance esky-files/root.json of \
      a version that was shipped, and the next one is signed by its keys. All other roles begin above --above. \
      Where other roles were delegated to, replace the keys of snapshot and timestamp with rotate as well: then \
      clients forget which roles they have seen.

      Exit status: 0 done, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky init
        bundle-esky init --keep-keys --root hello-1.2.linux-x86_64/esky-files/root.json
        bundle-esky init --repository /srv/hello --keys ~/secret/hello
        bundle-esky init --expires timestamp=1d --expires snapshot=7d
      """)

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var strength: PassphraseStrength

  @Option(
    help: "How much work a guess at the passphrase costs: interactive, moderate or sensitive.")
  var protection: Protection = .moderate

  @Option(
    help: ArgumentHelp(
      "For how long a role's metadata is valid: root, targets (13 months), snapshot, timestamp (3 weeks). Repeatable.",
      valueName: "role=time"), transform: RoleExpiry.init)
  var expires: [RoleExpiry] = []

  @Flag(help: "Make no second root key. Whoever loses the only one can never change keys again.")
  var noRecovery = false

  @Flag(help: "Write no files for cron and CI.")
  var noRenewal = false

  @Flag(help: "Found the repository on keys that are there, imported or kept, and make none.")
  var keepKeys = false

  @Option(
    help: ArgumentHelp(
      "With --keep-keys: a root that clients trust; its roles, keys and thresholds go on.",
      valueName: "file"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      "With --keep-keys: the highest version of a role that clients may have seen. Repeatable. (default: the microseconds since 1970, which are above any count)",
      valueName: "role=version"), transform: RoleVersion.init)
  var above: [RoleVersion] = []

  func validate() throws {
    if !keepKeys {
      if root != nil || !above.isEmpty {
        throw ValidationError("--root and --above go with --keep-keys")
      }
      if keys.keys.count > 1 { throw ValidationError("init makes one folder of keys") }
    }
    if root != nil, above.contains(where: { $0.role == .root }) {
      throw ValidationError("--root says which root is next; leave --above root out")
    }
  }

  func run() throws {
    let project = try Project()
    let folder = repository.path(project)
    let keyFolder = keys.folders(project)[0]
    try ServedKeys.refuse(keyFolder, besides: folder)
    if keepKeys { return try found(folder, keyFolder, try keys.ring(project)) }
    var plan = KeyPlan(keyFolder, hasRecovery: !noRecovery)
    // Refused before any key is made, so that a second init leaves nothing behind.
    try Failure.naming { if try !plan.isUnfinished { try refuseExisting(folder, plan, keyFolder) } }
    let passphrase = Passphrase(
      descriptor: keys.passphraseFd, allowsWeak: strength.allowWeakPassphrase)
    let offline = try passphrase.new(.offline, for: "the offline keys")
    let online = try passphrase.new(.online, for: "the online keys, which cron or CI will know")
    try Failure.naming {
      Diagnostics.progress(
        "making keys; that takes some seconds, as each guess at a passphrase would")
      // Where this fails, no keys have been made.
      try RepositoryFolder.makeFolders(folder)
      try plan.make(offline: offline, online: online, protection: protection.value)
      try create(folder, plan)
      try RepositoryFolder.keepLockOutOfGit(folder)
    }
    print("\(folder.text)/: what a web server serves, metadata/ and targets/")
    for line in plan.explanation { print(line) }
    try writeRenewal(folder, keyFolder)
    try Failure.naming { try plan.finish() }
  }

  private func writeRenewal(_ folder: Path, _ keyFolder: Path) throws {
    if noRenewal { return }
    let renewal = Renewal(repository: folder, keys: keyFolder, expiries: expiries)
    for path in try Failure.naming({ try renewal.write() }) { print(path) }
  }

  private var expiries: Expiries {
    var expiries = Expiries()
    for expiry in expires { expiries.set(expiry.role, days: expiry.days) }
    return expiries
  }

  /// Founds a repository on keys that are there.
  private func found(_ folder: Path, _ keyFolder: Path, _ ring: KeyRing) throws {
    let made = try Failure.naming { () -> RepositoryFolder in
      var start = RepositoryStart()
      if let root {
        start = try RepositoryStart(
          from: FileSystem.read(Path(root), limit: Int(Limits().rootLength)), file: root)
      }
      for role in Role.topLevel where role != .root { start.seen[role] = RoleVersion.aboveAnyCount }
      for version in above { start.seen[version.role] = version.version }
      let plan = KeyPlan(keyFolder, hasRecovery: false)
      let roles = try root == nil ? plan.existing() : start.roles()
      let made = try RepositoryFolder.create(
        folder, roles: roles, keys: ring, expiries: expiries, after: start, now: now)
      try RepositoryFolder.keepLockOutOfGit(folder)
      return made
    }
    print("\(folder.text)/: what a web server serves, metadata/ and targets/")
    for role in Role.topLevel {
      print("\(role.name) begins with version \(made.version(of: role))")
    }
    if made.version(of: .root) == 1 {
      print(
        "clients that trust a root beyond version 1 can't follow; for them, give --root or --above root=…"
      )
    }
    try writeRenewal(folder, keyFolder)
  }

  private func refuseExisting(_ folder: Path, _ plan: KeyPlan, _ keyFolder: Path) throws {
    if try FileSystem.exists(folder.appending("metadata/timestamp.json")) {
      throw Failure("\(folder.text) holds a repository already; nothing was changed")
    }
    for path in plan.paths where try FileSystem.exists(path) {
      throw Failure(
        "\(path.text) exists already; nothing was changed. Move \(keyFolder.text) away if no repository needs it"
      )
    }
  }

  /// Creates the repository, or sees that an interrupted run has created it with the same keys.
  private func create(_ folder: Path, _ plan: KeyPlan) throws {
    do throws(RepositoryError) {
      _ = try RepositoryFolder.create(
        folder, roles: plan.roles, keys: KeyRing(plan.made), expiries: expiries, now: now)
    } catch {
      guard case .repositoryExists = error else { throw error }
      let found = try RepositoryFolder(folder)
      for role in plan.roles where try found.keyIDs(of: role.role) != role.keys.map(\.id) {
        throw Failure(
          "\(folder.text) holds another repository already; nothing of it was changed")
      }
    }
  }
}

extension Role {
  /// A top-level role, and what is said of it behind a `=`; nil for anything else.
  fileprivate static func assignment(_ text: String) -> (role: Role, value: String)? {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let role = topLevel.first(where: { $0.name == parts[0] }) else {
      return nil
    }
    return (role, String(parts[1]))
  }
}

/// `timestamp=512`.
struct RoleVersion {
  let role: Role
  let version: Int64

  /// The greatest number that all clients read exactly, and some left above it.
  private static let greatest: Int64 = 1 << 53 - 1 << 32

  /// More than any repository has signed versions, be it several in a second, and one that was founded so before.
  static var aboveAnyCount: Int64 { now * 1_000_000 }

  init(_ text: String) throws {
    guard let (role, number) = Role.assignment(text) else {
      let names = Role.topLevel.map(\.name).joined(separator: ", ")
      throw ValidationError("--above takes ROLE=VERSION, where ROLE is one of \(names)")
    }
    guard let version = Int64(number), 0...Self.greatest ~= version else {
      throw ValidationError(
        "--above \(text): a version is a number from 0 to \(Self.greatest)")
    }
    self.role = role
    self.version = version
  }
}

/// `timestamp=1d`.
struct RoleExpiry {
  let role: Role
  let days: Int

  init(_ argument: String) throws {
    guard let (role, text) = Role.assignment(argument) else {
      let names = Role.topLevel.map(\.name).joined(separator: ", ")
      throw ValidationError("--expires takes ROLE=TIME, where ROLE is one of \(names)")
    }
    guard let time = Duration(argument: text), time.seconds % 86_400 == 0 else {
      throw ValidationError(
        "--expires \(argument): a period is a number of whole days or weeks, as 7d or 3w")
    }
    self.role = role
    days = Int(time.seconds / 86_400)
  }
}

/// The choices of `--protection`.
enum Protection: String, ExpressibleByArgument, CaseIterable {
  case interactive, moderate, sensitive

  var value: KeyProtection {
    switch self {
    case .interactive: .interactive
    case .moderate: .moderate
    case .sensitive: .sensitive
    }
  }
}
