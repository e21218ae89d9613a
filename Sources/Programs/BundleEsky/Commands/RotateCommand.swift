import ArgumentParser
import FileSystem
import Repository

/// `bundle-esky rotate`: changes the keys of roles.
struct RotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Add, replace and revoke keys, and change thresholds.",
    discussion: """
      Changes who signs for a role. Top-level roles are listed in root: a new root needs the signatures of \
      the old root keys and of the new ones, to their thresholds. A delegated role is listed by the one \
      that delegates to it. Whatever the new keys have to sign is signed anew along with it; old keys sign \
      once more where they are at hand, so that clients in the middle of an update notice nothing. Where the old \
      keys of timestamp are gone, the new ones sign the file that is published, too. Where those of snapshot or \
      targets are gone, clients are refused for the moment between two renames, and go on after it.

      What lacks signatures waits in staging/, and nothing is published before they are there: see sign. While a \
      root waits there, the keys of top-level roles can't be changed again: sign it or discard it first. A \
      threshold that the keys could never reach is refused; so is taking away the last sealed key of a role, where \
      that is at hand to tell, without --no-recovery.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky rotate timestamp --add keys/online/timestamp-2.key --revoke 3f9a11c2
        bundle-esky rotate timestamp --replace keys/online/timestamp.key=keys/online/new.key
        bundle-esky rotate root --add alice.pem --add bob.pem --threshold 2
        bundle-esky rotate root targets --replace 3f9a11c2=keys/offline/new.key
      """)

  @Argument(help: "The roles; the same change is made to all of them.")
  var roles: [String]

  @Option(
    help: ArgumentHelp(
      "A key that may sign from now on: a .key or .signer file, or a public key. Repeatable.",
      valueName: "file"))
  var add: [String] = []

  @Option(
    help: ArgumentHelp(
      "A key that may not sign any more: its first digits, or its file. Repeatable.",
      valueName: "id"))
  var revoke: [String] = []

  @Option(
    help: ArgumentHelp("Revoke one key and add another. Repeatable.", valueName: "id=file"))
  var replace: [String] = []

  @Option(help: "How many keys must sign from now on.")
  var threshold: Int?

  @Flag(
    help:
      "Take away the last sealed key of a role, too: whoever loses the others can never change keys again."
  )
  var noRecovery = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if add.isEmpty, revoke.isEmpty, replace.isEmpty, threshold == nil {
      throw ValidationError("say what to change: --add, --revoke, --replace or --threshold")
    }
    for pair in replace where !pair.contains("=") {
      throw ValidationError("--replace takes ID=FILE")
    }
  }

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    var added = add
    var revoked = revoke
    for pair in replace {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      revoked.append(String(parts[0]))
      added.append(String(parts[1]))
    }
    let publication = try Failure.naming { () -> Publication in
      let ring = try keys.ring(project)
      let objects = try added.map { try KeyObject(file: Path($0)) }
      var rotations: [(role: Role, rotation: KeyRotation)] = []
      for name in roles {
        let role = try Role(named: name)
        let ids = try revoked.compactMap { try Self.id($0, of: role, in: folder) }
        if !noRecovery { try refuseLosing(ring.reserves, ids, objects, role, in: folder) }
        rotations.append(
          (role, KeyRotation(adding: objects, revoking: ids, threshold: threshold)))
      }
      return try folder.rotate(rotations, keys: ring, now: now)
    }
    if publication.versions.isEmpty, publication.waiting.isEmpty {
      return print("the roles have these keys and thresholds already")
    }
    try Report.publication(publication)
    for line in try Renewal.follow(folder, keys: keys.folders(project)[0]) { print(line) }
  }

  /// Refuses to take away the last key of a role that was put away for bad days.
  private func refuseLosing(
    _ reserves: [KeyObject], _ revoked: [String], _ added: [KeyObject], _ role: Role,
    in folder: RepositoryFolder
  ) throws {
    let sealed = try reserves.filter { !added.contains($0) }.compactMap {
      try folder.id(of: $0, in: role)
    }
    let lost = sealed.filter { revoked.contains($0) }
    guard let first = lost.first, lost.count == sealed.count,
      !reserves.contains(where: { added.contains($0) })
    else { return }
    throw Failure(
      "\(first.prefix(8)) is the last sealed key of \(role.name): without it, whoever loses the others can never change keys again. Revoke the key that was lost, or give --no-recovery if this is meant"
    )
  }

  /// The one key id that begins with some digits, or that of the key in a file; nil for a key that was revoked before, so that a change
  /// which was interrupted can be asked for again.
  private static func id(
    _ prefix: String, of role: Role, in folder: RepositoryFolder
  ) throws -> String? {
    let ids = try folder.rotatableKeyIDs(of: role)
    var prefix = prefix
    if !prefix.isEmpty, try FileSystem.exists(Path(prefix)) {
      let key = try KeyObject(file: Path(prefix))
      prefix = try folder.id(of: key, in: role) ?? key.id
    }
    let found = ids.filter { $0.hasPrefix(prefix) }
    if found.count == 1, !prefix.isEmpty { return found[0] }
    let list = ids.map { String($0.prefix(8)) }.joined(separator: ", ")
    if !found.isEmpty, !prefix.isEmpty {
      throw Failure("several keys of \(role.name) begin with \"\(prefix)\": \(list)")
    }
    if !prefix.isEmpty, try folder.formerKeyIDs(of: role).contains(where: { $0.hasPrefix(prefix) })
    {
      return nil
    }
    throw Failure("\(role.name) has no key that begins with \"\(prefix)\"; it has \(list)")
  }
}
