import FileSystem
import TUF
import Testing

@testable import Repository

/// Changes that wait for signatures from elsewhere.
struct CeremonyTests {
  private let setup: Setup
  private let fleet: Fleet
  private let alice: PrivateKey
  private let bob: PrivateKey

  init() throws {
    setup = try Setup()
    fleet = try Fleet(setup)
    alice = try PrivateKey()
    bob = try PrivateKey()
  }

  /// A repository whose root is in the hands of two people.
  private func begin() throws -> RepositoryFolder {
    var repository = try setup.create()
    try repository.addTargets([try setup.addition("app", "one")], keys: setup.ring, now: now)
    _ = try repository.rotate(
      [
        (
          .root,
          KeyRotation(
            adding: [alice.object, bob.object], revoking: [setup.keys[0].object.id], threshold: 2)
        )
      ], keys: KeyRing(setup.keys + [alice, bob]), now: now)
    try fleet.addNewcomer()
    try fleet.addCurrent()
    return repository
  }

  /// Snapshot and timestamp.
  private var online: [PrivateKey] { Array(setup.keys.suffix(2)) }

  @Test func publishesNothingBeforeEveryThresholdIsMet() throws {
    var repository = try begin()
    let before = try setup.names("metadata")
    var done = try repository.refresh([.root], keys: KeyRing([alice]), now: now)
    #expect(done.versions.isEmpty)
    let lines = done.waiting.map(\.description)
    #expect(lines.count == 2)
    let prefix = bob.object.id.prefix(8)
    #expect(lines[0] == "root 3: 1 of 2, waiting for key \(prefix)… (root 2)")
    #expect(lines[1] == "root 3: 1 of 2, waiting for key \(prefix)… (root 3)")
    #expect(try setup.names("metadata") == before)
    try fleet.check(["app": "one"])
    // Somebody else opens it, and signs.
    var other = try RepositoryFolder(setup.folder)
    #expect(try other.ceremony()?.map(\.description) == lines)
    done = try other.sign([.root], keys: KeyRing([bob]), now: now)
    #expect(done.waiting.isEmpty)
    #expect(done.versions.map(\.role.name) == ["root"])
    #expect(try other.ceremony() == nil)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
    try fleet.check(["app": "one"])
  }

  @Test func newKeysSignToo() throws {
    var repository = try begin()
    let carol = try PrivateKey()
    var done = try repository.rotate(
      [(.root, KeyRotation(adding: [carol.object], revoking: [bob.object.id]))],
      keys: KeyRing([alice]), now: now)
    #expect(done.waiting.map(\.isComplete) == [false, false])
    done = try repository.sign(keys: KeyRing([carol]), now: now)
    // The new root has its two; the old one still wants Bob.
    #expect(done.waiting.map(\.isComplete) == [false, true])
    #expect(done.waiting[0].waitingFor == [bob.object.id])
    done = try repository.sign(keys: KeyRing([bob]), now: now)
    #expect(done.waiting.isEmpty)
    #expect(Set(try repository.keyIDs(of: .root)) == [alice.object.id, carol.object.id])
    try fleet.check(["app": "one"])
  }

  @Test func targetsWaitWithTheirFiles() throws {
    var repository = try begin()
    let addition = try setup.addition("new", "two")
    var done = try repository.addTargets([addition], keys: KeyRing(online), now: now)
    #expect(done.waiting.map(\.role.name) == ["targets"])
    #expect(try setup.names("targets").count == 1)
    guard case .file(let source) = addition.source else {
      Issue.record("the addition is of no file")
      return
    }
    try FileSystem.remove(source)
    // Targets' key alone: snapshot and timestamp wait then.
    done = try repository.sign(keys: KeyRing([setup.keys[1]]), now: now)
    #expect(done.waiting.filter { !$0.isComplete }.map(\.role.name) == ["snapshot"])
    done = try repository.sign(keys: KeyRing(online), now: now)
    #expect(done.versions.map(\.role.name) == ["targets", "snapshot", "timestamp"])
    try fleet.check(["app": "one", "new": "two"])
    #expect(try setup.findings() == [])
  }

