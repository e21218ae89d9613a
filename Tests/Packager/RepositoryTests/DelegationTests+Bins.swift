import FileSystem
import TUF
import Testing

@testable import Repository

/// Targets that are spread over many roles by their hashes.
extension DelegationTests {
  @Test(arguments: [true, false])
  func binsShareAllPaths(isSuccinct: Bool) throws {
    var repository = try begin()
    let bins = Delegation(
      try role("bins"), .bins(bits: 5, isSuccinct: isSuccinct), keys: [writer.object])
    let done = try repository.delegate(bins, keys: ring, now: now)
    #expect(done.versions.count == 1 + 32 + 2)
    #expect(done.versions[1].role.name == "bins-00")
    #expect(done.versions[32].role.name == "bins-1f")
    try fleet.addCurrent()
    let names = (0..<40).map { "file-\($0)" }
    _ = try repository.addTargets(
      try names.map { try setup.addition($0, $0) }, keys: ring, now: now)
    #expect(repository.version(of: .targets) == 3)
    try fleet.check(Dictionary(uniqueKeysWithValues: (names + []).map { ($0, $0) }))
    // One more: one bin, snapshot, timestamp, and no other file.
    let before = Set(try setup.names("metadata"))
    let one = try repository.addTargets([try setup.addition("one", "1")], keys: ring, now: now)
    #expect(one.versions.count == 3)
    #expect(one.versions[0].role.name.hasPrefix("bins-"))
    let plain = Set(try setup.names("metadata")).subtracting(before).filter { !$0.hasSuffix(".gz") }
    #expect(plain.count == 2)
    try fleet.check(["one": "1", "app": "one"])
    try sound()
    // The keys of all bins at once, by the name that they begin with.
    let key = try PrivateKey()
    let rotated = try repository.rotate(
      [(try role("bins"), KeyRotation(adding: [key.object], revoking: [writer.object.id]))],
      keys: KeyRing(setup.keys + [key]), now: now)
    #expect(rotated.versions.count == 1 + 32 + 2)
    try fleet.check(["one": "1"])
    try sound()
  }

  @Test(arguments: [true, false])
  func aListIsFollowed(isSuccinct: Bool) throws {
    var repository = try begin()
    let bins = Delegation(
      try role("bins"), .bins(bits: 4, isSuccinct: isSuccinct), keys: [writer.object])
    _ = try repository.delegate(bins, keys: ring, now: now)
    func list(_ numbers: Range<Int>, _ text: String = "") throws -> [TargetAddition] {
      try numbers.map { number in
        let digest = Digest(.sha256, of: utf8("\(text)\(number)"))
        return TargetAddition(try TargetName("p/\(number)"), length: 1, sha256: digest)
      }
    }
    // What was listed before the bins were there is none of the list's business.
    let isInScope = { (name: [UInt8]) in name.starts(with: utf8("p/")) }
    func sync(_ wanted: [TargetAddition]) throws -> [Int] {
      let result = try repository.syncTargets(
        wanted, isInScope: isInScope, keys: ring, now: now)
      try fleet.check(["app": "one"])
      return [result.added, result.replaced, result.removed, result.publication.versions.count]
    }
    #expect(try sync(list(0..<100)) == [100, 0, 0, 18])
    #expect(try sync(list(0..<100)) == [0, 0, 0, 0])
    // One that is new: its bin, snapshot, timestamp.
    #expect(try sync(list(0..<101)) == [1, 0, 0, 3])
    #expect(try sync(list(0..<100)) == [0, 0, 1, 3])
    #expect(try sync(list(0..<99) + list(99..<100, "other")) == [0, 1, 0, 3])
    #expect(try sync([])[..<3] == [0, 0, 100])
    #expect(try setup.findings() == [])
  }

