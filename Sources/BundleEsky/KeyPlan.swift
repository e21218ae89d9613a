import FileSystem
import Repository

/// The keys that `init` makes, and where they lie.
struct KeyPlan {
  private let folder: Path
  private let hasRecovery: Bool
  /// The keys in memory.
  private(set) var made: [PrivateKey] = []
  /// Who signs what with them.
  private(set) var roles: [RoleAssignment] = []

  init(_ folder: Path, hasRecovery: Bool) {
    self.folder = folder
    self.hasRecovery = hasRecovery
  }

  private static let offline: [Role] = [.root, .targets]
  private static let online: [Role] = [.snapshot, .timestamp]

  private func path(_ place: String, _ role: Role) -> Path {
    folder.appending("\(place)/\(role.name).key")
  }

  private var recovery: Path { path("recovery", .root) }
  private var phrase: Path { folder.appending("recovery/phrase.txt") }

  /// All files that are made.
  var paths: [Path] {
    var all = Self.offline.map { path("offline", $0) } + Self.online.map { path("online", $0) }
    if hasRecovery { all += [recovery, phrase] }
    return all
  }

  /// Makes the keys and writes their files.
  mutating func make(
    offline: [UInt8], online: [UInt8], protection: KeyProtection
  ) throws {
    try FileSystem.makeDirectories(folder)
    try FileSystem.setPermissions(folder, 0o700)
    for (place, list, passphrase) in [
      ("offline", Self.offline, offline), ("online", Self.online, online),
    ] {
      try FileSystem.makeDirectories(folder.appending(place))
      try FileSystem.setPermissions(folder.appending(place), 0o700)
      for role in list {
        let key = try PrivateKey()
        _ = try KeyFile.create(
          path(place, role), key: key, passphrase: passphrase, protection: protection)
        made.append(key)
        roles.append(RoleAssignment(role, keys: [key.object]))
      }
    }
    if hasRecovery { try makeRecovery(protection) }
  }

  private mutating func makeRecovery(_ protection: KeyProtection) throws {
    try FileSystem.makeDirectories(folder.appending("recovery"))
    try FileSystem.setPermissions(folder.appending("recovery"), 0o700)
    let key = try PrivateKey()
    let words = try RecoveryPhrase.make()
    _ = try KeyFile.create(
      recovery, key: key, passphrase: Array(words.utf8), protection: protection)
    try FileSystem.writeAtomically(
      Array((words + "\n").utf8), to: phrase, permissions: 0o600)
    made.append(key)
    roles = roles.map { role in
      guard role.role == .root else { return role }
      return RoleAssignment(.root, keys: role.keys + [key.object])
    }
  }

  /// What each of them is for, in a sentence, and what to do with it.
  var explanation: [String] {
    let offline = folder.appending("offline").text
    let online = folder.appending("online").text
    var lines = [
      "\(offline)/root.key: says which other keys count; take it, with a copy, off this machine",
      "\(offline)/targets.key: vouches for what is published; plug it in to publish",
      "\(online)/snapshot.key: says which metadata belongs together; cron or CI may hold it",
      "\(online)/timestamp.key: says what is current; cron or CI may hold it",
    ]
    if hasRecovery {
      lines.append(
        "\(recovery.text): a sealed second root key for the day the first one is lost;")
      lines.append(
        "  put it and its \(phrase.text) into two different safe places, and delete both here")
    }
    return lines
  }
}
