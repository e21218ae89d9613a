import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// What is put in place: looked at before it is decided, finished after an interruption, or taken back.
struct PlacementTests {
  private let setup: Setup

  init() throws { setup = try Setup() }

  private func add(_ name: String, _ text: String) throws(RepositoryError) {
    let source = setup.scratch.path.appending(TUF.Hasher.name(text))
    try onDisk { () throws(FileError) in try FileSystem.writeAtomically(utf8(text), to: source) }
    var repository = try RepositoryFolder(setup.folder)
    try repository.addTargets(
      [TargetAddition(try TargetName(name), source: source)], keys: setup.ring, now: now)
  }

  private func refresh() throws(RepositoryError) {
    var repository = try RepositoryFolder(setup.folder)
    try repository.refresh([.timestamp], keys: setup.ring, now: now)
  }

  private func path(_ name: String) -> Path { setup.folder.appending(name) }

  private static let hash = String(decoding: Digest(.sha256, of: utf8("new")).hex, as: UTF8.self)

  /// Fails the system calls of an addition from some point on, so that it is decided and nothing of it done.
  private func interrupt() throws {
    var call = 1
    while try !FileSystem.exists(path("building/placing.json")) {
      Fault.plan(call: call, code: 5, lasting: true)
      _ = refusal { () throws(RepositoryError) in try add("docs/app", "new") }
      try #require(Fault.clear())
      call += 1
    }
  }

  // MARK: Before

  /// What is put in the way of `docs/app`.
  enum Way: CaseIterable {
    case fileForFolder, folderForFile, danglingLink, linkToAFile

    func block(_ setup: Setup) throws {
      let docs = setup.folder.appending("targets/docs")
      switch self {
      case .fileForFolder: try FileSystem.writeAtomically([], to: docs)
      case .folderForFile:
        try FileSystem.makeDirectories(docs.appending("\(PlacementTests.hash).app"))
      case .danglingLink: try FileSystem.makeSymbolicLink(docs, to: "nowhere")
      case .linkToAFile:
        try FileSystem.makeSymbolicLink(docs, to: "../metadata/timestamp.json")
      }
    }
  }

