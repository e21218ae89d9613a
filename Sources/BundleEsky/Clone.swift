import FileSystem
import Repository
import TUF
import Transfer

/// Fetches a whole repository and verifies it as a client does.
struct Clone {
  let metadataURL: String
  let targetsURL: String

  /// - Parameters:
  ///   - root: the bytes of a root that is trusted.
  ///   - folder: an empty folder.
  /// - Returns: how many files there are.
  func run(
    from root: [UInt8], into folder: Path, withTargets: Bool
  ) throws -> (metadata: Int, targets: Int) {
    let recorder = Recorder(SchemeFetcher(limits: .interactive))
    let place = folder.appending("client")
    let client = try Client(
      store: MetadataStore(place), shippedRoot: root, metadataURL: metadataURL, fetcher: recorder,
      now: now)
    try client.refresh()
    _ = try client.topLevelTargets()
    guard client.root.consistentSnapshot else {
      throw Failure("the repository has no consistent snapshots; copy its folder and use adopt")
    }
    let first = try Root(parsing: root, file: "root.json")
    recorder.files["\(first.version).root.json"] = root
    try fetchOlderRoots(before: first.version, recorder)
    try fetchDelegated(FileSystem.read(place.appending("snapshot.json"), limit: 1 << 28), recorder)
    let metadata = folder.appending("metadata")
    try FileSystem.makeDirectories(metadata)
    try FileSystem.makeDirectories(folder.appending("targets"))
    for (name, bytes) in recorder.files {
      try FileSystem.writeAtomically(bytes, to: metadata.appending(name))
    }
    try refuseFaults(folder)
    var count = 0
    if withTargets {
      let repository = try RepositoryFolder(folder)
      for target in try repository.allTargets() {
        try download(target, client, into: folder.appending("targets"))
        count += 1
      }
    }
    try FileSystem.removeTree(place)
    return (recorder.files.count, count)
  }

  /// The chain of roots from its start, as far as it is still served.
  private func fetchOlderRoots(before version: Int64, _ recorder: Recorder) throws {
    var older = version - 1
    while older >= 1, try recorder.keep("\(older).root.json", at: metadataURL) { older -= 1 }
  }

  /// Every role that the snapshot lists; one that nobody delegates to any more may be gone.
  private func fetchDelegated(_ snapshot: [UInt8], _ recorder: Recorder) throws {
    let signed = try SignedMetadata(parsing: snapshot, as: .snapshot, file: "snapshot.json").signed
    guard let meta = signed["meta"] else { return }
    for member in meta.members {
      let name = MetadataStore.fileName(Array(member.name.dropLast(5)))
      guard let version = member.value["version"]?.integer else { continue }
      let file = "\(version).\(name)"
      if recorder.files[file] == nil { _ = try recorder.keep(file, at: metadataURL) }
    }
  }

  private func refuseFaults(_ folder: Path) throws {
    let findings = try Audit(folder, now: now, files: .elsewhere).findings
    guard let fault = findings.first else { return }
    throw Failure(
      "what was fetched is not sound: \(fault.file): \(fault.fault)"
        + (findings.count > 1 ? " (and \(findings.count - 1) more)" : ""))
  }

  private func download(_ target: TargetFile, _ client: Client, into folder: Path) throws {
    // A stranger's names must not lead out of the folder.
    _ = try TargetName(String(decoding: target.path, as: UTF8.self))
    for digest in target.hashes {
      let path = folder.appending(RequestPath.hashed(target.path, digest.hex))
      try FileSystem.makeDirectories(path.parent)
      try client.download(target, to: path, baseURL: targetsURL)
    }
  }
}

/// Keeps every file of metadata that is fetched through it, by its name.
private final class Recorder: Fetcher {
  private let fetcher: any Fetcher
  var files: [String: [UInt8]] = [:]

  init(_ fetcher: any Fetcher) {
    self.fetcher = fetcher
  }

  /// Fetches a file and keeps it; false when there is none.
  func keep(_ name: String, at url: String) throws -> Bool {
    let sink = Tee(nil)
    let request = FetchRequest(
      url: RequestPath.join(url, name), limit: Limits().listedLength, isMetadata: true)
    do throws(FetchError) {
      _ = try fetch(request, into: sink)
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
    files[name] = tee.bytes
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
