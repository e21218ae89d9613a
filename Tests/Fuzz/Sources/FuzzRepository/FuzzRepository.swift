import Bytes
import CPosix
import CSodium
import FileSystem
import FuzzerDriver
import JSON
import TUF

/// The whole client over a whole repository.
///
/// The input is a repository's files as they are signed, apart from each other by NUL: timestamp, snapshot,
/// targets, next root, then delegated roles. Each is wrapped and signed with the one key that all roles
/// have, so that what lies behind the signatures is reached. A file that begins with `!` is served as it is.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  play(Array(UnsafeBufferPointer(start: bytes, count: size)))
  return 0
}

/// The program's entry point, as SwiftPM names it.
@c(FuzzRepository_main)
public func main(
  _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  fuzzer_run(count, words)
}

private let now: Int64 = 1_700_000_000

private func play(_ input: [UInt8]) {
  let parts = input.split(separator: 0, maxSplits: 15, omittingEmptySubsequences: false)
  let server = FuzzedServer(parts.map { Signer.shared.file(Array($0)) })
  let folder = Path("/dev/shm/esky-fuzz-\(getpid())")
  do {
    try FileSystem.makeDirectories(folder)
    for entry in try FileSystem.list(folder) {
      try FileSystem.removeIfPresent(folder.appending(entry.name))
    }
  } catch {
    fatalError("no folder to work in: \(error)")
  }
  // Twice: the second refresh begins with what the first one stored.
  for _ in 1...2 { run(server, folder) }
  guard let names = try? FileSystem.list(folder).map(\.name) else {
    fatalError("the folder is gone")
  }
  precondition(names.count < 64, "the folder fills up")
}

private func run(_ server: FuzzedServer, _ folder: Path) {
  do throws(TUFError) {
    let client = try Client(
      store: MetadataStore(folder), shippedRoot: Signer.shared.root, metadataURL: "memory:",
      fetcher: server, now: now)
    try client.refresh()
    for path in ["a", "a/b", "dir/file.zip", ""] {
      guard let target = try client.target(Array(path.utf8)) else { continue }
      precondition(!target.hashes.isEmpty, "a target without a hash")
      try client.download(target, to: folder.appending("target"), baseURL: "memory:")
    }
    try client.load()
    _ = client.trustedRoles
  } catch {
    precondition(!error.description.isEmpty)
  }
}

/// Signs what the fuzzer makes, with one fixed key.
private struct Signer {
  static let shared = Signer()

  private let secret: [UInt8]
  /// The root that is trusted from the start.
  let root: [UInt8]

  private init() {
    var publicKey = [UInt8](repeating: 0, count: 32)
    var secret = [UInt8](repeating: 0, count: 64)
    crypto_sign_seed_keypair(&publicKey, &secret, [UInt8](repeating: 7, count: 32))
    self.secret = secret
    let key = String(decoding: Hex.encode(publicKey), as: UTF8.self)
    let role = "{\"keyids\":[\"k\"],\"threshold\":1}"
    let signed = """
      {"_type":"root","consistent_snapshot":true,"expires":"2033-01-01T00:00:00Z",\
      "keys":{"k":{"keytype":"ed25519","keyval":{"public":"\(key)"},"scheme":"ed25519"}},\
      "roles":{"root":\(role),"snapshot":\(role),"targets":\(role),"timestamp":\(role)},\
      "spec_version":"1.0.34","version":1}
      """
    root = Self.wrap(Array(signed.utf8), secret)
  }

  func file(_ part: [UInt8]) -> [UInt8] {
    part.first == UInt8(ascii: "!") ? Array(part.dropFirst()) : Self.wrap(part, secret)
  }

  private static func wrap(_ signed: [UInt8], _ secret: [UInt8]) -> [UInt8] {
    var message = signed
    if let document = try? JSONDocument(parsing: signed),
      let canonical = try? CanonicalJSON.encode(document.root)
    {
      message = canonical
    }
    var signature = [UInt8](repeating: 0, count: 64)
    crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
    let digits = String(decoding: Hex.encode(signature), as: UTF8.self)
    return Array("{\"signatures\":[{\"keyid\":\"k\",\"sig\":\"\(digits)\"}],\"signed\":".utf8)
      + signed + Array("}".utf8)
  }
}

/// Serves the files of one input: top-level roles by their names, all others in turn.
private final class FuzzedServer: Fetcher {
  private let files: [[UInt8]]
  private var others = 0

  init(_ files: [[UInt8]]) { self.files = files }

  @discardableResult
  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    let bytes: [UInt8]
    if request.url.hasSuffix("timestamp.json") {
      bytes = try file(0)
    } else if request.url.hasSuffix("snapshot.json") {
      bytes = try file(1)
    } else if request.url.hasSuffix("targets.json") {
      bytes = try file(2)
    } else if request.url.hasSuffix(".root.json") {
      guard request.url.hasSuffix("/2.root.json") else { throw .notFound(status: 404) }
      bytes = try file(3)
    } else {
      others += 1
      bytes = try file(3 + others)
    }
    guard Int64(bytes.count) <= request.limit else { throw .tooLong(limit: request.limit) }
    let rest = Array(bytes.dropFirst(Int(request.offset)))
    guard rest.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
    return Validator(Array("\"x\"".utf8))
  }

  private func file(_ index: Int) throws(FetchError) -> [UInt8] {
    guard index < files.count, !files[index].isEmpty else { throw .notFound(status: 404) }
    return files[index]
  }
}