  /// The number of bins before and after, and whether each is succinct.
  @Test(arguments: [
    (2, true, 4, true), (4, true, 2, true), (3, false, 6, false), (3, false, 1, false),
    (2, false, 2, true), (2, true, 2, false), (2, false, 5, true), (5, true, 2, false),
  ])
  func binsOfAnotherNumberShareTheTargetsAnew(
    bits: Int, isSuccinct: Bool, then: Int, isSuccinctThen: Bool
  ) throws {
    var repository = try begin()
    func bins(_ bits: Int, _ isSuccinct: Bool) throws -> Delegation {
      Delegation(
        try role("bins"), .bins(bits: bits, isSuccinct: isSuccinct), keys: [writer.object])
    }
    _ = try repository.delegate(bins(bits, isSuccinct), keys: ring, now: now)
    let names = (0..<20).map { "file-\($0)" }
    _ = try repository.addTargets(
      try names.map { try setup.addition($0, $0) }, keys: ring, now: now)
    try fleet.addCurrent()
    _ = try repository.delegate(bins(then, isSuccinctThen), keys: ring, now: now)
    let all = Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
    try fleet.check(all)
    try sound()
    // And back.
    _ = try repository.delegate(bins(bits, isSuccinct), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("more", "m")], keys: ring, now: now)
    try fleet.check(all)
    try fleet.check(["more": "m", "app": "one"])
    try sound()
  }

  @Test func binsLeaveOthersAlone() throws {
    var repository = try begin()
    func bins(_ name: String, _ bits: Int) throws -> Delegation {
      Delegation(try role(name), .bins(bits: bits, isSuccinct: false), keys: [writer.object])
    }
    _ = try repository.delegate(bins("a-b", 2), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("f", "f")], keys: ring, now: now)
    _ = try repository.delegate(bins("a", 2), keys: ring, now: now)
    _ = try repository.delegate(bins("a", 3), keys: ring, now: now)
    try fleet.check(["f": "f"])
    // A name that another role has is not taken over.
    _ = try repository.delegate(try paths("c-1", "x/*"), keys: ring, now: now)
    var tier = try paths("tier", "*")
    tier.delegatesFurther = true
    _ = try repository.delegate(tier, keys: ring, now: now)
    let clash = try bins("c", 2)
    let below = try role("tier")
    #expect(refusalToDelegate(clash, from: below, in: repository) == "delegatedElsewhere")
    try sound()
  }

  @Test func succinctBinsStandAlone() throws {
    var repository = try begin()
    let bins = Delegation(
      try role("bins"), .bins(bits: 1, isSuccinct: true), keys: [writer.object])
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    #expect(refusalToDelegate(bins, in: repository) == "mixedDelegations")
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.delegate(bins, from: Role(named: "nobody"), keys: ring, now: now)
      } == "noRole")
  }

  /// Clients that are told no length stop reading somewhere.
  @Test func aBinThatIsLargeIsListedWithItsLength() throws {
    var repository = try begin()
    _ = try repository.delegate(
      Delegation(try role("bin"), .bins(bits: 1, isSuccinct: true), keys: [writer.object]),
      keys: ring, now: now)
    let bins = [try role("bin-0"), try role("bin-1")]
    let before = bins.compactMap { repository.state.listed($0)?.length }
    #expect(before.isEmpty)
    let text = String(repeating: "x", count: 60_000)
    let additions = try (0..<200).map { number in
      TargetAddition(
        try TargetName("file-\(number)"), length: 1, sha256: Digest(.sha256, of: [1]),
        custom: ["text": .text(text)])
    }
    _ = try repository.addTargets(additions, keys: ring, now: now)
    let lengths = bins.compactMap { repository.state.listed($0)?.length }
    #expect(lengths.count == 2 && lengths.allSatisfy { $0 > 4_500_000 })
    #expect(try repository.holder(of: "file-7") != nil)
  }

  @Test func oneOfSuccinctBinsIsNotRevokedAlone() throws {
    var repository = try begin()
    _ = try repository.delegate(
      Delegation(try role("bin"), .bins(bits: 4, isSuccinct: true), keys: [writer.object]),
      keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("a/b", "b")], keys: ring, now: now)
    let one = try role("bin-3")
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.revokeDelegation(of: one, keys: ring, now: now)
      } == "badScope")
    try fleet.check(["a/b": "b"])
    _ = try repository.revokeDelegation(of: try role("bin"), keys: ring, now: now)
    #expect(try repository.holder(of: "a/b") == nil)
    try sound()
  }

  @Test func rolesThatTakeHashesDelegateNothingFurther() throws {
    var repository = try begin()
    let prefixes = Delegation(
      try role("half"), .hashPrefixes(["0", "1", "2", "3"]), keys: [writer.object])
    var further = prefixes
    further.delegatesFurther = true
    #expect(refusalToDelegate(further, in: repository) == "badScope")
    _ = try repository.delegate(prefixes, keys: ring, now: now)
    let child = try paths("child", "*")
    let half = try role("half")
    #expect(refusalToDelegate(child, from: half, in: repository) == "badScope")
    // It is no row of bins, whatever its name is like.
    #expect(try repository.delegatedStatus(now: now).map(\.bins) == [nil])
  }
}