  @Test(arguments: Way.allCases)
  func whatCannotBePlacedIsRefusedBeforeItIsDecided(way: Way) throws {
    _ = try setup.create()
    try way.block(setup)
    let before = try setup.names("metadata")
    #expect(
      refusal { () throws(RepositoryError) in try add("docs/app", "new") } == "inTheWay")
    #expect(try setup.names("metadata") == before)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
    try refresh()
    try add("app", "new")
    #expect(try setup.fresh() == ["app": "new"])
  }

  @Test func metadataThatCannotBePlacedIsRefusedBeforeItIsDecided() throws {
    _ = try setup.create()
    try FileSystem.makeDirectory(path("metadata/2.targets.json"))
    #expect(refusal { () throws(RepositoryError) in try add("app", "new") } == "inTheWay")
    try refresh()
    #expect(try setup.fresh() == [:])
    try FileSystem.removeDirectory(path("metadata/2.targets.json"))
    try add("app", "new")
    #expect(try setup.fresh() == ["app": "new"])
  }

  // MARK: Other volumes

  /// Folders of the repository that are elsewhere.
  @Test(arguments: [["targets"], ["targets/docs"], ["metadata"], ["metadata", "targets"]])
  func foldersOnOtherVolumesAreWrittenTo(folders: [String]) throws {
    let other = try OtherVolume(than: setup.scratch)
    _ = try setup.create()
    for (number, folder) in folders.enumerated() {
      let elsewhere = other.path.appending("\(number)")
      try FileSystem.makeDirectory(elsewhere)
      let here = path(folder)
      if try FileSystem.exists(here) {
        for entry in try FileSystem.list(here) {
          try FileSystem.writeAtomically(
            FileSystem.read(here.appending(entry.name), limit: 1 << 20),
            to: elsewhere.appending(entry.name))
        }
        try FileSystem.removeTree(here)
      }
      try FileSystem.makeSymbolicLink(here, to: elsewhere)
    }
    try add("docs/app", "new")
    try add("other", "new")
    #expect(try setup.fresh() == ["docs/app": "new", "other": "new"])
    #expect(try setup.findings() == [])
    for folder in ["metadata", "targets", "targets/docs"] {
      #expect(try setup.names(folder).filter { $0.hasPrefix(".esky") } == [])
    }
  }

  @Test func anotherVolumeHoldsTheOldStateOrTheNewWhenAnAdditionIsKilled() throws {
    var call = 1
    while true {
      let each = try PlacementTests()
      let other = try OtherVolume(than: each.setup.scratch)
      _ = try each.setup.create()
      try FileSystem.removeDirectory(each.path("targets"))
      try FileSystem.makeSymbolicLink(each.path("targets"), to: other.path)
      Fault.plan(call: call, code: 28, lasting: true)
      let reason = refusal { () throws(RepositoryError) in try each.add("docs/app", "new") }
      if !Fault.clear() {
        #expect(reason == "nothing")
        break
      }
      let found = try each.setup.fresh()
      #expect(found == [:] || found == ["docs/app": "new"], "call \(call)")
      #expect(try each.setup.findings() == [], "call \(call)")
      try each.add("docs/app", "new")
      #expect(try each.setup.fresh() == ["docs/app": "new"], "call \(call)")
      #expect(try each.setup.findings() == [], "call \(call)")
      #expect(try each.setup.names("targets/docs").count == 1, "call \(call)")
      call += 1
    }
    #expect(call > 40)
  }

  // MARK: After

  @Test func aLookShowsWhatClientsGetAndChangesNothing() throws {
    _ = try setup.create()
    try interrupt()
    let repository = try RepositoryFolder(looking: setup.folder)
    #expect(repository.isUndone)
    #expect(try repository.targets().count == 0)
    #expect(repository.version(of: .targets) == 1)
    #expect(try setup.names("metadata").count == 4)
    #expect(try setup.fresh() == [:])
    // Whoever changes something finishes it first.
    try refresh()
    #expect(try setup.fresh() == ["docs/app": "new"])
  }

  @Test func anInterruptedChangeIsNoFaultOfTheRepository() throws {
    _ = try setup.create()
    try interrupt()
    let audit = try RepositoryAudit(setup.folder, now: now, files: .contents)
    #expect(audit.findings == [])
    #expect(audit.remarks.map(\.file) == ["building/placing.json"])
    // What is served runs out, whatever is to take its place.
    let later = try RepositoryAudit(setup.folder, now: now + 3650 * 86_400, files: .contents)
    #expect(later.findings.contains { $0.file == "metadata/timestamp.json" })
    try refresh()
    #expect(try RepositoryAudit(setup.folder, now: now, files: .contents).remarks == [])
    #expect(try setup.findings() == [])
  }

  @Test func anInterruptedCreationIsNoFaultOfTheRepository() throws {
    var call = 1
    while try !FileSystem.exists(path("building/placing.json")) {
      try FileSystem.removeTree(setup.folder)
      Fault.plan(call: call, code: 5, lasting: true)
      _ = refusal { () throws(RepositoryError) in _ = try setup.create() }
      try #require(Fault.clear())
      call += 1
    }
    #expect(try setup.findings() == [])
    #expect(
      refusal { () throws(RepositoryError) in _ = try setup.create() } == "repositoryExists")
    #expect(try setup.fresh() == [:])
  }

  /// Something gets in the way once the change was decided on.
  @Test(arguments: Way.allCases)
  func aChangeThatCannotBePlacedIsTakenBack(way: Way) throws {
    _ = try setup.create()
    try interrupt()
    try FileSystem.removeTree(path("targets/docs"))
    try way.block(setup)
    #expect(refusal { () throws(RepositoryError) in try refresh() } == "undone")
    let findings = try setup.findings()
    #expect(findings.contains { $0.fault.contains("staged --discard") })
    // Looking still works, and clients go on with what they have.
    _ = try RepositoryFolder(looking: setup.folder).status(now: now)
    #expect(try setup.fresh() == [:])
    try RepositoryFolder.discardChange(in: setup.folder)
    try refresh()
    #expect(try setup.fresh() == [:])
    #expect(try RepositoryFolder(setup.folder).version(of: .targets) == 1)
    try FileSystem.removeTree(path("targets/docs"))
    #expect(try setup.findings() == [])
    try add("docs/app", "new")
    #expect(try setup.fresh() == ["docs/app": "new"])
  }

  /// Every point at which an addition can stop: taking it back leaves the old state, or clients have the new.
  @Test func aChangeIsTakenBackFromEveryPoint() throws {
    var call = 1
    var takenBack = 0
    while true {
      let each = try PlacementTests()
      _ = try each.setup.create()
      try each.add("app", "old")
      Fault.plan(call: call, code: 5, lasting: true)
      _ = refusal { () throws(RepositoryError) in try each.add("docs/app", "new") }
      if !Fault.clear() { break }
      let reason = refusal { () throws(RepositoryError) in
        try RepositoryFolder.discardChange(in: each.setup.folder)
      }
      let found = try each.setup.fresh()
      if reason == "nothing" { takenBack += 1 }
      #expect(reason == "nothing" || reason == "nothingWaits", "call \(call)")
      #expect(found["app"] == "old", "call \(call)")
      try each.refresh()
      #expect(try each.setup.fresh() == found, "call \(call)")
      let metadata = try each.setup.findings().filter { $0.file.hasPrefix("metadata") }
      #expect(metadata == [], "call \(call)")
      call += 1
    }
    #expect(takenBack > 10)
  }

  @Test func aNoteThatCannotBeReadIsTakenBack() throws {
    _ = try setup.create()
    try interrupt()
    try FileSystem.writeAtomically(utf8("{"), to: path("building/placing.json"))
    #expect(refusal { () throws(RepositoryError) in try refresh() } == "badCeremony")
    try RepositoryFolder.discardChange(in: setup.folder)
    try refresh()
    #expect(try setup.fresh() == [:])
  }
}
