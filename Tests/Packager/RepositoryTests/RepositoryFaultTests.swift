import FileSystem
import Repository
import TUF
import Testing

/// Fails every system call in turn, and all that follow it: what a kill at that point leaves on disk.
@Suite struct RepositoryFaultTests {
  /// Runs `change` on fresh repositories until no fault is met; each time a new client must find one of
  /// the states allowed, and the same change must succeed afterwards.
  private func kill(
    before: [String: String]?, after: [String: String],
    prepare: (Setup) throws -> Void,
    change: (Setup) throws -> Void
  ) throws -> Int {
    var call = 1
    while true {
      let setup = try Setup()
      try prepare(setup)
      Fault.plan(call: call, code: 5, lasting: true)
      var failed = false
      do { try change(setup) } catch { failed = true }
      if !Fault.clear() {
        #expect(!failed)
        #expect(try setup.fresh() == after)
        return call
      }
      let found = try? setup.fresh()
      #expect(found == before || found == after, "call \(call)")
      try change(setup)
      #expect(try setup.fresh() == after, "call \(call)")
      #expect(try setup.findings() == [], "call \(call)")
      call += 1
    }
  }

  /// Opens a repository and adds to it; what is there already counts as added.
  private func add(_ setup: Setup, _ name: String, _ text: String) throws {
    let addition = TargetAddition(
      try TargetName(name), source: setup.scratch.path.appending(text))
    var repository = try RepositoryFolder(setup.folder)
    try repository.addTargets([addition], keys: setup.ring, now: now)
  }

  private func prepared(_ setup: Setup) throws {
    for text in ["one", "two"] { _ = try setup.scratch.file(text, text) }
    _ = try setup.create()
    try add(setup, "app-1", "one")
  }

  @Test func leavesNoRepositoryOrAWholeOneWhenCreationIsKilled() throws {
    let calls = try kill(before: nil, after: [:]) { _ in
    } change: { setup in
      // A kill behind the last rename has created it.
      if (try? RepositoryFolder(setup.folder)) == nil { _ = try setup.create() }
    }
    #expect(calls > 20)
  }

  @Test func leavesTheOldStateOrTheNewWhenAnAdditionIsKilled() throws {
    let calls = try kill(
      before: ["app-1": "one"], after: ["app-1": "one", "dir/sub/app-2": "two"], prepare: prepared
    ) { setup in
      try add(setup, "dir/sub/app-2", "two")
    }
    #expect(calls > 40)
  }

  @Test func leavesNoKeyFileOrAWholeOneWhenItsCreationIsKilled() throws {
    let scratch = try Scratch()
    let path = scratch.path.appending("root.key")
    let key = try PrivateKey()
    // The least that argon2id does: it is the disk that fails here.
    let protection = try #require(KeyProtection(operations: 1, memory: KeyProtection.leastMemory))
    var call = 1
    while true {
      Fault.plan(call: call, code: 5, lasting: true)
      let reason = refusal { () throws(RepositoryError) in
        _ = try KeyFile.create(path, key: key, passphrase: utf8("x"), protection: protection)
      }
      if !Fault.clear() {
        #expect(reason == "nothing")
        break
      }
      if try FileSystem.exists(path) {
        #expect(try KeyFile(path).unlock(passphrase: utf8("x")).object == key.object)
        try FileSystem.remove(path)
      }
      #expect(reason == "file")
      call += 1
    }
    #expect(call > 5)
  }

  @Test func leavesTheOldStateOrTheNewWhenARemovalIsKilled() throws {
    let calls = try kill(before: ["app-1": "one"], after: [:], prepare: prepared) { setup in
      var repository = try RepositoryFolder(setup.folder)
      if try !repository.targets().isEmpty {
        try repository.removeTargets([try TargetName("app-1")], keys: setup.ring, now: now)
      }
    }
    #expect(calls > 30)
  }

  /// Roles, and whether their old keys are there to sign as well.
  @Test(arguments: [
    ([Role.timestamp], false), ([.targets, .timestamp, .snapshot], true),
  ])
  func leavesAValidStateWhenTheReplacementOfKeysIsKilled(roles: [Role], oldAreThere: Bool) throws {
    let state = ["app-1": "one"]
    let new = try PrivateKey()
    let calls = try kill(before: state, after: state, prepare: prepared) { setup in
      var repository = try RepositoryFolder(setup.folder)
      let rotations = try roles.map { role in
        let old = try repository.keyIDs(of: role).filter { $0 != new.object.id }
        return (role, KeyRotation(adding: [new.object], revoking: old))
      }
      let left = zip(setup.roles, setup.keys).filter { oldAreThere || !roles.contains($0.0.role) }
        .map(\.1)
      let done = try repository.rotate(rotations, keys: KeyRing(left + [new]), now: now)
      #expect(done.waiting.isEmpty)
    }
    #expect(calls > 40)
  }

  @Test func leavesAValidStateWhenARefreshIsKilled() throws {
    let state = ["app-1": "one"]
    let calls = try kill(before: state, after: state, prepare: prepared) { setup in
      var repository = try RepositoryFolder(setup.folder)
      try repository.refresh(Role.topLevel, keys: setup.ring, now: now)
    }
    #expect(calls > 40)
  }
}
