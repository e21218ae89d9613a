public import FileSystem
import TUF

/// Looks at everything in a repository that a client could ask for, and at what nobody asks for.
///
/// Unlike ``RepositoryFolder/init(_:)``, which stops at the first fault, it goes on and collects them all. It
/// changes nothing and takes no lock: while somebody publishes, look again.
public struct Audit {
  /// What was found, in the order in which a client would meet it.
  public private(set) var findings: [Finding] = []

  private let directory: Path
  private let files: MetadataFiles
  private let now: Int64
  private let isDeep: Bool
  private let limits = Limits()
  /// The names in `metadata/` that are accounted for.
  private var known: Set<String> = []
  /// The paths below `targets/` that some version of the metadata lists.
  private var listed: Set<[UInt8]> = []

  /// Checks a repository.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970 UTC, for expiry.
  ///   - isDeep: true to read every target file; else their lengths are compared.
  /// - Throws: ``RepositoryError`` when something can't be read at all: then nothing is known of it.
  public init(_ directory: Path, now: Int64, isDeep: Bool) throws(RepositoryError) {
    self.directory = directory
    self.now = now
    self.isDeep = isDeep
    files = MetadataFiles(RepositoryFolder.metadata(directory))
    guard let root = try checkRoots() else { return }
    let targets = try checkChain(root)
    if let targets {
      try checkTargetFiles(targets)
      try checkOlderTargets(before: targets.version)
    }
    // Where the chain breaks nobody knows what belongs to the rest of it.
    try checkStrayMetadata(root.version, rootsAlone: targets == nil)
    if targets != nil { try checkStrayTargets() }
  }

  private mutating func find(_ file: String, _ fault: String) {
    findings.append(Finding(file, fault))
  }

  /// Runs a check of the client's; what it refuses becomes a finding, and nil.
  private mutating func ask<Result>(
    _ file: String, _ check: () throws(TUFError) -> Result
  ) -> Result? {
    do throws(TUFError) {
      return try check()
    } catch {
      find("metadata/" + file, error.description)
      return nil
    }
  }

  // MARK: Metadata

  /// The chain of roots from its start; the newest one that holds, nil when there is none.
  private mutating func checkRoots() throws(RepositoryError) -> Root? {
    guard let first = try files.read("1.root.json", limit: limits.rootLength) else {
      throw .noRepository(folder: directory)
    }
    known.insert("1.root.json")
    guard
      var trusted = ask(
        "1.root.json",
        { () throws(TUFError) in try TrustedSet(root: first, file: "1.root.json", now: .min) })
    else { return nil }
    if trusted.root.version != 1 {
      find("metadata/1.root.json", "it has version \(trusted.root.version)")
      return nil
    }
    while true {
      let name = Role.root.fileName(trusted.root.version + 1)
      guard let bytes = try files.read(name, limit: limits.rootLength) else { break }
      known.insert(name)
      var next = trusted
      guard ask(name, { () throws(TUFError) in try next.updateRoot(bytes, file: name) }) != nil
      else { return trusted.root }
      trusted = next
    }
    let newest = Role.root.fileName(trusted.root.version)
    if trusted.root.expires <= now {
      find("metadata/" + newest, "it expired on \(Date.text(trusted.root.expires))")
    }
    if !trusted.root.consistentSnapshot {
      find("metadata/" + newest, "it turns consistent snapshots off")
    }
    return trusted.root
  }

  /// Timestamp, snapshot, targets, each as far as the one before leads there.
  private mutating func checkChain(_ root: Root) throws(RepositoryError) -> Targets? {
    let base = ask("root.json") { () throws(TUFError) in
      try TrustedSet(root: root.bytes, now: .min)
    }
    guard var trusted = base else { return nil }
    guard let timestamp = try read("timestamp.json", limit: limits.timestampLength),
      ask("timestamp.json", { () throws(TUFError) in try trusted.updateTimestamp(timestamp) })
        != nil,
      let listed = ask("timestamp.json", { () throws(TUFError) in try trusted.listedSnapshot() })
    else { return nil }
    checkExpiry("timestamp.json", trusted.timestamp?.expires)
    let snapshotName = Role.snapshot.fileName(listed.version)
    guard
      let snapshot = try read(snapshotName, limit: listed.length ?? limits.snapshotLength),
      ask(snapshotName, { () throws(TUFError) in try trusted.updateSnapshot(snapshot) }) != nil
    else { return nil }
    checkExpiry(snapshotName, trusted.snapshot?.expires)
    let role = Array(Role.targets.name.utf8)
    guard let entry = ask(snapshotName, { () throws(TUFError) in try trusted.listed(role) })
    else { return nil }
    let name = Role.targets.fileName(entry.version)
    guard let bytes = try read(name, limit: entry.length ?? limits.targetsLength),
      ask(name, { () throws(TUFError) in try trusted.updateTargets(bytes) }) != nil
    else { return nil }
    checkExpiry(name, trusted.targets?.expires)
    return trusted.targets
  }

  private mutating func checkExpiry(_ name: String, _ expires: Int64?) {
    if let expires, expires <= now {
      find("metadata/" + name, "it expired on \(Date.text(expires))")
    }
  }

