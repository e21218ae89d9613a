import FileSystem
import Testing

@testable import Layout

struct SurveyTests {
  private func survey(_ fixture: AppFolderFixture) throws -> Survey {
    try Survey(fixture.folder)
  }

  private func leftovers(_ fixture: AppFolderFixture) throws -> [String] {
    try survey(fixture).leftovers.map { String(decoding: $0.name, as: UTF8.self) }.sorted()
  }

  @Test func listsNewestFirstWhatIsThere() throws {
    let fixture = try AppFolderFixture()
    for version in ["1.9", "1.10", "1.2"] { try fixture.add(version, files: ["a"]) }
    let found = try survey(fixture)
    #expect(found.versions.map(\.name) == ["1.10", "1.9", "1.2"].map(AppFolderFixture.name))
    #expect(found.versions.allSatisfy { $0.isRunnable && !$0.isDamaged && !$0.isUnfinished })
    #expect(found.versions[0].list?.all == [Array("hello".utf8), Array("a".utf8)])
    #expect(found.newestRunnable?.name == AppFolderFixture.name("1.10"))
    #expect(found.leftovers.isEmpty)
  }

  @Test func tellsIncompleteDamagedAndUnfinishedApart() throws {
    let fixture = try AppFolderFixture()
    try FileSystem.remove(try fixture.add("1.5").bootstrapFile)
    try fixture.write("esky-bootstrap 1\n", to: try fixture.add("1.4").bootstrapFile)
    try FileSystem.remove(try fixture.add("1.3").path.appending("hello"))
    let plain = try fixture.add("1.2").path.appending("hello")
    try FileSystem.setPermissions(plain, 0o644)
    try fixture.add("1.1", left: ["a"])
    let versions = try survey(fixture).versions
    try #require(versions.count == 5)
    #expect(versions.map { $0.list == nil } == [true, true, false, false, false])
    #expect(versions.map(\.isDamaged) == [false, true, false, false, false])
    #expect(versions.map(\.isRunnable) == [false, false, false, false, true])
    #expect(versions.map(\.isUnfinished) == [false, false, false, false, true])
  }

  @Test func findsWhatInterruptedRunsLeave() throws {
    let fixture = try AppFolderFixture()
    try fixture.add("1.1")
    #expect(try leftovers(fixture).isEmpty)
    try fixture.write("x", to: fixture.folder.work.staging.path.appending("half/file"))
    try fixture.write("x", to: fixture.folder.work.retired.path.appending("old/file"))
    try fixture.write("x", to: fixture.folder.work.metadata.path.appending("root.json"))
    try fixture.write("x", to: fixture.folder.work.log.path)
    #expect(try leftovers(fixture) == ["retired", "staging"])
  }

  @Test(arguments: [
    ("1.2", ".zip.part", true), ("1.2", ".zip", true), ("1.1", ".zip", false),
    ("1.0", ".zip.part", false), ("1.10", ".zip", true), ("1.2", ".tar", false),
  ])
  func keepsDownloadsOfNewerVersionsOnly(version: String, ending: String, isKept: Bool) throws {
    let fixture = try AppFolderFixture()
    try fixture.add("1.1")
    let name = String(decoding: AppFolderFixture.name(version).bytes, as: UTF8.self) + ending
    try fixture.write("x", to: fixture.folder.work.downloads.path.appending(name))
    #expect(try leftovers(fixture) == (isKept ? [] : [name]))
  }

  @Test func changesNothingAndSaysWhatItCouldNotLookAt() throws {
    var call = 1
    while true {
      let fixture = try AppFolderFixture()
      try fixture.add("1.1", left: ["a"])
      try fixture.add("1.0")
      try fixture.write("x", to: fixture.folder.work.downloads.path.appending("junk"))
      Fault.plan(call: call, code: 5)
      let found = try? survey(fixture)
      guard Fault.clear() else { break }
      // Either it says so, or the version in question counts as one that can't run.
      if let found, let newest = found.newestRunnable { #expect(newest.list != nil) }
      #expect(try survey(fixture).versions.count == 2)
      call += 1
    }
    #expect(call > 10)
  }
}
