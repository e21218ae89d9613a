import FileSystem
import LoopbackServer
import Testing

@testable import Transfer

/// The well-behaved side of the test server, which whole updates are run against.
@Suite struct LoopbackServerTests {
  @Test func servesAFolderWithRanges() throws {
    let folder = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "esky-server-")
    try FileSystem.makeDirectories(folder.appending("metadata"))
    defer { try? FileSystem.removeTree(folder) }
    try FileSystem.writeAtomically(sample(100), to: folder.appending("metadata/1.a b.json"))
    let server = try LoopbackServer(folder: folder.text)
    defer { server.stop() }
    let fetcher = HTTPFetcher()
    let sink = RecordingSink(holding: Array(sample(100)[..<30]))
    let url = server.url + "/metadata/1.a%20b.json"
    #expect(name(fetcher.failure(url, offset: 30, into: sink)) == "none")
    #expect(sink.bytes == sample(100))
    #expect(name(fetcher.failure(server.url + "/metadata/2.root.json")) == "notFound 404")
    #expect(name(fetcher.failure(server.url + "/metadata")) == "notFound 404")
    #expect(server.requests.map(\.path).first == "/metadata/1.a%20b.json")
  }

  @Test func endsWhatHangsWhenItIsStopped() throws {
    let server = try LoopbackServer { _ in .hang }
    defer { server.stop() }
    let stopped = try LoopbackServer { [server] _ in
      server.stop()
      return .close
    }
    defer { stopped.stop() }
    #expect(name(HTTPFetcher().failure(stopped.url)) == "unreachable")
    #expect(name(HTTPFetcher().failure(server.url)) == "unreachable")
  }
}
