import Bytes
import FileSystem
import JSON
import TUFSimulator
import Testing

@testable import TUF

/// The client over everything that python-tuf's simulator makes.
struct SimulatorTests {
  @Test func thereAreSeveralHundredCases() throws {
    #expect(try Simulator.shared.get().cases.count >= 600)
  }

  @Test(arguments: Simulator.kinds)
  func comesToTheVerdictThatIsRight(ofCasesOf kind: String) throws {
    let simulator = try Simulator.shared.get()
    for life in simulator.cases where life.kind == kind { try play(life, simulator) }
  }

  private func play(_ life: SimulatedCase, _ simulator: Simulator) throws {
    let scratch = try Scratch()
    let root = try simulator.blob(life.root)
    var served: Set<[UInt8]> = [root]
    for (index, step) in life.steps.enumerated() {
      let place = Comment(rawValue: "\(life.name), step \(index + 1): \(life.why)")
      let server = try SimulatedServer(step, simulator)
      served.formUnion(server.files.values)
      #expect(verdict(step, server, root, scratch) == step.verdict, place)
      #expect(try stored(scratch, in: served) == step.trustedVersions, place)
      if let requests = step.requests { #expect(server.requests == requests, place) }
      #expect((step.python == "ok") == (step.verdict == "ok") || step.difference != nil, place)
    }
  }

  /// What one run of a client comes to: the rule that is broken, or `ok`.
  private func verdict(
    _ step: SimulatedStep, _ server: SimulatedServer, _ root: [UInt8], _ scratch: Scratch
  ) -> String {
    let refusal = refusal { () throws(TUFError) in
      let client = try Client(
        store: MetadataStore(scratch.path.appending("trusted")), shippedRoot: root,
        metadataURL: "/metadata", fetcher: server, now: step.now)
      try client.refresh()
      for name in step.targets {
        guard let target = try client.target(utf8(name)) else {
          throw .targetNotFound(path: name)
        }
        try client.download(
          target, to: scratch.path.appending(Digest(.sha256, of: utf8(name)).hex),
          baseURL: "/targets")
      }
    }
    return refusal == "nothing" ? "ok" : refusal
  }

  /// The versions of what is stored, all of which must be files that were served.
  private func stored(_ scratch: Scratch, in served: Set<[UInt8]>) throws -> [[UInt8]: Int64] {
    let folder = scratch.path.appending("trusted")
    var versions: [[UInt8]: Int64] = [:]
    guard try FileSystem.exists(folder) else { return versions }
    for entry in try FileSystem.list(folder) where entry.name.suffix(5) == utf8(".json")[...] {
      let bytes = try FileSystem.read(folder.appending(entry.name), limit: 1 << 24)
      #expect(served.contains(bytes), "stored other bytes than were served")
      let role = PercentEncoding.decode(entry.name.dropLast(5)) ?? entry.name
      versions[role] =
        try JSONDocument(parsing: bytes).root["signed"]?["version"]?.integer
    }
    return versions
  }
}

/// Answers as a step says, and counts.
private final class SimulatedServer: Fetcher {
  let files: [String: [UInt8]]
  private let step: SimulatedStep
  private(set) var requests: [String] = []

  init(_ step: SimulatedStep, _ simulator: Simulator) throws {
    self.step = step
    files = try step.files.mapValues { try simulator.blob($0) }
  }

  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    requests.append(request.url)
    switch step.statuses?[request.url] {
    case nil: break
    case 403, 404: throw .notFound(status: 404)
    case let status?: throw .status(status)
    }
    if step.endless?.contains(request.url) == true {
      let block = [UInt8](repeating: 0x20, count: 64 << 10)
      var left = request.limit
      while left > 0 {
        let part = block.prefix(Int(min(left, Int64(block.count))))
        guard part.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
        left -= Int64(part.count)
      }
      throw .tooLong(limit: request.limit)
    }
    guard let bytes = files[request.url] else { throw .notFound(status: 404) }
    guard Int64(bytes.count) <= request.limit else { throw .tooLong(limit: request.limit) }
    let rest = bytes.dropFirst(Int(request.offset))
    guard rest.withUnsafeBytes({ sink.receive($0) }) else { throw .stopped }
    return nil
  }
}
