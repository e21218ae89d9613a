import FileSystem
import Testing

@testable import TUF

/// One target of a great many is found without reading the others again.
@Suite struct TargetIndexTests {
  private let setup: Setup

  init() throws {
    setup = try Setup { repository in
      repository.files = (0..<3000).map { ("dir \($0 % 7)/é-\($0).zip", utf8("contents \($0)")) }
    }
    try setup.refresh()
  }

  private var index: Path { setup.store.folder.path.appending("targets-index") }
  private var targets: Path { setup.store.folder.path.appending("targets.json") }

  /// What a client finds that has refreshed, and whether it read all targets for that.
  private func find(_ path: String) throws -> (target: TargetFile?, readAll: Bool) {
    let client = try setup.client()
    try client.refresh()
    let found = try client.target(utf8(path))
    return (found, client.trusted.targets != nil)
  }

  private func identity() throws -> FileIdentity { FileIdentity(try FileSystem.status(targets)) }

  private func indexed(_ path: String, _ file: FileIdentity? = nil) throws -> [UInt8]? {
    TargetIndex.entry(
      utf8(path), index: FilePlace(index), targets: FilePlace(targets), file: try file ?? identity()
    )
  }

  @Test func theThirdLookReadsNoMoreThanItMust() throws {
    #expect(try !FileSystem.exists(index))
    let second = try find("dir 5/é-12.zip")
    #expect(second.readAll)
    setup.fetcher.forget()
    for number in [0, 1, 12, 1499, 2998, 2999] {
      let (target, readAll) = try find("dir \(number % 7)/é-\(number).zip")
      #expect(!readAll)
      let contents = utf8("contents \(number)")
      #expect(target?.length == Int64(contents.count))
      #expect(target?.hashes == [Digest(.sha256, of: contents)])
    }
    #expect(Set(setup.fetcher.requests) == ["/metadata/2.root.json", "/metadata/timestamp.json"])
  }

  /// It never says that there is none: the whole file does, and what it delegates to.
  @Test(arguments: ["", "a", "dir 5/é-12.zi", "dir 5/é-12.zip ", "zzz", "\u{0}"])
  func aNameThatIsNotThereIsLookedForInTheWholeFile(name: String) throws {
    _ = try find("a")
    let (target, readAll) = try find(name)
    #expect(target == nil && readAll)
  }

  @Test func aNewReleaseIsReadAndAnOldIndexIsNoHelp() throws {
    _ = try find("a")
    setup.repository.files[12].1 = utf8("changed")
    setup.repository.bump()
    try setup.repository.publish()
    let first = try find("dir 5/é-12.zip")
    #expect(first.target?.length == 7 && first.readAll)
    let second = try find("dir 5/é-12.zip")
    #expect(second.target?.length == 7 && second.readAll)
    let third = try find("dir 5/é-12.zip")
    #expect(third.target?.length == 7 && !third.readAll)
  }

  /// In place, as long as it was, and with the time that it had.
  @Test func whatWasChangedSinceIsNotBelieved() throws {
    _ = try find("a")
    let before = try identity()
    let bytes = try FileSystem.read(targets, limit: 1 << 20)
    let damaged = try File(targets, .createOrUpdate)
    try damaged.write(bytes.map { $0 == 0x31 ? 0x32 : $0 })
    #expect(try indexed("dir 5/é-12.zip", before) == nil)
    let (target, readAll) = try find("dir 5/é-12.zip")
    #expect(target?.hashes == [Digest(.sha256, of: utf8("contents 12"))] && readAll)
    #expect(try FileSystem.read(targets, limit: 1 << 20) == bytes)
  }

  /// A bad disk changes a file and tells nobody.
  @Test func anEntryThatHasAnotherHashIsNotBelieved() throws {
    _ = try find("a")
    var made = try FileSystem.read(index, limit: 1 << 20)
    let bytes = try FileSystem.read(targets, limit: 1 << 20)
    let digits = MemoryRepository.hex(Digest(.sha256, of: utf8("contents 12")).bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    let forged = text.replacing(digits, with: String(digits.reversed()))
    try FileSystem.writeAtomically(utf8(forged), to: targets)
    for (place, number) in try identity().numbers.enumerated() {
      for byte in 0..<8 {
        made[16 + place * 8 + byte] = UInt8(truncatingIfNeeded: number >> (8 * Int64(byte)))
      }
    }
    try FileSystem.writeAtomically(made, to: index)
    #expect(try indexed("dir 6/é-13.zip") != nil)
    #expect(try indexed("dir 5/é-12.zip") == nil)
  }

  @Test func aDamagedIndexLeadsNowhereElse() throws {
    _ = try find("a")
    let good = try FileSystem.read(index, limit: 1 << 20)
    let right = try #require(try indexed("dir 5/é-12.zip"))
    var generator = SystemRandomNumberGenerator()
    var broken: [[UInt8]] = [
      [], [0], Array(good[..<64]), Array(good[..<100]), Array(good.dropLast()),
    ]
    for _ in 0..<300 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      broken.append(bytes)
    }
    broken.append(Array(good[..<64]) + [UInt8](repeating: 0xff, count: good.count - 64))
    broken.append(Array(good[..<64]) + [UInt8](repeating: 0, count: good.count - 64))
    for bytes in broken {
      try FileSystem.writeAtomically(bytes, to: index)
      let found = try indexed("dir 5/é-12.zip")
      #expect(found == nil || found == right)
    }
    #expect(try find("dir 5/é-12.zip").target?.length == 11)
    try FileSystem.removeIfPresent(index)
    try FileSystem.makeDirectory(index)
    #expect(try find("dir 5/é-12.zip").target?.length == 11)
  }

  /// Where keys have changed, or the snapshot has, everything is verified again.
  @Test func nothingIsTakenFromItAfterANewRoot() throws {
    _ = try find("a")
    let old = setup.repository.root.keys
    setup.repository.root.version = 2
    setup.repository.root.keys = [try .init()]
    try setup.repository.publish(rootAlsoBy: old)
    #expect(try find("dir 5/é-12.zip").readAll)
  }

  @Test func aFewTargetsAreNotWorthAnIndex() throws {
    let setup = try Setup()
    for _ in 1...3 {
      let client = try setup.client()
      try client.refresh()
      #expect(try client.target(utf8("app.zip")) != nil)
    }
    #expect(try !setup.scratch.names("trusted").contains("targets-index"))
  }
}
