import FileSystem
import Foundation
import JSON
import TUF
import Testing

@testable import Repository

/// Who changes a repository at a time, and who waits.
@Suite struct RepositoryLockTests {
  @Test func refusesASecondPublisherAtTheSameTime() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let held = try File(setup.folder.appending("lock"), .update)
    repository.patience = 0
    #expect(held.tryRecordLock(.exclusive) == .locked)
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.refresh([.timestamp], keys: setup.ring, now: now)
      } == "busy")
    #expect(repository.version(of: .timestamp) == 1)
    extendLifetime(held)
  }

  /// What was destroyed and founded again while one waited for it has another lock.
  @Test func aLockThatWasReplacedIsWaitedForAnew() async throws {
    let setup = try Setup()
    _ = try setup.create()
    let lock = setup.folder.appending("lock")
    var old: File? = try File(lock, .update)
    #expect(old?.tryRecordLock(.exclusive) == .locked)
    let folder = setup.folder
    let waiting = Task.detached {
      refusal { () throws(RepositoryError) in
        try RepositoryFolder.locked(folder, patience: 2) {}
      }
    }
    // One descriptor is this test's.
    while try Self.openCount(of: lock) < 2 { usleep(1000) }
    let next = try File(setup.folder.appending("next"), .createOrUpdate)
    #expect(next.tryRecordLock(.exclusive) == .locked)
    try FileSystem.rename(setup.folder.appending("next"), to: lock)
    old = nil
    #expect(await waiting.value == "busy")
    extendLifetime(next)
  }

  /// How many descriptors of this process lead to a file.
  private static func openCount(of path: Path) throws -> Int {
    let files = FileManager.default
    let descriptors = "/proc/self/fd/"
    return try files.contentsOfDirectory(atPath: descriptors).count {
      (try? files.destinationOfSymbolicLink(atPath: descriptors + $0)) == path.text
    }
  }

  @Test func aCreationThatFailsLeavesTheLockOfOthers() throws {
    let setup = try Setup()
    let folder = setup.folder
    func create() -> String {
      refusal { () throws(RepositoryError) in
        _ = try RepositoryFolder.create(
          folder, roles: Array(setup.roles.dropLast()), keys: setup.ring, now: now, patience: 0)
      }
    }
    #expect(create() == "badThreshold")
    #expect(try !FileSystem.exists(folder.appending("lock")))
    try FileSystem.makeDirectories(folder)
    let held = try File(folder.appending("lock"), .createOrUpdate)
    #expect(held.tryRecordLock(.exclusive) == .locked)
    #expect(create() == "busy")
    // What is locked may be somebody's who is about to begin there.
    for name in ["lock", "metadata", "targets"] {
      #expect(try FileSystem.exists(folder.appending(name)), "\(name)")
    }
    extendLifetime(held)
  }

  @Test func whoMayOnlyReadKeepsNobodyFromPublishing() throws {
    let setup = try Setup()
    var repository = try setup.create()
    repository.patience = 0
    for name in ["", "metadata", "targets"] {
      let folder = open(setup.folder.appending(name).text, O_RDONLY | O_DIRECTORY)
      #expect(flock(folder, LOCK_EX | LOCK_NB) == 0)
      defer { close(folder) }
      try repository.refresh([.timestamp], keys: setup.ring, now: now)
    }
    let lock = setup.folder.appending("lock")
    #expect(try FileSystem.status(lock).permissions == 0o600)
    // Whoever may write the metadata may also wait for others.
    try FileSystem.setPermissions(setup.folder.appending("metadata"), 0o775)
    try repository.refresh([.timestamp], keys: setup.ring, now: now)
    #expect(try FileSystem.status(lock).permissions == 0o660)
  }

  /// A key that does something else when it is to sign.
  private final class Signing: Signer {
    let key: PrivateKey
    let body: () -> Void

    init(_ key: PrivateKey, _ body: @escaping () -> Void) {
      self.key = key
      self.body = body
    }

    var object: KeyObject { key.object }

    func sign(_ message: [UInt8]) -> [UInt8] {
      body()
      return key.sign(message)
    }
  }

  @Test func keepsTheLockUntilTheChangeIsInPlace() throws {
    let setup = try Setup()
    var repository = try setup.create()
    var refusals: [String] = []
    let inMemory = setup.ring
    var other = try RepositoryFolder(setup.folder)
    other.patience = 0
    let signers = setup.keys.suffix(2).map { key in
      Signing(key) {
        refusals.append(
          refusal { () throws(RepositoryError) in
            try other.refresh([.timestamp], keys: inMemory, now: now)
          })
      }
    }
    try repository.refresh([.snapshot], keys: KeyRing(signers), now: now)
    #expect(refusals == ["busy", "busy"])
    // And no longer.
    try repository.refresh([.timestamp], keys: inMemory, now: now)
  }

  /// Somebody is asked for a passphrase, and takes his time: others publish meanwhile.
  @Test func holdsNoLockWhileAPassphraseIsAskedFor() throws {
    let setup = try Setup()
    var repository = try setup.create()
    let folder = setup.scratch.path.appending("keys")
    try FileSystem.makeDirectory(folder)
    let inMemory = setup.ring
    for (role, key) in zip([Role.targets, .snapshot, .timestamp], setup.keys.suffix(3)) {
      _ = try KeyFile.create(
        folder.appending(role.name + ".key"), key: key, passphrase: utf8("x"),
        protection: .interactive)
    }
    var refusals: [String] = []
    let path = setup.folder
    let ring = try KeyRing(folders: [folder]) { (file) throws(RepositoryError) in
      var other = try RepositoryFolder(path)
      other.patience = 0
      refusals.append(
        refusal { () throws(RepositoryError) in
          try other.refresh([.timestamp], keys: inMemory, now: now)
        })
      return try file.unlock(passphrase: utf8("x"))
    }
    try repository.addTargets([try setup.addition("app", "one")], keys: ring, now: now)
    #expect(refusals == ["nothing", "nothing", "nothing"])
    #expect(repository.version(of: .timestamp) == 5)
    #expect(try setup.fresh() == ["app": "one"])
  }
}