  /// A file that must be there; nil, and a finding, when it is not.
  private mutating func read(_ name: String, limit: Int64) throws(RepositoryError) -> [UInt8]? {
    known.insert(name)
    do throws(RepositoryError) {
      if let bytes = try files.read(name, limit: limit) { return bytes }
      find("metadata/" + name, "it is missing")
    } catch {
      guard case .file(let fault) = error, fault.isTooLarge else { throw error }
      find("metadata/" + name, "it is longer than the \(limit) bytes that are listed or allowed")
    }
    return nil
  }

  /// What is in `metadata/` and belongs to nothing.
  ///
  /// Earlier versions of snapshot and targets belong there: clients may be in the middle of an update.
  private mutating func checkStrayMetadata(
    _ root: Int64, rootsAlone: Bool
  ) throws(RepositoryError) {
    for entry in try list(RepositoryFolder.metadata(directory)) {
      let name = String(decoding: entry.name, as: UTF8.self)
      if known.contains(name) { continue }
      if Self.parts(name)?.role == "root" {
        find("metadata/" + name, "no client gets to it: the chain of roots ends at \(root)")
      } else if rootsAlone {
        continue
      } else if let (version, role) = Self.parts(name), role == "snapshot" || role == "targets",
        known.contains(where: {
          Self.parts($0).map { $0.role == role && $0.version > version } ?? false
        })
      {
        continue
      } else {
        find("metadata/" + name, "nothing refers to it")
      }
    }
  }

  /// Version and role of a file name such as `3.root.json`.
  private static func parts(_ name: String) -> (version: Int64, role: String)? {
    let words = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let version = Int64(words[0]), words[1].hasSuffix(".json") else {
      return nil
    }
    return (version, String(words[1].dropLast(5)))
  }

  // MARK: Target files

  private mutating func checkTargetFiles(_ targets: Targets) throws(RepositoryError) {
    for path in targets.paths {
      let text = String(decoding: path, as: UTF8.self)
      let name = Role.targets.fileName(targets.version)
      let found = ask(name) { () throws(TUFError) in try targets.target(path) }
      guard let found, let file = found else { continue }
      for digest in file.hashes where digest.algorithm == .sha256 {
        let place = Self.place(path, digest)
        listed.insert(place)
        try check(file, digest, at: place, text)
      }
    }
  }

  private mutating func check(
    _ target: TargetFile, _ digest: Digest, at place: [UInt8], _ name: String
  ) throws(RepositoryError) {
    let path = directory.appending("targets").appending(place)
    let shown = "targets/" + String(decoding: place, as: UTF8.self)
    do throws(FileError) {
      let status = try FileSystem.status(path)
      if status.kind != .regular {
        return find(shown, "it is no ordinary file")
      }
      if status.size != target.length {
        return find(shown, "it has \(status.size) bytes, but \(target.length) are listed")
      }
      guard isDeep else { return }
      let file = try File(path, .read)
      let read = try TargetCopy.hash(file) { (_) throws(FileError) in }
      if read.sha256 != digest { find(shown, "it does not have the hash that is listed for it") }
    } catch {
      guard error.isMissing else { throw .file(error) }
      find(shown, "it is missing, but \(name) is listed")
    }
  }

  /// What earlier versions list is no stray file: a client may still be fetching it.
  private mutating func checkOlderTargets(before version: Int64) throws(RepositoryError) {
    for entry in try list(RepositoryFolder.metadata(directory)) {
      let name = String(decoding: entry.name, as: UTF8.self)
      guard let (older, role) = Self.parts(name), role == "targets", older < version,
        let bytes = try files.read(name, limit: limits.listedLength),
        let targets = try? Targets(parsing: bytes, file: name),
        let all = try? targets.files()
      else { continue }
      for target in all {
        for digest in target.hashes where digest.algorithm == .sha256 {
          listed.insert(Self.place(target.path, digest))
        }
      }
    }
  }

  private mutating func checkStrayTargets() throws(RepositoryError) {
    var folders: [[UInt8]] = [[]]
    while let folder = folders.popLast() {
      let path = directory.appending("targets").appending(folder)
      for entry in try list(path) {
        let place = folder.isEmpty ? entry.name : folder + [UInt8(ascii: "/")] + entry.name
        let status = try onDisk { () throws(FileError) in
          try FileSystem.linkStatus(path.appending(entry.name))
        }
        if status.kind == .directory {
          folders.append(place)
        } else if !listed.contains(place) {
          find(
            "targets/" + String(decoding: place, as: UTF8.self), "no version of targets lists it")
        }
      }
    }
  }

  private static func place(_ path: [UInt8], _ digest: Digest) -> [UInt8] {
    var place = path
    let last = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    place.insert(contentsOf: digest.hex + [UInt8(ascii: ".")], at: last)
    return place
  }

  private func list(_ folder: Path) throws(RepositoryError) -> [DirectoryEntry] {
    var entries = try onDisk { () throws(FileError) in try FileSystem.list(folder) }
    entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
    return entries
  }
}
