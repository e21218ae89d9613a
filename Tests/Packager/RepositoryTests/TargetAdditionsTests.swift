import FileSystem
import Repository
import TUF
import Testing

/// Targets that are made one by one, as a list of a million of them is read.
struct TargetAdditionsTests {
  private let setup: Setup
  private let keys: KeyRing

  init() throws {
    setup = try Setup()
    let key = try PrivateKey()
    keys = KeyRing(setup.keys + [key])
    var repository = try setup.create()
    _ = try repository.delegate(
      Delegation(try Role(named: "bins"), .bins(bits: 3, isSuccinct: true), keys: [key.object]),
      keys: keys, now: now)
  }

  private static func addition(_ name: String, _ text: String) throws(RepositoryError)
    -> TargetAddition
  {
    TargetAddition(try TargetName(name), length: 1, sha256: Digest(.sha256, of: utf8(text)))
  }

  private func add(
    _ names: [String], text: String = "x", replacing: Bool = false
  ) throws -> Publication {
    var repository = try RepositoryFolder(setup.folder)
    let additions = TargetAdditions(elsewhere: names.count) { (place) throws(RepositoryError) in
      try Self.addition(names[place], text)
    }
    return try repository.addTargets(additions, replacing: replacing, keys: keys, now: now)
  }

  private func listed() throws -> [String] {
    try RepositoryFolder(setup.folder).allTargets()
      .map { String(decoding: $0.path, as: UTF8.self) }.sorted()
  }

  @Test func theyAreWhatTheSameListWouldBe() throws {
    let names = (0..<100).map { "file-\($0)" }
    let other = try Setup()
    let key = try PrivateKey()
    let ring = KeyRing(other.keys + [key])
    var repository = try other.create()
    _ = try repository.delegate(
      Delegation(try Role(named: "bins"), .bins(bits: 3, isSuccinct: true), keys: [key.object]),
      keys: ring, now: now)
    let whole = try repository.addTargets(
      try names.map { try Self.addition($0, "x") }, keys: ring, now: now)
    let one = try add(names)
    #expect(one.versions.map(\.role.name) == whole.versions.map(\.role.name))
    #expect(one.versions.map(\.version) == whole.versions.map(\.version))
    #expect(try listed() == names.sorted())
    #expect(try setup.findings().filter { !$0.file.hasPrefix("targets/") }.isEmpty)
  }

  @Test func whatIsListedAlreadyIsNotSignedAgain() throws {
    _ = try add(["a", "b", "c"])
    let again = try add(["a", "b", "c"])
    #expect(again.versions.isEmpty)
    #expect(Set(again.unchanged.map(\.text)) == ["a", "b", "c"])
    let more = try add(["a", "b", "c", "d"])
    #expect(more.versions.count == 3 && more.unchanged.count == 3)
  }

  /// Where one is refused nothing has changed, and nothing is left behind.
  @Test(arguments: [
    (["x", "y", "x"], "targetNamedTwice"), (["new", "a"], "targetExists"),
    (["new", "dir//x"], "badTargetName"),
  ])
  func oneThatIsRefusedRefusesAll(names: [String], reason: String) throws {
    _ = try add(["a"])
    let before = try setup.names("metadata")
    let refused = refusal { () throws(RepositoryError) in
      var repository = try RepositoryFolder(setup.folder)
      let additions = TargetAdditions(elsewhere: names.count) { (place) throws(RepositoryError) in
        try Self.addition(names[place], "other")
      }
      _ = try repository.addTargets(additions, keys: keys, now: now)
    }
    #expect(refused == reason)
    #expect(try setup.names("metadata") == before)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
    #expect(try listed() == ["a"])
    _ = try add(["a"], text: "other", replacing: true)
  }
}
