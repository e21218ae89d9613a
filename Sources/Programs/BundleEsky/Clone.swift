import Audit
import FileSystem
import JSON
import Repository
import TUF
import Transfer

/// Fetches a whole repository and verifies it as a client does.
struct Clone {
  let metadataURL: String
  let targetsURL: String

  /// What there is in a copy.
  struct Count {
    var metadata = 0
    var targets = 0
    /// The oldest root that is still served.
    var oldestRoot: Int64
  }

  /// - Parameters:
  ///   - root: the bytes of a root that is trusted.
  ///   - folder: an empty folder; what is in it is durable on return.
  func run(from root: [UInt8], into folder: Path, withTargets: Bool) throws -> Count {
    let metadata = folder.appending("metadata")
    try FileSystem.makeDirectories(metadata)
    try FileSystem.makeDirectories(folder.appending("targets"))
    let recorder = Recorder(SchemeFetcher(limits: TransferLimits()), into: metadata)
    let place = folder.appending("client")
    let client = try Client(
      store: MetadataStore(place), shippedRoot: root, metadataURL: metadataURL, fetcher: recorder,
      now: now)
    try client.refresh()
    _ = try client.topLevelTargets()
    guard client.root.consistentSnapshot else {
      throw Failure("the repository has no consistent snapshots; copy its folder and use adopt")
    }
    let first = try Root(parsing: root, file: "root.json").version
    try FileSystem.writeAtomically(root, to: metadata.appending("\(first).root.json"))
    var count = Count(oldestRoot: try fetchOlderRoots(before: first, recorder))
    let snapshot = try FileSystem.read(place.appending("snapshot.json"), limit: 1 << 28)
    try fetchDelegated(snapshot, recorder)
    count.metadata = try keepWhatIsSound(folder)
    if withTargets {
      for target in try RepositoryFolder(folder).allTargets() {
        try download(target, client, into: folder.appending("targets"))
        count.targets += 1
      }
    }
    try FileSystem.removeTree(place)
    try syncFolders(folder)
    return count
  }

  /// The chain of roots from its start, as far as it is still served; the version of the oldest.
  private func fetchOlderRoots(before version: Int64, _ recorder: Recorder) throws -> Int64 {
    var oldest = version
    while oldest > 1, try recorder.keep("\(oldest - 1).root.json", at: metadataURL) { oldest -= 1 }
    return oldest
  }

  /// Every role that the snapshot lists; one that nobody delegates to any more may be gone.
  private func fetchDelegated(_ snapshot: [UInt8], _ recorder: Recorder) throws {
    let signed = try SignedMetadata(parsing: snapshot, as: .snapshot, file: "snapshot.json").signed
    guard let meta = signed["meta"] else { return }
    for member in meta.members {
      let name = MetadataStore.fileName(Array(member.name.dropLast(5)))
      guard let version = member.value["version"]?.integer else { continue }
      _ = try recorder.keep("\(version).\(name)", at: metadataURL)
    }
  }

  /// Refuses what is not sound, and removes what nothing vouches for, such as a role that nobody delegates
  /// to any more; the number of files that stay.
  private func keepWhatIsSound(_ folder: Path) throws -> Int {
    let audit = try RepositoryAudit(folder, now: now, files: .elsewhere)
    if let fault = audit.findings.first {
      let more = audit.findings.count - 1
      throw Failure(
        "what was fetched is not sound: \(fault.file): \(fault.fault)"
          + (more > 0 ? " (and \(more) more)" : ""))
    }
    var count = 0
    let metadata = folder.appending("metadata")
    for entry in try FileSystem.list(metadata) {
      if audit.leads(to: String(decoding: entry.name, as: UTF8.self)) {
        count += 1
      } else {
        try FileSystem.remove(metadata.appending(entry.name))
      }
    }
    return count
  }

  /// Programs differ in which of the hashes they ask by, so the file stands under each.
  private func download(_ target: TargetFile, _ client: Client, into folder: Path) throws {
    // A stranger's names must not lead out of the folder.
    _ = try TargetName(String(decoding: target.path, as: UTF8.self))
    var paths = target.hashes.map { folder.appending(RequestPath.hashed(target.path, $0.hex)) }
    let first = paths.removeFirst()
    try FileSystem.makeDirectories(first.parent)
    try client.download(target, to: first, baseURL: targetsURL)
    for path in paths where try !FileSystem.exists(path) {
      try FileSystem.makeHardLink(path, to: first)
    }
  }

  /// Makes the names in a folder, and in those below it, durable.
  private func syncFolders(_ folder: Path) throws {
    for entry in try FileSystem.list(folder) where entry.kind == .directory {
      try syncFolders(folder.appending(entry.name))
    }
    try FileSystem.syncDirectory(folder)
  }
}

/// Keeps every file of metadata that is fetched through it.
private final class Recorder: Fetcher {
  private let fetcher: any Fetcher
  private let folder: Path

  init(_ fetcher: any Fetcher, into folder: Path) {
    self.fetcher = fetcher
    self.folder = folder
  }

  /// Fetches a file that is not there yet; false when there is none.
  func keep(_ name: String, at url: String) throws -> Bool {
    if try FileSystem.exists(folder.appending(name)) { return true }
    let request = FetchRequest(
      url: RequestPath.join(url, name), limit: Limits().listedLength, isMetadata: true)
    do throws(FetchError) {
      _ = try fetch(request, into: Tee(nil))
      return true
    } catch {
      if case .notFound = error { return false }
      throw Failure("can't fetch \(name): \(error.description)")
    }
  }

  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    guard request.isMetadata else { return try fetcher.fetch(request, into: sink) }
    let tee = Tee(sink)
    let validator = try fetcher.fetch(request, into: tee)
    let name = request.url.split(separator: "/").last.map(String.init) ?? ""
    do throws(FileError) {
      try FileSystem.writeAtomically(tee.bytes, to: folder.appending(name))
    } catch {
      throw .file(reason: error.description)
    }
    return validator
  }

  /// Keeps what passes by.
  private final class Tee: ByteSink {
    private let sink: (any ByteSink)?
    private(set) var bytes: [UInt8] = []

    init(_ sink: (any ByteSink)?) {
      self.sink = sink
    }

    func receive(_ part: UnsafeRawBufferPointer) -> Bool {
      bytes.append(contentsOf: part)
      return sink?.receive(part) ?? true
    }

    func restart() -> Bool {
      bytes = []
      return sink?.restart() ?? true
    }
  }
}