  @Test func aCopyIsSignedElsewhereAndMerged() throws {
    var repository = try begin()
    _ = try repository.refresh([.root], keys: KeyRing([]), now: now)
    var copies: [Path] = []
    for (name, key) in [("alice", alice), ("bob", bob)] {
      let copy = setup.scratch.path.appending(name)
      try FileSystem.makeDirectory(copy)
      for entry in try FileSystem.list(setup.folder.appending("staging"))
      where entry.kind == .regular {
        try FileSystem.writeAtomically(
          FileSystem.read(
            setup.folder.appending("staging").appending(entry.name), limit: 1 << 20),
          to: copy.appending(entry.name))
      }
      // Nothing but the folder is needed there.
      let after = try RepositoryFolder.sign(copy: copy, [.root], keys: KeyRing([key]))
      #expect(after.map(\.signedBy) == [[key.object.id], [key.object.id]])
      #expect(try RepositoryFolder.ceremony(copy: copy).count == 2)
      copies.append(copy)
    }
    let done = try repository.sign(merging: copies, keys: KeyRing([]), now: now)
    #expect(done.versions.map(\.role.name) == ["root"])
    try fleet.check(["app": "one"])
  }

  /// The targets file that the snapshot lists stays as it is, however many more sign it.
  @Test(arguments: [true, false])
  func aSignatureTooManyIsInNobodysWay(isMerged: Bool) throws {
    var repository = try begin()
    let carol = try PrivateKey()
    let all = [alice, bob, carol]
    _ = try repository.rotate(
      [
        (
          .targets,
          KeyRotation(
            adding: all.map(\.object), revoking: [setup.keys[1].object.id], threshold: 2)
        )
      ], keys: KeyRing(setup.keys + all), now: now)
    _ = try repository.refresh([.targets], keys: KeyRing([]), now: now)
    let copy = setup.scratch.path.appending("carol")
    try FileSystem.makeDirectory(copy)
    for name in ["ceremony.json", "4.targets.json"] {
      let bytes = try FileSystem.read(
        setup.folder.appending("staging/\(name)"), limit: 1 << 20)
      try FileSystem.writeAtomically(bytes, to: copy.appending(name))
    }
    _ = try RepositoryFolder.sign(copy: copy, keys: KeyRing([carol]))
    _ = try repository.sign(keys: KeyRing([alice]), now: now)
    var done = try repository.sign(keys: KeyRing([bob]), now: now)
    #expect(done.waiting.filter { !$0.isComplete }.map(\.role.name) == ["snapshot"])
    let others = isMerged ? [copy] : []
    done = try repository.sign(
      merging: others, keys: KeyRing(isMerged ? online : online + [carol]), now: now)
    #expect(done.versions.map(\.role.name) == ["targets", "snapshot", "timestamp"])
    try fleet.check(["app": "one"])
    #expect(try setup.findings() == [])
  }

