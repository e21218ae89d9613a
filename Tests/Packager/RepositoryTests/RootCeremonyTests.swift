import FileSystem
import JSON
import TUF
import Testing

@testable import Repository

/// A root that waits for its signatures: what others may do meanwhile, and what whoever signs it sees.
struct RootCeremonyTests {
  private let setup: Setup
  private let fleet: Fleet

  init() throws {
    setup = try Setup()
    fleet = try Fleet(setup)
  }

  /// Everything but root.
  private var daily: KeyRing { KeyRing(Array(setup.keys.dropFirst())) }

  @Test func keepsNobodyFromPublishing() throws {
    var repository = try fleet.begin()
    let second = try PrivateKey()
    let rotation = KeyRotation(adding: [second.object])
    let waiting = try repository.rotate([(.root, rotation)], keys: daily, now: now).waiting
    #expect(waiting.map(\.role.name) == ["root", "root"])
    try repository.addTargets([try setup.addition("new", "two")], keys: daily, now: now)
    try repository.refresh([.targets], keys: daily, now: now)
    try fleet.check(["app": "one", "new": "two"])
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.refresh([.root], keys: setup.ring, now: now)
      } == "ceremonyWaits")
    let done = try repository.sign(keys: setup.ring, now: now)
    #expect(done.versions.map(\.role.name) == ["root"])
    try fleet.check(["app": "one", "new": "two"])
    #expect(try setup.findings() == [])
  }

  /// The targets wait along with the root, since others sign them; they are made anew from what is published then.
  @Test func whatWasPublishedMeanwhileIsSignedByTheNewKeys() throws {
    var repository = try fleet.begin()
    let new = try PrivateKey()
    let rotation = KeyRotation(adding: [new.object], revoking: [setup.id(.targets)])
    let keys = KeyRing(Array(setup.keys.dropFirst()) + [new])
    let waiting = try repository.rotate([(.targets, rotation)], keys: keys, now: now).waiting
    #expect(waiting.filter { !$0.isComplete }.map(\.role.name) == ["root", "root"])
    try repository.addTargets([try setup.addition("new", "two")], keys: daily, now: now)
    try fleet.check(["app": "one", "new": "two"])
    let done = try repository.sign(keys: KeyRing(setup.keys + [new]), now: now)
    #expect(done.versions.map(\.role.name) == ["root", "targets", "snapshot", "timestamp"])
    #expect(done.remade == [.targets])
    #expect(try repository.keyIDs(of: .targets) == [new.object.id])
    try fleet.check(["app": "one", "new": "two"])
    #expect(try setup.findings() == [])
  }

  @Test func aChangeOfTargetsStillWaitsAlone() throws {
    var repository = try fleet.begin()
    let online = KeyRing(Array(setup.keys.suffix(2)))
    _ = try repository.addTargets([try setup.addition("new", "two")], keys: online, now: now)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.addTargets([], keys: setup.ring, now: now)
      } == "ceremonyWaits")
    #expect(try repository.mayChange(.timestamp))
    #expect(try !repository.mayChange(.targets))
  }

  // MARK: What is seen where it is signed

  /// Copies a folder, as people do it to a stick.
  private func copy(_ folder: Path, to copy: Path) throws {
    try FileSystem.makeDirectory(copy)
    for entry in try FileSystem.list(folder) {
      if entry.kind == .directory {
        try self.copy(folder.appending(entry.name), to: copy.appending(entry.name))
      } else {
        try FileSystem.writeAtomically(
          FileSystem.read(folder.appending(entry.name), limit: 1 << 20),
          to: copy.appending(entry.name))
      }
    }
  }

  private func carried() throws -> Path {
    let folder = setup.scratch.path.appending("stick")
    try copy(setup.folder.appending("staging"), to: folder)
    return folder
  }

  @Test func aCopyShowsOldAndNewValue() throws {
    var repository = try fleet.begin()
    let second = try PrivateKey()
    _ = try repository.rotate(
      [(.root, KeyRotation(adding: [second.object], threshold: 2))],
      keys: KeyRing(setup.keys + [second]), now: now)
    _ = try repository.rotate([(.root, KeyRotation(threshold: 1))], keys: daily, now: now)
    let contents = try RepositoryFolder.stagedContents(copy: carried())
    #expect(contents.map(\.role) == [.root])
    #expect(contents[0].before?.version == 2)
    let ids = [setup.id(.root), second.object.id].map { $0.prefix(8) + "…" }.joined(separator: ", ")
    #expect(contents[0].lines.contains("root: 1 of \(ids), before 2 of \(ids)"))
  }

  @Test func aCopyShowsOldAndNewValueOfATarget() throws {
    var repository = try fleet.begin()
    _ = try repository.addTargets(
      [try setup.addition("app", "second", custom: ["level": 7])], replacing: true,
      keys: KeyRing([]), now: now)
    let lines = try RepositoryFolder.stagedContents(copy: carried())[0].lines
    #expect(lines[0] == "lists 1 target")
    #expect(lines[1].hasPrefix("~ app: custom: nothing → {\"level\":7}; hashes.sha256: "))
    #expect(lines[1].hasSuffix("; length: 3 → 6"))
  }

  /// A key that is exchanged under its old id, and members that nobody has heard of.
  @Test func nothingChangesUnseen() throws {
    var repository = try fleet.begin()
    let stranger = try PrivateKey()
    let signed = repository.state.root.signed
    var text = String(decoding: try JSONBuilder.verbatim(signed).text(), as: UTF8.self)
    text = text.replacing(setup.keys[1].object.text, with: stranger.object.text)
      .replacing(
        "\"consistent_snapshot\":true", with: "\"consistent_snapshot\":false,\"x-other\":7")
    let edited = try JSONDocument(parsing: utf8(text)).root
    let draft = try Draft(.root, version: 2, contents: .editing(edited, [:]), expires: now + day)
    let lines = try StagedContents(draft, before: repository.state.root).lines
    let old = setup.keys[1].object
    #expect(
      lines.contains(
        "keys.\(old.id).keyval.public: \"\(old.text)\" → \"\(stranger.object.text)\""))
    #expect(lines.contains("consistent_snapshot: true → false"))
    #expect(lines.contains("x-other: nothing → 7"))
    _ = try repository.refresh([.timestamp], keys: daily, now: now)
  }

  /// What lies beside the copy is believed only when its own keys have signed it, and it is the one before.
  @Test func aFormerVersionThatNobodySignedIsNotShown() throws {
    var repository = try fleet.begin()
    _ = try repository.refresh([.root], keys: daily, now: now)
    let stick = try carried()
    let before = stick.appending("before/root.json")
    let text = String(decoding: try FileSystem.read(before, limit: 1 << 20), as: UTF8.self)
    try FileSystem.writeAtomically(
      utf8(text.replacing("\"threshold\":1", with: "\"threshold\":2")), to: before)
    #expect(try RepositoryFolder.stagedContents(copy: stick)[0].before == nil)
    try FileSystem.remove(before)
    #expect(try RepositoryFolder.stagedContents(copy: stick)[0].before == nil)
  }

  // MARK: Keys put away, and periods

  @Test func aSealedKeyThatStaysLockedIsNamed() throws {
    var repository = try fleet.begin()
    let sealed = setup.scratch.path.appending("recovery")
    try FileSystem.makeDirectory(sealed)
    _ = try KeyFile.create(
      sealed.appending("root.key"), key: setup.keys[0], passphrase: utf8("phrase"),
      protection: .interactive)
    let ring = try KeyRing(folders: [sealed]) { (file) throws(RepositoryError) in
      try file.unlock(passphrase: utf8("another"))
    }
    let second = try PrivateKey()
    let rotation = KeyRotation(adding: [second.object])
    let done = try repository.rotate([(.root, rotation)], keys: ring, now: now)
    #expect(done.waiting.map(\.isComplete) == [false, false])
    guard case .wrongPassphrase(let path)? = done.locked.first else {
      Issue.record("nothing says that the key stayed locked")
      return
    }
    #expect(path == sealed.appending("root.key"))
    #expect(try repository.sign(keys: ring, now: now).locked.count == 1)
  }

  @Test func aSealedKeyThatNobodyAskedForIsNamedByRotate() throws {
    var repository = try fleet.begin()
    let sealed = setup.scratch.path.appending("recovery")
    let plain = setup.scratch.path.appending("offline")
    for (folder, key) in zip([sealed, plain], [try PrivateKey(), setup.keys[0]]) {
      try FileSystem.makeDirectory(folder)
      _ = try KeyFile.create(
        folder.appending("root.key"), key: key, passphrase: utf8("phrase"),
        protection: .interactive)
      if folder == sealed {
        _ = try repository.rotate(
          [(.root, KeyRotation(adding: [key.object]))], keys: setup.ring, now: now)
      }
    }
    let ring = try KeyRing(folders: [plain, sealed]) { (file) throws(RepositoryError) in
      try file.unlock(passphrase: utf8("phrase"))
    }
    let third = try PrivateKey()
    let done = try repository.rotate(
      [(.root, KeyRotation(adding: [third.object]))], keys: ring, now: now)
    #expect(done.versions.map(\.role.name) == ["root"])
    guard case .reserveNotNeeded(let path)? = done.locked.first else {
      Issue.record("nothing says that the key stayed locked")
      return
    }
    #expect(path == sealed.appending("root.key"))
    #expect(done.locked.count == 1)
  }

  /// The root that waits says something else than the published one: neither may answer for the other.
  @Test func itsKeysAreNotChangedOnceMore() throws {
    var repository = try fleet.begin()
    let new = try PrivateKey()
    _ = try repository.rotate([(.root, KeyRotation(adding: [new.object]))], keys: daily, now: now)
    for rotation in [KeyRotation(threshold: 1), KeyRotation(adding: [new.object])] {
      #expect(
        refusal { () throws(RepositoryError) in
          _ = try repository.rotate([(.root, rotation)], keys: setup.ring, now: now)
        } == "ceremonyWaits")
    }
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.rotatableKeyIDs(of: .timestamp)
      } == "ceremonyWaits")
    _ = try repository.sign(keys: setup.ring, now: now)
    #expect(try repository.rotatableKeyIDs(of: .root).count == 2)
  }

  /// How many days a role's current file is valid.
  private func days(_ role: Role, _ repository: RepositoryFolder) -> Int64 {
    (repository.state.metadata(of: role).expires - now) / day
  }

  @Test(arguments: Role.topLevel)
  func aPeriodChangesForGood(role: Role) throws {
    var repository = try fleet.begin()
    try repository.refresh([role], days: [role: 5], keys: setup.ring, now: now)
    #expect(days(role, repository) == 5)
    try repository.refresh(Role.topLevel, keys: setup.ring, now: now)
    #expect(days(role, repository) == 5)
    try repository.refresh([role], days: [role: 50], keys: setup.ring, now: now)
    try repository.addTargets([try setup.addition("b", "b")], keys: setup.ring, now: now)
    try repository.refresh(Role.topLevel, keys: setup.ring, now: now)
    #expect(days(role, repository) == 50)
    try fleet.check(["app": "one", "b": "b"])
  }

  @Test func aPeriodThatWaitsForTheRootIsKept() throws {
    var repository = try fleet.begin()
    let some: [Role: Int] = [.root: 9, .timestamp: 3]
    _ = try repository.refresh([.root, .timestamp], days: some, keys: daily, now: now)
    _ = try repository.sign(keys: setup.ring, now: now)
    #expect(days(.root, repository) == 9)
    #expect(days(.timestamp, repository) == 3)
  }
}
