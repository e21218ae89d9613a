import Archive
import CPosix
import FileSystem
import Testing

#if DEBUG
  /// Every system call fails once, in turn; the disk is looked at each time.
  @Suite struct ExtractionFaultTests {
    @Test(arguments: [ENOSPC, EIO, EACCES])
    func neverReportsAWrongTreeAsSuccess(_ code: CInt) throws {
      let work = try TemporaryFolder()
      let zip = try work.file(
        "a.zip",
        handMadeZip([
          .folder("a"), HandMadeEntry("a/b/f", "1"), .deflated("a/g", "2"), .link("a/l", "g"),
          HandMadeEntry("h", "", mode: 0o100755),
        ]))
      var call = 1
      while true {
        let top = try work.folder("top")
        Fault.plan(call: call, code: code)
        let reason = refusal(zip, into: top)
        let met = Fault.clear()
        if !met {
          #expect(reason == nil)
          #expect(
            try tree(top) == [
              "a/ 755", "a/b/ 755", "a/b/f 644 1", "a/g 644 2", "a/l -> g", "h 755 ",
            ])
          break
        }
        #expect(reason != nil, "call \(call)")
        // What is left can be removed, and is no more than a part.
        #expect(try tree(top).count <= 6)
        try FileSystem.removeTree(top)
        call += 1
      }
      #expect(call > 30)
    }

    @Test(arguments: [false, true])
    func writesTheWholeArchiveOrNone(_ lasting: Bool) throws {
      let work = try TemporaryFolder()
      let source = try work.file("source", Array(repeating: 65, count: 1000))
      let zip = work.path.appending("a.zip")

      func write() throws {
        var writer = try ZipWriter(zip)
        try writer.add(file: source, as: entryPath("a/f"), permissions: 0o644)
        try writer.add(bytes: ZipWriterTests.noise, as: entryPath("a/g"), permissions: 0o644)
        try writer.add(symbolicLink: entryPath("a/l"), target: [102])
        try writer.finish()
      }

      try write()
      let whole = try FileSystem.read(zip, limit: 1 << 20)
      var call = 1
      while true {
        try FileSystem.writeAtomically([1, 2, 3], to: zip)
        Fault.plan(call: call, code: ENOSPC, lasting: lasting)
        let result = Result { try write() }
        let met = Fault.clear()
        let found = try FileSystem.read(zip, limit: 1 << 20)
        if !met {
          #expect(throws: Never.self) { try result.get() }
          #expect(found == whole)
          break
        }
        #expect(throws: ArchiveError.self) { try result.get() }
        #expect(found == whole || found == [1, 2, 3], "call \(call)")
        if !lasting { #expect(try FileSystem.list(work.path).count == 2) }
        call += 1
      }
      #expect(call > 15)
    }
  }
#endif