  @Test func twoChangesCannotWaitAtOnce() throws {
    var repository = try begin()
    let waiting = try repository.refresh([.root], keys: KeyRing([]), now: now).waiting
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.refresh([.timestamp], keys: KeyRing([]), now: now)
      } == "ceremonyWaits")
    #expect(try repository.ceremony()?.map(\.description) == waiting.map(\.description))
    try repository.refresh([.timestamp], keys: setup.ring, now: now)
    #expect(try setup.names("").sorted() == ["lock", "metadata", "staging", "targets"])
  }

  @Test func whatWaitsIsForNobodyElsesEyes() throws {
    var repository = try begin()
    _ = try repository.addTargets(
      [try setup.addition("new", "two")], keys: KeyRing(online), now: now)
    let status = try FileSystem.status(setup.folder.appending("staging"))
    #expect(status.permissions == 0o700)
  }

  @Test func aCopyThatSaysSomethingElseIsRefused() throws {
    var repository = try begin()
    _ = try repository.refresh([.root], keys: KeyRing([]), now: now)
    let copy = setup.scratch.path.appending("copy")
    try FileSystem.makeDirectory(copy)
    let staged = setup.folder.appending("staging/3.root.json")
    let text = String(decoding: try FileSystem.read(staged, limit: 1 << 20), as: UTF8.self)
    try FileSystem.writeAtomically(
      utf8(text.replacing("\"threshold\":2", with: "\"threshold\":1")),
      to: copy.appending("3.root.json"))
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.sign(merging: [copy], keys: KeyRing([alice, bob]), now: now)
      } == "otherDraft")
    #expect(repository.version(of: .root) == 2)
  }

  @Test func signaturesThatDoNotHoldAreNotCounted() throws {
    var repository = try begin()
    _ = try repository.refresh([.root], keys: KeyRing([alice]), now: now)
    let staged = setup.folder.appending("staging/3.root.json")
    let text = String(decoding: try FileSystem.read(staged, limit: 1 << 20), as: UTF8.self)
    // Somebody writes Bob's name over a signature that Alice made.
    let signature = try #require(
      text.firstRange(of: "\"sig\":\"").map { text[$0.upperBound...].prefix(128) })
    try FileSystem.writeAtomically(
      utf8(
        text.replacing(
          "{\"signatures\":[",
          with: "{\"signatures\":[{\"keyid\":\"\(bob.object.id)\",\"sig\":\"\(signature)\"},")),
      to: staged)
    #expect(try repository.ceremony()?.map(\.signedBy.count) == [1, 1])
    _ = try repository.sign(keys: KeyRing([]), now: now)
    #expect(repository.version(of: .root) == 2)
    let done = try repository.sign(keys: KeyRing([bob]), now: now)
    #expect(done.versions.map(\.role.name) == ["root"])
    try fleet.check(["app": "one"])
  }

  @Test func aWeakenedNoteOfWhoMustSignPublishesNothing() throws {
    var repository = try begin()
    _ = try repository.refresh([.root], keys: KeyRing([alice]), now: now)
    let note = setup.folder.appending("staging/ceremony.json")
    let text = String(decoding: try FileSystem.read(note, limit: 1 << 20), as: UTF8.self)
    try FileSystem.writeAtomically(
      utf8(text.replacing("\"threshold\":2", with: "\"threshold\":1")), to: note)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.sign(keys: KeyRing([]), now: now)
      } == "metadata")
    #expect(try RepositoryFolder(setup.folder).version(of: .root) == 2)
    try fleet.check(["app": "one"])
  }

  @Test func snapshotAndTimestampAreKeptFreshWhileAChangeWaits() throws {
    var repository = try begin()
    _ = try repository.refresh([.root], keys: KeyRing([alice]), now: now)
    let later = now + 10 * day
    try repository.refresh([.snapshot, .timestamp], keys: KeyRing(online), now: later)
    try fleet.check(["app": "one"], at: later + 15 * day)
    let done = try repository.sign(keys: KeyRing([bob]), now: later)
    #expect(done.versions.map(\.role.name) == ["root"])
    try fleet.check(["app": "one"], at: later + 15 * day)
  }

  @Test func whatWasRefreshedMeanwhileIsMadeAnew() throws {
    var repository = try begin()
    _ = try repository.addTargets(
      [try setup.addition("new", "two")], keys: KeyRing([setup.keys[1]]), now: now)
    #expect(try repository.ceremony()?.map(\.role.name) == ["targets", "snapshot"])
    try repository.refresh([.snapshot], keys: KeyRing(online), now: now)
    let done = try repository.sign(keys: KeyRing(online), now: now)
    #expect(done.versions.map(\.role.name) == ["targets", "snapshot", "timestamp"])
    #expect(repository.version(of: .snapshot) == 4)
    try fleet.check(["app": "one", "new": "two"])
  }

  @Test func whoSignedWhatWasOvertakenIsTold() throws {
    var repository = try begin()
    _ = try repository.refresh([.targets], keys: KeyRing([setup.keys[1]]), now: now)
    try repository.refresh([.snapshot], keys: setup.ring, now: now)
    let publication = try repository.sign(keys: KeyRing([]), now: now)
    #expect(publication.remade == [.snapshot])
    #expect(publication.waiting.map(\.role.name) == ["targets", "snapshot"])
  }

  @Test func aChangeIsGivenUp() throws {
    var repository = try begin()
    _ = try repository.addTargets(
      [try setup.addition("new", "two")], keys: KeyRing([]), now: now)
    try RepositoryFolder.discardChange(in: repository.directory)
    #expect(try repository.ceremony() == nil)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
    #expect(
      refusal { () throws(RepositoryError) in
        try RepositoryFolder.discardChange(in: repository.directory)
      } == "nothingWaits")
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.sign(keys: setup.ring, now: now)
      } == "nothingWaits")
    try repository.addTargets([try setup.addition("new", "two")], keys: setup.ring, now: now)
    try fleet.check(["app": "one", "new": "two"])
    #expect(try setup.findings() == [])
  }

  @Test func onlyTheRoleThatIsNamedIsSigned() throws {
    var repository = try begin()
    let new = try PrivateKey()
    // A root and targets, both waiting.
    _ = try repository.rotate(
      [(.targets, KeyRotation(adding: [new.object], revoking: [setup.keys[1].object.id]))],
      keys: KeyRing([]), now: now)
    let all = KeyRing(setup.keys + [alice, bob, new])
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.sign([Role(named: "docs")], keys: all, now: now)
      } == "nothingWaits")
    var done = try repository.sign([.root], keys: all, now: now)
    #expect(done.waiting.filter { !$0.isComplete }.map(\.role.name) == ["targets"])
    done = try repository.sign([.targets], keys: all, now: now)
    #expect(done.versions.map(\.role.name) == ["root", "targets", "snapshot", "timestamp"])
    try fleet.check(["app": "one"])
  }

  @Test func whatHasWaitedTooLongIsNotPublished() throws {
    var repository = try begin()
    repository.expiries.root = 2
    _ = try repository.refresh([.root], keys: KeyRing([alice]), now: now)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.sign(keys: KeyRing([bob]), now: now + 3 * day)
      } == "draftExpired")
    // Snapshot and timestamp are simply made anew.
    try RepositoryFolder.discardChange(in: repository.directory)
    repository.expiries = Expiries()
    _ = try repository.refresh([.snapshot], keys: KeyRing([setup.keys[2]]), now: now)
    _ = try repository.sign(keys: KeyRing(online), now: now + 40 * day)
    try fleet.check(["app": "one"], at: now + 50 * day)
  }

  @Test func leftoversOfWhatWasGivenUpAreInNobodysWay() throws {
    var repository = try begin()
    let staging = setup.folder.appending("staging")
    try FileSystem.makeDirectories(staging.appending("files"))
    try FileSystem.writeAtomically([1], to: staging.appending("3.root.json"))
    let done = try repository.refresh([.root], keys: KeyRing([alice]), now: now)
    #expect(done.waiting.count == 2)
    // A note that can't be read any more is given up as well.
    try FileSystem.writeAtomically([1], to: staging.appending("ceremony.json"))
    try RepositoryFolder.discardChange(in: repository.directory)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
  }

  @Test func aFullDiskLosesNoSignature() throws {
    var call = 1
    while true {
      let ceremony = try CeremonyTests()
      var repository = try ceremony.begin()
      _ = try repository.refresh([.root], keys: KeyRing([ceremony.alice]), now: now)
      Fault.plan(call: call, code: 28, lasting: true)
      let result = Result { try repository.sign(keys: KeyRing([ceremony.bob]), now: now) }
      if !Fault.clear() {
        _ = try result.get()
        break
      }
      var again = try RepositoryFolder(ceremony.setup.folder)
      if let waiting = try again.ceremony() {
        #expect(
          waiting.allSatisfy { $0.signedBy.contains(ceremony.alice.object.id) }, "call \(call)")
        _ = try again.sign(keys: KeyRing([ceremony.bob]), now: now)
      }
      #expect(again.version(of: .root) == 3, "call \(call)")
      call += 1
    }
    #expect(call > 20)
  }

  @Test func aCopyThatIsNoneIsNotPassedOver() throws {
    var repository = try begin()
    _ = try repository.refresh([.root], keys: KeyRing([]), now: now)
    let empty = setup.scratch.path.appending("empty")
    try FileSystem.makeDirectory(empty)
    for folder in [empty, setup.scratch.path.appending("nowhere")] {
      #expect(
        refusal { () throws(RepositoryError) in
          _ = try repository.sign(merging: [folder], keys: KeyRing([]), now: now)
        } == "nothingToMerge")
    }
  }
}
