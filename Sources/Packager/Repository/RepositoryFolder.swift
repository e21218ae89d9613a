public import FileSystem
import JSON
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
/// <folder>/lock                                   held by whoever publishes
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
  /// For how many seconds to queue behind others who are publishing.
  public var patience = usualPatience
  /// Some hundred changes: each takes a fraction of a second once its keys are unlocked.
  public static let usualPatience = 120

  /// The last state that was read or written.
  package var state: RepositoryState

  /// Opens a repository and checks it as a client would that has just begun to trust `1.root.json`.
  ///
  /// Expired metadata is opened too, since signing it anew is the cure. Target files are not read:
  /// ``RepositoryAudit`` does that.
  public init(_ directory: Path) throws(RepositoryError) {
    try Self.recoverIfPossible(directory)
    try self.init(looking: directory)
  }

  /// True when a change was decided on that was not put in place when this was read: what clients get is what was before.
  public private(set) var isUndone = false

  /// Opens a repository to look at it as it is served, and changes nothing.
  ///
  /// Only where nobody could make sense of that, in the middle of being put in place, a change that was decided on
  /// counts already.
  public init(looking directory: Path) throws(RepositoryError) {
    self.directory = directory
    var attempts = 3
    while true {
      do throws(RepositoryError) {
        isUndone = try Self.decided(in: directory) != nil
        state = try Self.read(directory)
        return
      } catch {
        attempts -= 1
        if attempts == 0 { throw error }
        // It may have been read in the middle of a change.
        if case .noRepository = error { throw error }
        do throws(RepositoryError) {
          try Self.locked(directory, patience: 1, isLooking: true) {}
        } catch {}
      }
    }
  }

  private static func read(_ directory: Path) throws(RepositoryError) -> RepositoryState {
    do throws(RepositoryError) {
      return try RepositoryState(directory)
    } catch {
      guard let area = try decided(in: directory) else { throw error }
      let state = try RepositoryState(directory, overlay: area.folder)
      // Somebody has put it in place meanwhile, and may be making another change there.
      return try decided(in: directory) == nil ? RepositoryState(directory) : state
    }
  }

  init(_ directory: Path, state: RepositoryState, expiries: Expiries) {
    self.directory = directory
    self.state = state
    self.expiries = expiries
  }

  /// The newest root, byte for byte: what a program ships with to trust this repository.
  public var newestRoot: [UInt8] { state.root.bytes }

  /// True when file names carry versions and hashes, as all do that this program makes.
  public var isConsistent: Bool { state.isConsistent }

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

  /// True for a folder that holds a repository, whole or not.
  public static func isThere(_ directory: Path) -> Bool {
    guard let entries = try? FileSystem.list(metadata(directory)) else { return false }
    return entries.contains { $0.name.suffix(10).elementsEqual(".root.json".utf8) }
  }

  package static func metadata(_ directory: Path) -> Path { directory.appending("metadata") }
  package var metadataFolder: Path { Self.metadata(directory) }
  package var targetsFolder: Path { directory.appending("targets") }

  /// How often to ask whether another publisher has finished, in milliseconds between two attempts.
  private static let pause = 20

  /// Keeps other publishers away while `body` runs, by a kernel lock on the file `lock`.
  ///
  /// - Parameters:
  ///   - patience: for how many seconds to wait for those who are at it.
  ///   - isLooking: true for who changes nothing, and makes no file either.
  /// - Throws: ``RepositoryError/busy(folder:seconds:)`` when they take longer.
  package static func locked<Result>(
    _ directory: Path, patience: Int, isLooking: Bool = false,
    _ body: () throws(RepositoryError) -> Result
  ) throws(RepositoryError) -> Result {
    var attempts = patience * 1000 / pause
    while true {
      guard let file = try lockFile(of: directory, isLooking: isLooking) else { return try body() }
      var outcome = file.tryRecordLock(.exclusive)
      while outcome == .busy, attempts > 0 {
        SystemClock.sleep(milliseconds: pause)
        attempts -= 1
        outcome = file.tryRecordLock(.exclusive)
      }
      switch outcome {
      case .locked: break
      case .busy: throw .busy(folder: directory, seconds: patience)
      case .unsupported: throw .file(.noLocks(lockPath(in: directory)))
      }
      // Who held it may have destroyed the repository, and the file with it: others lock another one by now.
      guard try isStillThere(file) else { continue }
      defer { extendLifetime(file) }
      return try body()
    }
  }

  /// True when the file has its name still.
  private static func isStillThere(_ file: borrowing File) throws(RepositoryError) -> Bool {
    try onDisk { () throws(FileError) in
      let mine = try file.status()
      do throws(FileError) {
        let named = try FileSystem.linkStatus(file.path)
        return named.device == mine.device && named.inode == mine.inode
      } catch {
        if error.isMissing { return false }
        throw error
      }
    }
  }

  /// The file that publishers lock.
  static func lockPath(in directory: Path) -> Path { directory.appending("lock") }

  /// Opens that file, which only those may open who may publish: a lock that a reader can hold would keep them from it.
  ///
  /// - Returns: nil where there is none, for who is only looking.
  private static func lockFile(
    of directory: Path, isLooking: Bool
  ) throws(RepositoryError) -> File? {
    try onDisk { () throws(FileError) in
      // Those who may publish may keep each other out.
      let publishers = try Publishers(of: directory)
      let place = FilePlace(lockPath(in: directory))
      do throws(FileError) {
        let file = try place.open(
          isLooking ? .update : .createOrUpdate, permissions: publishers.filePermissions)
        if !isLooking { try publishers.admit(to: file) }
        return file
      } catch {
        if isLooking, error.isMissing { return nil }
        throw error
      }
    }
  }

  /// Runs `body` under the lock, and lets no key be unlocked meanwhile.
  ///
  /// Whoever is asked for a passphrase may be away. A key that `body` needs is unlocked without the lock, and `body` begins anew.
  func locked<Result>(
    opening keys: KeyRing, _ body: () throws(RepositoryError) -> Result
  ) throws(RepositoryError) -> Result {
    while true {
      do throws(RepositoryError) {
        keys.mayUnlock = false
        defer { keys.mayUnlock = true }
        return try Self.locked(directory, patience: patience, body)
      } catch {
        guard case .keyLocked(let role, let object) = error, let signer = keys.signer(for: object),
          !signer.isReady
        else { throw error }
        do throws(RepositoryError) { try signer.prepare() } catch { continue }
        // What follows is signed next, so its keys are unlocked in the same go.
        for role in role.followers.dropFirst() where role.isTopLevel {
          _ = try Authority(role, root: state.root.signed).gapWhenUnlocked(in: keys)
        }
      }
    }
  }
}
