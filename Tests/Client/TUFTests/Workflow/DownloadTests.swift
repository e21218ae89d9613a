import FileSystem
import Testing

@testable import TUF

@Suite struct DownloadTests {
  private let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 31) }

  private func setup() throws -> (setup: Setup, client: Client, target: TargetFile) {
    let setup = try Setup { $0.files = [("dir/app v1.zip", content)] }
    let client = try setup.client()
    try client.refresh()
    let target = try #require(try client.target(utf8("dir/app v1.zip")))
    // A fetcher in memory undoes no percent-encoding.
    let hash = MemoryRepository.hex(Digest(.sha256, of: content).bytes)
    setup.repository.served["/targets/dir/\(hash).app%20v1.zip"] =
      setup.repository.served["/targets/dir/\(hash).app v1.zip"]
    setup.fetcher.forget()
    return (setup, client, target)
  }

  private func path(_ setup: Setup) -> Path { setup.scratch.path.appending("app.zip") }

  private func download(
    _ parts: (setup: Setup, client: Client, target: TargetFile)
  ) throws(TUFError) {
    try parts.client.download(
      parts.target, to: path(parts.setup), baseURL: "memory://targets")
  }

  private func served(_ setup: Setup) -> String {
    setup.repository.served.keys.first { $0.contains("%20") } ?? ""
  }

  @Test func putsAVerifiedFileUnderItsName() throws {
    let parts = try setup()
    try download(parts)
    #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
    #expect(try parts.setup.scratch.names() == ["app.zip", "trusted"])
    #expect(parts.setup.fetcher.requests == [served(parts.setup)])
  }

  @Test func fetchesNothingThatIsThereAlready() throws {
    let parts = try setup()
    try download(parts)
    try download(parts)
    #expect(parts.setup.fetcher.requests.count == 1)
  }

  @Test func leavesNothingUnderTheNameAfterAWrongHash() throws {
    let parts = try setup()
    parts.setup.repository.served[served(parts.setup)]![77] ^= 1
    #expect(refusal { () throws(TUFError) in try download(parts) } == "wrongHash")
    #expect(try !FileSystem.exists(path(parts.setup)))
    parts.setup.repository.served[served(parts.setup)]![77] ^= 1
    try download(parts)
    #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
  }

  @Test func keepsTheOldFileAfterAWrongHash() throws {
    let parts = try setup()
    try FileSystem.writeAtomically(utf8("old"), to: path(parts.setup))
    parts.setup.repository.served[served(parts.setup)]![77] ^= 1
    #expect(refusal { () throws(TUFError) in try download(parts) } == "wrongHash")
    #expect(try FileSystem.read(path(parts.setup), limit: 100) == utf8("old"))
  }

  @Test func refusesEndlessData() throws {
    let parts = try setup()
    parts.setup.repository.served[served(parts.setup)]!.append(0)
    #expect(refusal { () throws(TUFError) in try download(parts) } == "tooLong")
    #expect(try parts.setup.scratch.names() == ["trusted"])
  }

  @Test func refusesAFileThatIsTooShort() throws {
    let parts = try setup()
    parts.setup.repository.served[served(parts.setup)]!.removeLast()
    #expect(refusal { () throws(TUFError) in try download(parts) } == "wrongLength")
    #expect(try !FileSystem.exists(path(parts.setup)))
  }

  @Test func resumesWhatWasBrokenOff() throws {
    let parts = try setup()
    parts.setup.fetcher.cut = 2000
    #expect(refusal { () throws(TUFError) in try download(parts) } == "fetch")
    #expect(try !FileSystem.exists(path(parts.setup)))
    #expect(refusal { () throws(TUFError) in try download(parts) } == "fetch")
    try download(parts)
    #expect(parts.setup.fetcher.offsets == [0, 2000, 4000])
    #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
  }

  @Test func beginsAnewWhereTheServerDoesNotResume() throws {
    let parts = try setup()
    parts.setup.fetcher.cut = 2000
    #expect(refusal { () throws(TUFError) in try download(parts) } == "fetch")
    parts.setup.fetcher.cut = nil
    parts.setup.fetcher.restarts = true
    try download(parts)
    #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
  }

  @Test(arguments: [3, 2000, 4999, 5000, 5001, 9000])
  func beginsAnewOnAPartThatDoesNotBelongToTheTarget(count: Int) throws {
    let parts = try setup()
    try FileSystem.writeAtomically(
      [UInt8](repeating: 7, count: count), to: path(parts.setup).appendingSuffix(".part"))
    try download(parts)
    #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
    #expect(try parts.setup.scratch.names() == ["app.zip", "trusted"])
  }

  @Test func finishesAPartThatIsWholeWithoutFetching() throws {
    let parts = try setup()
    try FileSystem.writeAtomically(content, to: path(parts.setup).appendingSuffix(".part"))
    try download(parts)
    #expect(parts.setup.fetcher.requests == [])
    #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
  }

  @Test func reachesAWholeFileWhateverSystemCallFails() throws {
    let parts = try setup()
    var call = 1
    while true {
      Fault.plan(call: call, code: 28, lasting: true)
      let reason = refusal { () throws(TUFError) in try download(parts) }
      let met = Fault.clear()
      if try FileSystem.exists(path(parts.setup)) {
        #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
      }
      if !met { break }
      #expect(reason == "file")
      try download(parts)
      #expect(try FileSystem.read(path(parts.setup), limit: 1 << 20) == content)
      try FileSystem.remove(path(parts.setup))
      call += 1
    }
    #expect(call > 5)
  }
}
