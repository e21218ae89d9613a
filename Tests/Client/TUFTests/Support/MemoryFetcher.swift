import FileSystem

@testable import TUF

/// Serves a repository from memory, counts what is asked for, and can misbehave.
final class MemoryFetcher: Fetcher {
  let repository: MemoryRepository
  /// The paths that were asked for, in order.
  private(set) var requests: [String] = []
  /// The first byte that each request asked for.
  private(set) var offsets: [Int64] = []
  /// Paths that can't be reached.
  var broken: Set<String> = []
  /// Breaks off each body after this many bytes.
  var cut: Int?
  /// True for a server that offers entity tags.
  var offersTags = false
  /// The entity tag that each request brought; nil for none.
  private(set) var tags: [String?] = []
  /// True for a server that knows no ranges.
  var restarts = false

  init(_ repository: MemoryRepository) {
    self.repository = repository
  }

  func forget() {
    requests = []
    offsets = []
    tags = []
  }

  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    let path = String(request.url.dropFirst("memory:/".count))
    requests.append(path)
    offsets.append(request.offset)
    if broken.contains(path) { throw .unreachable(reason: "the cable is cut") }
    tags.append(request.validator.map { String(decoding: $0.entityTag, as: UTF8.self) })
    guard let bytes = repository.served[path] else { throw .notFound(status: 404) }
    let tag = MemoryRepository.hex(Digest(.sha256, of: bytes).bytes)
    if tags.last == tag { throw .notModified }
    var start = Int(request.offset)
    if restarts, start > 0 {
      guard sink.restart() else { throw .stopped }
      start = 0
    }
    let end = min(bytes.count, cut.map { start + $0 } ?? bytes.count)
    let allowed = min(end, Int(clamping: request.limit))
    if start < allowed {
      let part = Array(bytes[start..<allowed])
      guard part.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
    }
    if end > allowed { throw .tooLong(limit: request.limit) }
    if end < bytes.count { throw .truncated(reason: "after \(end) bytes") }
    return offersTags ? Validator(utf8(tag)) : nil
  }
}

/// A new folder under the system's folder for temporary files, removed with the value.
final class Scratch {
  let path: Path

  init(_ test: String = #function) throws {
    let name = "esky-\(UInt64.random(in: 0 ... .max))"
    path = Path("/tmp").appending(name)
    try FileSystem.makeDirectory(path)
  }

  deinit { try? FileSystem.removeTree(path) }

  func names(_ folder: String = "") throws -> [String] {
    let listed = folder.isEmpty ? path : path.appending(folder)
    return try FileSystem.list(listed).map { String(decoding: $0.name, as: UTF8.self) }.sorted()
  }
}

/// A client of a repository in memory, with a folder of its own.
struct Setup {
  let repository: MemoryRepository
  let fetcher: MemoryFetcher
  let scratch: Scratch
  let shipped: [UInt8]

  init(_ prepare: (MemoryRepository) throws -> Void = { _ in }) throws {
    repository = try MemoryRepository()
    try prepare(repository)
    try repository.publish()
    fetcher = MemoryFetcher(repository)
    scratch = try Scratch()
    shipped = try repository.rootBytes()
  }

  var store: MetadataStore { MetadataStore(scratch.path.appending("trusted")) }

  func client(at time: Int64 = now, limits: Limits = Limits()) throws(TUFError) -> Client {
    try Client(
      store: store, shippedRoot: shipped, metadataURL: "memory://metadata", fetcher: fetcher,
      now: time, limits: limits)
  }

  func refresh(at time: Int64 = now) throws(TUFError) {
    try client(at: time).refresh()
  }

  /// What is stored for a role; nil for nothing.
  func stored(_ role: String) throws -> [UInt8]? {
    try store.read(utf8(role), limit: 1 << 20)
  }
}
