import Bytes
public import FileSystem
import JSON
import Repository
import TUF

/// Looks at everything in a repository that a client could ask for, and at what nobody asks for.
///
/// Unlike ``RepositoryFolder/init(_:)``, which stops at the first fault, it goes on and collects them all. It
/// changes nothing and takes no lock: while somebody publishes, look again.
public struct RepositoryAudit {
  /// How much is read of the files that targets stand for.
  public enum Files: Sendable {
    /// Nothing: they are kept elsewhere.
    case elsewhere
    /// Their lengths.
    case lengths
    /// Every byte.
    case contents
  }

  /// What was found, in the order in which a client would meet it.
  public internal(set) var findings: [Finding] = []
  /// What is no fault, and worth knowing: that a change was interrupted which the next command finishes.
  public internal(set) var remarks: [Finding] = []

  let directory: Path
  let metadata: MetadataFiles
  /// The folder of a change that was decided on and not put in place yet: it counts already.
  let decided: StagingArea?
  /// Where the files of that change are, by the paths that they will have in the repository.
  var pending: [[UInt8]: Path] = [:]
  /// Copies that a change has put beside names on other volumes, by their paths in the repository.
  private(set) var copies: Set<[UInt8]> = []
  let now: Int64
  let files: Files
  private let oldestRoot: Int64?
  let limits = Limits()
  /// The names in `metadata/` that are accounted for.
  var known: Set<String> = []
  /// The current version of each role that is trusted, by the name that its files have.
  var current: [String: Int64] = [:]
  /// Files of earlier versions whose targets do not count any more.
  var superseded: Set<String> = []
  /// The paths below `targets/` that the current metadata lists.
  var listed: Set<[UInt8]> = []
  /// The version of the root that turned consistent snapshots on; nil when the first one had them.
  var adoptedBy: Int64?
  /// Files by their names from before that, relative to the repository, and so for old clients alone.
  var unversioned: [[UInt8]] = []

  /// Checks a repository.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970 UTC, for expiry.
  ///   - files: how much to read of target files.
  ///   - oldestRoot: the oldest root that clients may have; nil for the oldest that is there.
  /// - Throws: ``RepositoryError`` when something can't be read at all: then nothing is known of it.
  public init(
    _ directory: Path, now: Int64, files: Files = .lengths, oldestRoot: Int64? = nil
  ) throws(RepositoryError) {
    self.directory = directory
    self.oldestRoot = oldestRoot
    self.now = now
    self.files = files
    decided = try RepositoryFolder.decided(in: directory)
    metadata = MetadataFiles(RepositoryFolder.metadata(directory), overlay: decided?.folder)
    try checkInterrupted()
    try checkKeys()
    guard let root = try checkRoots() else { return }
    let isWhole = try checkChain(root)
    // Where the chain breaks nobody knows what belongs to the rest of it.
    try checkStrayMetadata(root.version, rootsAlone: !isWhole)
    if isWhole, files != .elsewhere { try checkStrayTargets() }
  }

  /// Checks a repository that others may be publishing to: what is found in the middle of a change is looked
  /// at again when they are done.
  public static func settled(
    _ directory: Path, now: Int64, files: Files = .lengths, oldestRoot: Int64? = nil
  ) throws(RepositoryError) -> RepositoryAudit {
    var audit = try RepositoryAudit(directory, now: now, files: files, oldestRoot: oldestRoot)
    for _ in 0..<3 where !audit.findings.isEmpty {
      // Where somebody takes longer, or the lock is not for us, the next look may still be luckier.
      do throws(RepositoryError) {
        try RepositoryFolder.locked(directory, patience: 1, isLooking: true) {}
      } catch {}
      let seen = audit.findings
      audit = try RepositoryAudit(directory, now: now, files: files, oldestRoot: oldestRoot)
      if audit.findings == seen { break }
    }
    return audit
  }

  /// True for a file of metadata that clients come to.
  public func leads(to name: String) -> Bool { known.contains(name) }

  /// A change that was decided on and not carried out to its end.
  private mutating func checkInterrupted() throws(RepositoryError) {
    let staging = StagingArea(directory.appending("staging"))
    for area in [staging, StagingArea(directory.appending("building"))] {
      copies.formUnion(try area.copiesElsewhere())
    }
    do throws(RepositoryError) {
      if let waiting = try staging.ceremony() { _ = try staging.status(of: waiting) }
    } catch {
      find("staging", "\(error.description); staged --discard gives the change up")
    }
    guard let decided else { return }
    let note = String(decoding: decided.name, as: UTF8.self) + "/placing.json"
    var remedy = "take the change back with bundle-esky staged --discard"
    do throws(RepositoryError) {
      // Nil when it was put in place just now.
      guard let placement = try decided.placement() else { return }
      for move in placement.moves { pending[move.to] = directory.appending(move.from) }
      if (try? placement.isHalfSeen(in: directory)) != false {
        remedy = "publish again once what keeps it from its place is mended"
      }
      checkServedExpiry()
      let obstacle = try placement.obstacle(in: directory)
      // Whoever only looks need not be able to write.
      var isOfLooker = false
      if case .refused(let error) = obstacle { isOfLooker = error.isDenied }
      switch isOfLooker ? nil : obstacle {
      case nil:
        remarks.append(
          Finding(
            note,
            "a change was interrupted; the next command that publishes finishes it, or \(remedy)"))
      case let obstacle?:
        find(note, "a change can't be put in place: \(obstacle.description), or \(remedy)")
      }
    } catch {
      guard case .badCeremony(_, let reason) = error else { throw error }
      find(note, "it can't be read: \(reason); \(remedy)")
    }
  }

