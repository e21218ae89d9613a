import CPosix
import FileSystem
import Testing

@testable import Layout

private let files = ["a", "bin/b", "bin/deep/c", "hello", "z"]

struct RecoveryTests {
  @Test func movesEverythingAndNamesIt() throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.1", left: files)
    #expect(try Recovery.isUnfinished(version))
    let moved = try Recovery.finish(version, in: fixture.folder)
    #expect(moved.map { String(decoding: $0, as: UTF8.self) }.sorted() == files)
    for name in files { #expect(fixture.text(name) == "new \(name)") }
    #expect(try !Recovery.isUnfinished(version))
    #expect(try Recovery.finish(version, in: fixture.folder).isEmpty)
  }

  @Test func replacesWhatItsListNamesAndNothingElse() throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.1", left: files, replacing: files)
    for name in files + ["mine", "bin/mine"] {
      try fixture.write("old \(name)", to: fixture.folder.root.appending(name))
    }
    try Recovery.finish(version, in: fixture.folder)
    for name in files { #expect(fixture.text(name) == "new \(name)") }
    #expect(fixture.text("mine") == "old mine")
    #expect(fixture.text("bin/mine") == "old bin/mine")
    #expect(try !FileSystem.exists(version.replacesFile))
  }

  @Test func replacesASymbolicLinkAndNotWhatItLeadsTo() throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.1", left: ["a"], replacing: ["a"])
    try fixture.write("mine", to: fixture.folder.root.appending("mine"))
    try FileSystem.makeSymbolicLink(fixture.folder.root.appending("a"), to: "mine")
    try Recovery.finish(version, in: fixture.folder)
    #expect(fixture.text("a") == "new a")
    #expect(fixture.text("mine") == "mine")
  }

  /// A link where a folder belongs, of an earlier version or of the user's: whoever followed it would write outside.
  @Test(arguments: ["..", "/tmp", "elsewhere"])
  func followsNoLinkOutOfTheFolder(target: String) throws {
    let fixture = try AppFolderFixture()
    let outside = fixture.folder.root.appending("outside")
    let inner = AppFolder(outside.appending("app"), fixture.app)
    try FileSystem.makeDirectories(inner.root.appending("d"))
    try FileSystem.makeDirectories(inner.root.appending("d/elsewhere"))
    try fixture.write("mine", to: outside.appending("x"))
    try FileSystem.makeSymbolicLink(inner.root.appending("d/p"), to: Path(Array(target.utf8)))
    let version = try fixture.add("1.1", left: ["d/p/x", "other"])
    try FileSystem.rename(version.path, to: inner.root.appending(version.name.bytes))
    let outcome = Recovery.attempt(inner.version(version.name), in: inner)
    #expect(outcome.failure?.operation == .replaceForeign)
    #expect(outcome.moved == [Array("other".utf8)])
    #expect(AppFolderFixture.text(outside.appending("x")) == "mine")
    for place in ["d/x", "d/elsewhere/x", "x"] {
      #expect(try !FileSystem.exists(inner.root.appending(place)))
    }
    #expect(try !FileSystem.exists("/tmp/x"))
  }

  /// What a user may have put in the way: a folder for a file, a file for a folder, a file of the same name.
  @Test(arguments: [("a", "a/mine"), ("bin/b", "bin"), ("a", "a")])
  func movesAllButWhatIsInTheWay(blocked: String, mine: String) throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.1", left: [blocked, "other", "x/other"])
    try fixture.write("mine", to: fixture.folder.root.appending(mine))
    let outcome = Recovery.attempt(version, in: fixture.folder)
    #expect(outcome.failure?.operation == .replaceForeign)
    #expect(outcome.moved.count == 2)
    #expect(fixture.text("other") == "new other")
    #expect(fixture.text("x/other") == "new x/other")
    #expect(fixture.text(mine) == "mine")
    #expect(
      AppFolderFixture.text(version.bootstrapFolder.appending(blocked)) == "new \(blocked)")
    // And once the way is clear, the rest follows.
    try FileSystem.removeTree(fixture.folder.root.appending(String(mine.split(separator: "/")[0])))
    try Recovery.finish(version, in: fixture.folder)
    #expect(fixture.text(blocked) == "new \(blocked)")
  }

  @Test(arguments: [("tool", "tool/run"), ("tool/run", "tool"), ("a/b/c", "a"), ("a", "a/b/c")])
  func aFileBecomesAFolderAndBack(old: String, new: String) throws {
    let fixture = try AppFolderFixture()
    try fixture.write("old", to: fixture.folder.root.appending(old))
    let version = try fixture.add("1.1", left: [new], replacing: [old])
    try Recovery.finish(version, in: fixture.folder)
    #expect(fixture.text(new) == "new \(new)")
    #expect(fixture.text(old) == nil)
  }

  @Test func isDoneByTwoAtOnce() async throws {
    for _ in 1...20 {
      let fixture = try AppFolderFixture()
      let version = try fixture.add("1.1", left: files)
      let folder = fixture.folder
      await withTaskGroup(of: FileError?.self) { group in
        for _ in 1...4 {
          group.addTask { Recovery.attempt(version, in: folder).failure }
        }
        for await failure in group { #expect(failure == nil) }
      }
      for name in files { #expect(fixture.text(name) == "new \(name)") }
      #expect(try !Recovery.isUnfinished(version))
    }
  }
}

struct RecoveryFaultTests {
  @Test(arguments: [(ENOSPC, false), (EIO, false), (EACCES, false), (EIO, true), (EROFS, true)])
  func isFinishedByTheNextRunWhateverFailed(code: CInt, lasting: Bool) throws {
    var call = 1
    while true {
      let fixture = try AppFolderFixture()
      let version = try fixture.add("1.1", left: files, replacing: ["a", "z"])
      try fixture.write("mine", to: fixture.folder.root.appending("bin/mine"))
      Fault.plan(call: call, code: code, lasting: lasting)
      let outcome = Recovery.attempt(version, in: fixture.folder)
      let wasMet = Fault.clear()
      for name in files {
        // Each file is in one of its two places, and whole.
        let old = AppFolderFixture.text(version.bootstrapFolder.appending(name))
        let new = fixture.text(name)
        #expect((old ?? new) == "new \(name)", "call \(call)")
        #expect((old == nil) != (new == nil), "call \(call)")
      }
      #expect((outcome.failure == nil) == !wasMet, "call \(call) failed and nobody said so")
      try Recovery.finish(version, in: fixture.folder)
      for name in files { #expect(fixture.text(name) == "new \(name)") }
      #expect(fixture.text("bin/mine") == "mine")
      #expect(try !Recovery.isUnfinished(version))
      if !wasMet { break }
      call += 1
    }
    #expect(call > 20, "only \(call) calls were made to fail")
  }
}
