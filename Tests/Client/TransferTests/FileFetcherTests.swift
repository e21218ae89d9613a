import CPosix
import FileSystem
import TUF
import Testing

@testable import Transfer

/// Files by URL, from a folder made for each test.
@Suite final class FileFetcherTests {
  let fetcher = FileFetcher()
  let folder: Path

  init() throws {
    folder = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "esky-transfer-")
  }

  deinit { try? FileSystem.removeTree(folder) }

  private var url: String { "file://" + folder.text }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try FileSystem.writeAtomically(bytes, to: folder.appending(name))
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
  func handsOverAWholeFile(length: Int) throws {
    try write(sample(length), to: "a")
    let sink = RecordingSink()
    #expect(name(fetcher.failure(url + "/a", limit: Int64(length), into: sink)) == "none")
    #expect(sink.bytes == sample(length))
  }

  @Test func decodesEscapes() throws {
    try write([1], to: "a b%ä")
    #expect(name(fetcher.failure(url + "/a%20b%25%c3%A4")) == "none")
    #expect(name(fetcher.failure("file://localhost" + folder.text + "/a%20b%25%c3%a4")) == "none")
  }

  @Test func readsAnEscapedSlashAsWebServersDo() throws {
    try FileSystem.makeDirectory(folder.appending("in"))
    try write([1], to: "in/a")
    #expect(name(fetcher.failure(url + "/in%2Fa")) == "none")
  }

  @Test(arguments: [
    "/..%2Fa", "/in%2F..%2Fa", "/%2e%2e/a", "/.%2e/a", "/%00", "/a%00b", "/a%2", "/a%", "/a%zz",
    "/a?b", "/a#b", "/a b",
  ])
  func refusesThePath(_ path: String) throws {
    try write([1], to: "a")
    #expect(name(fetcher.failure(url + path)) == "unsupportedURL")
  }

  @Test(arguments: ["file://example.org/a", "file:/a", "file:a", "file://", "http://a/", "/a"])
  func refusesTheURL(_ url: String) {
    #expect(name(fetcher.failure(url)) == "unsupportedURL")
  }

  @Test func tellsAMissingFile() throws {
    try write([1], to: "a")
    #expect(name(fetcher.failure(url + "/missing")) == "notFound 404")
    #expect(name(fetcher.failure(url + "/a/below")) == "notFound 404")
  }

  @Test func refusesAFolder() {
    #expect(name(fetcher.failure(url)) == "file")
  }

  @Test func refusesAPipeWithoutWaiting() {
    _ = folder.appending("pipe").withCString { mkfifo($0, 0o600) }
    #expect(name(fetcher.failure(url + "/pipe")) == "file")
  }

  @Test func refusesAFileLongerThanTheLimit() throws {
    try write(sample(11), to: "a")
    let sink = RecordingSink()
    #expect(name(fetcher.failure(url + "/a", limit: 10, into: sink)) == "tooLong 10")
    #expect(sink.bytes.isEmpty)
    #expect(name(fetcher.failure(url + "/a", limit: 10, offset: 11)) == "tooLong 10")
  }

  @Test(arguments: [0, 1, 99_999, 100_000])
  func resumesAtAnOffset(offset: Int) throws {
    try write(sample(100_000), to: "a")
    let sink = RecordingSink(holding: Array(sample(100_000)[..<offset]))
    let error = fetcher.failure(url + "/a", limit: 100_000, offset: Int64(offset), into: sink)
    #expect(name(error) == "none")
    #expect(sink.bytes == sample(100_000))
    #expect(sink.restarts == 0)
  }

  @Test func startsOverWhenTheFileIsShorterThanTheOffset() throws {
    try write(sample(10), to: "a")
    let sink = RecordingSink(holding: sample(20))
    #expect(name(fetcher.failure(url + "/a", offset: 20, into: sink)) == "none")
    #expect(sink.bytes == sample(10))
    #expect(sink.restarts == 1)
  }

  @Test func stopsWhenTheSinkWantsNoMore() throws {
    try write(sample(200_000), to: "a")
    let sink = RecordingSink(wanting: 1)
    #expect(name(fetcher.failure(url + "/a", limit: 200_000, into: sink)) == "stopped")
    #expect(sink.bytes.count == 65_536)
  }
}