  /// What clients get until the change is in place.
  private mutating func checkServedExpiry() {
    guard let served = try? RepositoryState(directory) else { return }
    for role in [Role.root, .timestamp, .snapshot, .targets] {
      let metadata = served.metadata(of: role)
      if metadata.expires <= now {
        let name = role == .timestamp ? "timestamp.json" : role.fileName(metadata.version)
        find(
          "metadata/" + name,
          "it expired on \(UTCTime.text(metadata.expires)), and what takes its place is not in place"
        )
      }
    }
  }

  mutating func find(_ file: String, _ fault: String) {
    findings.append(Finding(file, fault))
  }

  /// Runs a check of the client's; what it refuses becomes a finding, and nil.
  mutating func ask<Result>(
    _ file: String, _ check: () throws(TUFError) -> Result
  ) -> Result? {
    do throws(TUFError) {
      return try check()
    } catch {
      find("metadata/" + file, error.description)
      return nil
    }
  }

  /// A file that must be there; nil, and a finding, when it is not.
  mutating func read(_ name: String, limit: Int64) throws(RepositoryError) -> [UInt8]? {
    known.insert(name)
    do throws(RepositoryError) {
      if let bytes = try metadata.read(name, limit: limit) { return bytes }
      find("metadata/" + name, "it is missing")
    } catch {
      guard case .file(let fault) = error, fault.isTooLarge || fault.isAboutKind else {
        throw error
      }
      find(
        "metadata/" + name,
        fault.isTooLarge
          ? "it is longer than the \(limit) bytes that are listed or allowed"
          : "it is no ordinary file; move it away")
    }
    return nil
  }

  /// Clients that take compressed answers get this in place of a file that is sound itself.
  mutating func checkCompressed(
    _ name: String, _ bytes: [UInt8]
  ) throws(RepositoryError) {
    let copy = name + ".gz"
    if try !metadata.contains(copy) { return }
    guard let compressed = try read(copy, limit: limits.listedLength) else { return }
    if name == "timestamp.json" {
      find("metadata/" + copy, "it can't change in one step with the file that changes in place")
    } else if Gzip.decompress(compressed, limit: bytes.count) != bytes {
      find("metadata/" + copy, "it does not decompress to \(name)")
    }
  }

  mutating func checkExpiry(_ name: String, _ expires: Int64?) {
    if let expires, expires <= now {
      find("metadata/" + name, "it expired on \(UTCTime.text(expires))")
    }
  }

  // MARK: Roots

  /// The chain of roots from its start; the newest one that holds, nil when there is none.
  private mutating func checkRoots() throws(RepositoryError) -> Root? {
    guard let start = try RepositoryState.firstRoot(metadata) else {
      throw .noRepository(folder: directory)
    }
    guard let first = try read(Role.root.fileName(start), limit: limits.rootLength) else {
      return nil
    }
    let oldest = Role.root.fileName(start)
    guard
      var trusted = ask(
        oldest, { () throws(TUFError) in try TrustedSet(root: first, file: oldest, now: .min) })
    else { return nil }
    if trusted.root.version != start {
      find("metadata/" + oldest, "it has version \(trusted.root.version)")
      return nil
    }
    try checkCompressed(oldest, first)
    while trusted.root.version < .max {
      let name = Role.root.fileName(trusted.root.version + 1)
      guard try metadata.contains(name), let bytes = try read(name, limit: limits.rootLength) else {
        break
      }
      var next = trusted
      guard ask(name, { () throws(TUFError) in try next.updateRoot(bytes, file: name) }) != nil
      else { return trusted.root }
      if next.root.consistentSnapshot, !trusted.root.consistentSnapshot {
        adoptedBy = next.root.version
      }
      trusted = next
      try checkCompressed(name, bytes)
    }
    checkOlderRoots(than: start, by: trusted.root)
    let newest = Role.root.fileName(trusted.root.version)
    // Some tools keep the newest root by this name as well; no client asks for it.
    if try metadata.read("root.json", limit: limits.rootLength) == trusted.root.bytes {
      known.insert("root.json")
    }
    checkExpiry(newest, trusted.root.expires)
    if !trusted.root.consistentSnapshot {
      find("metadata/" + newest, "it turns consistent snapshots off")
    }
    return trusted.root
  }

  /// Roots before the first that is there: a client asks for the one after that which it trusts.
  private mutating func checkOlderRoots(than start: Int64, by newest: Root) {
    guard let oldestRoot, oldestRoot < start - 1 else { return }
    let file = "metadata/" + Role.root.fileName(oldestRoot + 1)
    if newest.metadata.signed[RepositoryStart.field.bytes]?.integer == start {
      remarks.append(
        Finding(
          file,
          "the repository was founded again above it, with root \(start): clients that trust a root before \(start - 1) don't find the way there"
        ))
    } else {
      find(file, "it is missing: clients that trust a root before \(start - 1) can't follow")
    }
  }
}
