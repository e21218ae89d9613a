import ArgumentParser
import FileSystem
import Repository

/// `bundle-esky delegate`: hands targets to roles with keys of their own.
struct DelegateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delegate",
    abstract: "Hand targets to a role, or to hashed bins, with keys of their own.",
    discussion: """
      A role speaks for the paths that match its patterns, where * and ? do not match a slash; bins share \
      all paths by the hash. Clients search roles in the order in which they were delegated to. Saying \
      the same again changes nothing; saying something else of a role replaces what was said.

      With three tiers, as for an index of packages: a role claimed with offline keys, which delegates to \
      one role for each project; one recently-claimed with an online key, from where promote moves \
      projects on; and one unclaimed, which spreads the rest over bins.

        bundle-esky delegate claimed --path '*/*' --further --key keys/offline/claimed.key
        bundle-esky delegate recently-claimed --path '*/*' --further --key keys/online/recent.key
        bundle-esky delegate unclaimed --path '*/*' --further --key keys/online/unclaimed.key
        bundle-esky delegate bins --from unclaimed --bins 16384 --key keys/online/bins.key
        bundle-esky delegate acme --from recently-claimed --path 'acme/*' --key acme.pem
        bundle-esky promote acme --to claimed

      --revoke ends a delegation: clients find what the role lists no more.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky delegate docs --path 'docs/*' --path 'docs/*/*' --key writers.pem
        bundle-esky delegate bins --bins 256 --key keys/online/bins.key --expires 90d
        bundle-esky delegate docs --revoke
      """)

  @Argument(help: "The role's name, or what the names of the bins begin with.")
  var role: String

  @Option(help: ArgumentHelp("A pattern of paths. Repeatable.", valueName: "pattern"))
  var path: [String] = []

  @Option(
    help: ArgumentHelp("The first digits of the SHA-256 of paths. Repeatable.", valueName: "digits")
  )
  var hashPrefix: [String] = []

  @Option(help: "Spread everything over so many bins: a power of 2 up to 65536.")
  var bins: Int?

  @Flag(help: "Write every bin down, for clients that do not know succinct bins (TAP 15).")
  var explicit = false

  @Option(
    help: ArgumentHelp(
      "A key that may sign for it: a .key or .signer file, or a public key. Repeatable.",
      valueName: "file"))
  var key: [String] = []

  @Option(help: "How many keys must sign. (default: 1)")
  var threshold: Int?

  @Option(
    help: ArgumentHelp("The role that delegates to it. (default: targets)", valueName: "role"))
  var from: String?

  @Flag(help: "Clients search no further for what matches.")
  var terminating = false

  @Flag(help: "The role holds no targets but delegates them further.")
  var further = false

  @Option(help: "For how long its metadata is valid. (default: 13 months)")
  var expires: Duration?

  @Flag(help: "Delegate nothing to it any more.")
  var revoke = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    let scopes = [!path.isEmpty, !hashPrefix.isEmpty, bins != nil].filter { $0 }.count
    if revoke {
      if scopes > 0 || !key.isEmpty || threshold != nil || from != nil || terminating || further
        || expires != nil
      {
        throw ValidationError(
          "--revoke takes the role's name alone: whoever delegates to it is found by it")
      }
      return
    }
    if scopes != 1 { throw ValidationError("give one of --path, --hash-prefix and --bins") }
    if let expires, expires.seconds % 86_400 != 0 {
      throw ValidationError("--expires takes whole days or weeks, as 7d or 3w")
    }
    if key.isEmpty { throw ValidationError("give at least one --key") }
    if let bins, bins < 2 || bins > 1 << Delegation.mostBits || bins & (bins - 1) != 0 {
      throw ValidationError("--bins takes a power of 2 from 2 to \(1 << Delegation.mostBits)")
    }
  }

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    if revoke {
      try revoke(in: &folder, keys.ring(project))
    } else {
      try delegate(in: &folder, keys.ring(project))
    }
    for line in try Renewal.follow(folder, keys: keys.folders(project)[0]) { print(line) }
  }

  private func delegate(in folder: inout RepositoryFolder, _ ring: KeyRing) throws {
    let from = from ?? Role.targets.name
    let publication = try Failure.naming { () -> Publication in
      var delegation = Delegation(
        try Role(named: role), scope, keys: try key.map { try KeyObject(file: Path($0)) },
        threshold: threshold ?? 1)
      delegation.isTerminating = terminating
      delegation.delegatesFurther = further
      delegation.days = expires.map { Int($0.seconds / 86_400) }
      return try folder.delegate(
        delegation, from: try Role(named: from), keys: ring, now: now)
    }
    if publication.versions.isEmpty, publication.waiting.isEmpty {
      return print("\(from) delegates so already")
    }
    try Report.publication(publication)
  }

  private func revoke(in folder: inout RepositoryFolder, _ ring: KeyRing) throws {
    let publication = try Failure.naming {
      let count = try folder.delegatedStatus(now: now).filter { $0.isCalled(role) }
        .reduce(0) { $0 + $1.targets }
      let publication = try folder.revokeDelegation(of: Role(named: role), keys: ring, now: now)
      if count > 0, publication.waiting.isEmpty {
        print("clients find the \(count) targets of \(role) no more")
      }
      return publication
    }
    try Report.publication(publication)
  }

  private var scope: Delegation.Scope {
    if let bins { return .bins(bits: bins.trailingZeroBitCount, isSuccinct: !explicit) }
    return path.isEmpty ? .hashPrefixes(hashPrefix) : .paths(path)
  }
}
