import FileSystem
import Testing

@testable import Layout

struct ControlFileTests {
  private func read(_ text: String) -> ControlFile? {
    ControlFile(Array(text.utf8), kind: "esky-sample")
  }

  @Test func readsWhatItWrites() throws {
    var file = ControlFile()
    file.append("word", Array("value with spaces ".utf8))
    file.append("word", [])
    file.append("other", [0xff, 0x00, 0x0d])
    let copy = try #require(ControlFile(file.text(kind: "esky-sample"), kind: "esky-sample"))
    #expect(copy.values("word") == [Array("value with spaces ".utf8), []])
    #expect(copy.value("other") == [0xff, 0x00, 0x0d])
    #expect(copy.value("wor") == nil)
    #expect(copy.text(kind: "esky-sample") == file.text(kind: "esky-sample"))
  }

  @Test func leavesLinesItDoesNotKnowToOthers() throws {
    let file = try #require(read("esky-sample 1\nfuture thing\nword here\nalone\nend\n"))
    #expect(file.values("word") == [Array("here".utf8)])
    #expect(file.value("alone") == [])
  }

  @Test func ignoresWhatStandsBehindTheEnd() throws {
    #expect(try #require(read("esky-sample 1\nend\nword late\n")).lines.isEmpty)
  }

  @Test(arguments: [
    "", "\n", "end\n", "esky-sample 1", "esky-sample 1\n", "esky-sample 1\nend",
    "esky-sample 2\nend\n", "esky-sample 10\nend\n", "esky-sample\nend\n", "esky-sample 1 \nend\n",
    "esky-sample 1\r\nend\r\n", "esky-other 1\nend\n", "esky-sampler 1\nend\n",
    " esky-sample 1\nend\n", "\u{feff}esky-sample 1\nend\n", "esky-sample 1\nEND\n",
  ])
  func refusesAnotherKindFormatOrLength(text: String) {
    #expect(read(text) == nil)
  }
}

struct BootstrapListTests {
  private let list = BootstrapList(
    programs: [Array("hello".utf8), Array("bin/hello-tool".utf8)],
    files: [Array("read me.txt".utf8), Array("end".utf8)])

  @Test func readsWhatItWrites() throws {
    let copy = try #require(BootstrapList(list.text))
    #expect(copy.programs == list.programs)
    #expect(copy.files == list.files)
    #expect(copy.all == list.programs + list.files)
  }

  @Test func refusesAFileCutShortAtAnyByte() {
    let text = list.text
    for length in 0..<text.count {
      #expect(BootstrapList(Array(text[..<length])) == nil, "cut to \(length) bytes")
    }
  }

  @Test func refusesAFileOfZeros() {
    // What some file systems leave of a file when the power is cut.
    #expect(BootstrapList([UInt8](repeating: 0, count: list.text.count)) == nil)
  }

  @Test(arguments: ["", "/etc/passwd", "..", "../x", "a/../b", "a/..", ".", "a//b", "a/", "a\0b"])
  func refusesAPathThatIsNotInTheFolder(path: String) {
    #expect(BootstrapList(BootstrapList(programs: [Array(path.utf8)]).text) == nil)
    #expect(BootstrapList(BootstrapList(programs: [], files: [Array(path.utf8)]).text) == nil)
  }

  @Test(arguments: ["...", ".hidden", "a..b", "..a/b..", "a/.b", "-", " "])
  func acceptsDotsThatLeadNowhereElse(path: String) {
    #expect(BootstrapList(BootstrapList(programs: [Array(path.utf8)]).text) != nil)
  }

  @Test func acceptsAnEmptyList() throws {
    #expect(try #require(BootstrapList(BootstrapList(programs: []).text)).all.isEmpty)
  }
}

struct SettingsTests {
  @Test(arguments: [CheckInterval.never, .onStart, .daily, .weekly])
  func readsWhatItWrites(check: CheckInterval) throws {
    for url in [nil, Array("https://example.com/a b".utf8)] {
      let settings = Settings(
        updateURL: url, check: check, caFile: url.map { _ in Array("a/b.pem".utf8) })
      let copy = try #require(Settings(settings.text))
      #expect(copy.updateURL == url)
      #expect(copy.caFile == settings.caFile)
      #expect(copy.check == check)
    }
  }

  @Test(arguments: ["", "check hourly\n", "check\n", "check Daily\n", "check daily \n"])
  func checksNeverWhenItDoesNotKnowTheWord(line: String) throws {
    let text = "esky-settings 1\n\(line)end\n"
    #expect(try #require(Settings(Array(text.utf8))).check == .never)
  }

  private static let day: Int64 = 24 * 3600

  @Test(arguments: [
    (CheckInterval.never, nil, false), (.never, 100 * day, false),
    (.onStart, nil, true), (.onStart, 0, true), (.onStart, -day, true),
    (.daily, nil, true), (.daily, 0, false), (.daily, day - 1, false), (.daily, day, true),
    (.weekly, 7 * day - 1, false), (.weekly, 7 * day, true), (.weekly, nil, true),
    // The last start is in the future: the clock was set back.
    (.daily, -1, true), (.weekly, -1000 * day, true),
  ])
  func isDue(check: CheckInterval, ago: Int64?, isDue: Bool) {
    let now: Int64 = 1_800_000_000
    #expect(check.isDue(last: ago.map { now - $0 }, now: now) == isDue)
  }
}
