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

  /// Who signs what with the keys that are there already, under the names that `init` gives keys.
  ///
  /// - Throws: ``Failure`` for a key that is missing.
  func existing() throws -> [RoleAssignment] {
    var found: [RoleAssignment] = []
    for (place, list) in [("offline", Self.offline), ("online", Self.online)] {
      for role in list {
        guard let file = try file(place, role) else {
          throw Failure(
            "there is no \(path(place, role).text); bundle-esky key import makes it from a key of another program, or give --root"
          )
        }
        var keys = [try KeyObject(file: file)]
        if role == .root, let sealed = try self.file("recovery", .root) {
          keys.append(try KeyObject(file: sealed))
        }
        found.append(RoleAssignment(role, keys: keys))
      }
    }
    return found
  }

  /// The file of a key, encrypted or a signer; nil where there is neither.
  private func file(_ place: String, _ role: Role) throws(FileError) -> Path? {
    for path in [path(place, role), folder.appending("\(place)/\(role.name).signer")]
    where try FileSystem.exists(path) {
      return path
    }
    return nil
  }

  /// Says, while it is there, that the keys belong to an `init` that was not finished.
  private var mark: Path { folder.appending("init-unfinished") }

  /// True when an `init` was interrupted here, which the next one goes on with.
  var isUnfinished: Bool {
    get throws(FileError) { try FileSystem.exists(mark) }
  }

  /// Makes the keys and writes their files; takes those that an interrupted run has written.
  mutating func make(
    offline: [UInt8], online: [UInt8], protection: KeyProtection
  ) throws {
    try Self.makePrivate(folder)
    try keepOutOfGit()
    try FileSystem.writeAtomically([], to: mark, permissions: 0o600)
    for (place, list, passphrase) in [
      ("offline", Self.offline, offline), ("online", Self.online, online),
    ] {
      for role in list {
        let key = try Self.key(path(place, role), passphrase, protection)
        made.append(key)
        roles.append(RoleAssignment(role, keys: [key.object]))
      }
    }
    if hasRecovery { try makeRecovery(protection) }
  }

  /// Keeps keys, phrase and passphrases out of a git work tree around the folder, be it made later.
  ///
  /// A file of that name which is there keeps what it says, and so does a folder that holds the project itself:
  /// only the keys' own folders are added.
  private func keepOutOfGit() throws(FileError) {
    let path = folder.appending(".gitignore")
    var text: [UInt8] = []
    var permissions: FileMode = 0o600
    if try FileSystem.exists(path) {
      text = try FileSystem.read(path, limit: 1 << 20)
      permissions = try FileSystem.status(path).permissions
      if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    }
    let holdsMore = try FileSystem.realPath(folder) == FileSystem.realPath(".")
    var wanted = ["*"]
    if !text.isEmpty || holdsMore { wanted = ["/offline/", "/online/", "/recovery/", "*.key"] }
    let lines = text.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    // What a line of git's keeps out, a later one with a ! may let in again.
    let last = lines.lastIndex { $0.hasPrefix("!") }.map { $0 + 1 } ?? 0
    let counting = lines[last...]
    let missing = wanted.filter { !counting.contains($0) && !counting.contains("*") }
    if missing.isEmpty { return }
    text += Array("# Keys belong into no repository.\n".utf8)
    for line in missing { text += Array((line + "\n").utf8) }
    try FileSystem.writeAtomically(text, to: path, permissions: permissions)
  }

  /// Forgets that the keys were being made: from now on they belong to a repository.
  func finish() throws(FileError) {
    try FileSystem.removeIfPresent(mark)
  }

  /// Makes a folder that only its owner may read; one that is there stays as it is.
  private static func makePrivate(_ folder: Path) throws(FileError) {
    if try FileSystem.exists(folder) { return }
    try FileSystem.makeDirectories(folder)
    try FileSystem.setPermissions(folder, 0o700)
  }

  private static func key(
    _ path: Path, _ passphrase: [UInt8], _ protection: KeyProtection
  ) throws -> PrivateKey {
    if try FileSystem.exists(path) {
      return try KeyFile(path).unlock(passphrase: passphrase)
    }
    try makePrivate(path.parent)
    let key = try PrivateKey()
    _ = try KeyFile.create(path, key: key, passphrase: passphrase, protection: protection)
    return key
  }

  private mutating func makeRecovery(_ protection: KeyProtection) throws {
    // The phrase comes first: a key whose phrase was never written would be of no use.
    if try !FileSystem.exists(phrase) {
      try Self.makePrivate(phrase.parent)
      try FileSystem.writeAtomically(
        Array((RecoveryPhrase.make() + "\n").utf8), to: phrase, permissions: 0o600)
    }
    let words = try FileSystem.read(phrase, limit: 4096).filter { $0 != UInt8(ascii: "\n") }
    let key = try Self.key(recovery, words, protection)
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
