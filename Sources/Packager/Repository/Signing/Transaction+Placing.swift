import FileSystem
import TUF

extension Transaction {
  /// Below this many bytes a compressed copy saves less than the request costs.
  private static let leastCompressed = 1024

  /// Checks the whole change as a client would, then puts it in place.
  func place() throws(RepositoryError)
    -> (state: RepositoryState, versions: [(role: Role, version: Int64)])
  {
    let next = try state.followed(overlay: staging.folder)
    try checkDelegated(next)
    let (placement, written) = try placement()
    try staging.place(placement, syncing: written, in: directory)
    try staging.clear()
    // Read again: of a timestamp with more signatures, a client that has it keeps what it has.
    let isSame = next.timestamp.version == state.timestamp.version
    return (
      try isSame ? RepositoryState(directory) : next.published,
      ceremony.entries.map { ($0.role, $0.version) }
    )
  }

  /// Puts target files in place whose metadata stays as it is.
  func placeFiles() throws(RepositoryError) {
    if ceremony.files.isEmpty { return }
    var placement = Placement()
    placement.moves = ceremony.files.map { (source($0.from), $0.to) }
    try staging.place(placement, syncing: ceremony.stagedFiles, in: directory)
  }

  /// Delegated roles by the keys of whoever leads there, as a client comes to them.
  private func checkDelegated(_ next: RepositoryState) throws(RepositoryError) {
    var delegators: [Role: Targets] = [.targets: next.targets]
    func delegator(_ role: Role) throws(RepositoryError) -> Targets {
      if let known = delegators[role] { return known }
      guard let found = try Delegators(next).targets(of: role) else {
        throw .noRole(role)
      }
      delegators[role] = found
      return found
    }
    for entry in ceremony.entries {
      guard let parent = entry.delegator else { continue }
      guard try next.delegated(entry.role, by: try delegator(parent)) != nil else {
        throw .noRole(entry.role)
      }
    }
  }

  /// The moves that the change takes, and the names of the files in the staging area that they begin with.
  private func placement() throws(RepositoryError) -> (Placement, written: [String]) {
    var placement = Placement()
    placement.moves = ceremony.files.map { (source($0.from), $0.to) }
    placement.removals = ceremony.removals
    var written = ceremony.stagedFiles
    func move(_ name: String) -> (from: [UInt8], to: [UInt8]) {
      written.append(name)
      return (source(Array(name.utf8)), Array("metadata/\(name)".utf8))
    }
    // What each of the two consists of; a server may hand a compressed copy out without the file itself.
    var root: [(from: [UInt8], to: [UInt8])] = []
    var timestamp: [(from: [UInt8], to: [UInt8])] = []
    for entry in ceremony.entries {
      switch entry.role {
      // Changes in place: two files can't, at once.
      case .timestamp: timestamp = [move(entry.fileName)]
      case .root:
        root = [move(entry.fileName)]
        if try compress(entry.fileName) { root.append(move(entry.fileName + ".gz")) }
      default:
        if try compress(entry.fileName) { placement.moves.append(move(entry.fileName + ".gz")) }
        placement.moves.append(move(entry.fileName))
      }
    }
    // A root counts at once. Where old keys and new have signed what it leads to, clients that still have
    // the old root get along with the new timestamp, so the root may come last. Otherwise clients are
    // refused between the two, which can't be helped; the root comes first, so that it is short.
    let servesBoth = try serveOldRoot()
    timestamp = try plainTargets(&written) + plainMetadata(&written) + timestamp
    placement.switches = servesBoth ? timestamp + root : root + timestamp
    return (placement, written)
  }

  // MARK: A repository that was taken over

  /// The same metadata once more by names without versions, for clients that still ask by these; right before the
  /// timestamp that refers to it, since such names can't stand for two versions.
  private func plainMetadata(
    _ written: inout [String]
  ) throws(RepositoryError) -> [(from: [UInt8], to: [UInt8])] {
    guard try state.servesPlainNames else { return [] }
    var moves: [(from: [UInt8], to: [UInt8])] = []
    for entry in ceremony.entries where entry.role != .root && entry.role != .timestamp {
      let name = entry.role.plainFileName
      try staging.write(try staging.read(entry.fileName), name)
      written.append(name)
      moves.append((source(Array(name.utf8)), Array("metadata/\(name)".utf8)))
    }
    return moves
  }

  /// The same target files once more by names without hashes, which replace what stood there before.
  private func plainTargets(
    _ written: inout [String]
  ) throws(RepositoryError) -> [(from: [UInt8], to: [UInt8])] {
    guard try state.servesPlainNames else { return [] }
    var moves: [(from: [UInt8], to: [UInt8])] = []
    for file in ceremony.files {
      let name = file.from + Array(".plain".utf8)
      try onDisk { () throws(FileError) in
        // Of an attempt that could not be put in place.
        try FileSystem.removeIfPresent(staging.folder.appending(name))
        try TargetCopy.link(staging.folder.appending(file.from), staging.folder.appending(name))
      }
      written.append(String(decoding: name, as: UTF8.self))
      moves.append((source(name), TargetName.plainPath(file.to)))
    }
    return moves
  }

  private func source(_ name: [UInt8]) -> [UInt8] {
    staging.name + [UInt8(ascii: "/")] + name
  }

  /// True when a client that has not seen the new root yet accepts everything else of this change.
  private func serveOldRoot() throws(RepositoryError) -> Bool {
    for entry in ceremony.entries where !entry.wanted.isEmpty {
      let draft = try Draft(parsing: try staging.read(entry.fileName), role: entry.role)
      if !entry.wanted.allSatisfy(draft.meets) { return false }
    }
    return true
  }

  /// Writes a compressed copy beside a file where that pays, as `gzip_static` of nginx looks for it.
  private func compress(_ name: String) throws(RepositoryError) -> Bool {
    let bytes = try staging.read(name)
    guard bytes.count >= Self.leastCompressed, let smaller = Gzip.compress(bytes),
      smaller.count < bytes.count * 9 / 10
    else { return false }
    try staging.write(smaller, name + ".gz")
    return true
  }
}

extension Ceremony {
  /// Target files in the staging area, by their paths in it.
  var stagedFiles: [String] {
    files.map { String(decoding: $0.from, as: UTF8.self) }
  }
}
