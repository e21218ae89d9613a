import CPosix
public import FileSystem
public import TUF

/// A TUF repository in a folder, as a packager changes it.
///
/// ```
/// <folder>/metadata/1.root.json, 2.root.json …    every root ever, the chain that clients walk
///                   N.targets.json                what is published, by version
///                   N.snapshot.json
///                   timestamp.json                the one file that changes in place
///                   N.ROLE.json                   the same of a delegated role
///                   *.json.gz                     compressed copies, for servers that look for them
/// <folder>/targets/<sha256>.<name>                the published files
/// <folder>/building/                              a change in the making; not for serving
/// <folder>/staging/                               a change that waits for signatures; not for serving
/// ```
///
/// Snapshots are consistent (TUF 1.0.34 §6.2), so there is no `root.json` without a version:
/// ``newestRoot`` is what a program ships with. Files of earlier versions stay for clients that are in
/// the middle of an update.
///
/// Each change is a transaction. It is built and signed in a folder of its own, checked as a client would,
/// and then decided on by one atomic write; from there on renames put it in place, files that nothing refers
/// to yet first, `timestamp.json` and a new root last. After a crash at any point clients see the old state
/// or the new one, and whoever opens the repository next finishes what was decided on.
public struct RepositoryFolder: Sendable {
  /// The folder.
  public let directory: Path
  /// For how long what this value signs is valid.
  public var expiries = Expiries()

  /// The last state that was read or written.
  var state: RepositoryState

  /// Opens a repository and checks it as a client would that has just begun to trust `1.root.json`.
  ///
  /// Expired metadata is opened too, since signing it anew is the cure. Target files are not read:
  /// ``Audit`` does that.
  public init(_ directory: Path) throws(RepositoryError) {
    try Self.recoverIfPossible(directory)
    try self.init(looking: directory)
  }

  /// Opens a repository to look at it, and changes nothing: what was decided on and not put in place yet
  /// counts already.
  public init(looking directory: Path) throws(RepositoryError) {
    self.directory = directory
    let area = try Self.decided(in: directory)
    state = try RepositoryState(directory, overlay: area?.folder)
    // Somebody has put it in place meanwhile, and may be making another change there.
    if area != nil, try Self.decided(in: directory) == nil { state = try RepositoryState(directory) }
  }

  init(_ directory: Path, state: RepositoryState, expiries: Expiries) {
    self.directory = directory
    self.state = state
    self.expiries = expiries
  }

  /// The newest root, byte for byte: what a program ships with to trust this repository.
  public var newestRoot: [UInt8] { state.root.bytes }

  /// The version of a top-level role.
  public func version(of role: Role) -> Int64 { state.metadata(of: role).version }

  /// All targets that the repository itself lists, in the order of their names.
  public func targets() throws(RepositoryError) -> [TargetFile] {
    try checked(directory) { () throws(TUFError) in
      var all = try state.targets.files()
      all.sort { $0.path.lexicographicallyPrecedes($1.path) }
      return all
    }
  }

  /// All targets that any role lists, delegated ones and bins included, in no order.
  public func allTargets() throws(RepositoryError) -> [TargetFile] {
    var all: [TargetFile] = []
    try Delegators(state).visitAll { (_, targets) throws(RepositoryError) in
      all += try checked(directory) { () throws(TUFError) in try targets.files() }
    }
    return all
  }

  /// A member of the signed top-level targets, with all that this program knows nothing of; nil when there
  /// is none of that name.
  public func targetsMember(_ name: StaticString) -> JSONValue? {
    state.targets.metadata.signed[name]
  }

  static func metadata(_ directory: Path) -> Path { directory.appending("metadata") }
  var metadataFolder: Path { Self.metadata(directory) }
  var targetsFolder: Path { directory.appending("targets") }

  /// How long to wait for another publisher: attempts, and microseconds between them.
  private static let patience: (attempts: Int, pause: UInt32) = (50, 20_000)

  /// Keeps other publishers away while `body` runs, by a kernel lock on the folder of metadata itself.
  ///
  /// One who is about to finish is waited for, for a second.
  static func locked<Result>(
    _ directory: Path, _ body: () throws(RepositoryError) -> Result
  ) throws(RepositoryError) -> Result {
    let folder = try onDisk { () throws(FileError) in
      try File(metadata(directory), .read)
    }
    var isMine = try onDisk { () throws(FileError) in try folder.tryLock(.exclusive) }
    for _ in 1..<patience.attempts where !isMine {
      usleep(patience.pause)
      isMine = try onDisk { () throws(FileError) in try folder.tryLock(.exclusive) }
    }
    if !isMine { throw .busy(folder: directory) }
    defer { extendLifetime(folder) }
    return try body()
  }
}
