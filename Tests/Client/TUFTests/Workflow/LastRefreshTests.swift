import FileSystem
import Repository
import Testing

@testable import TUF

/// A refresh that finds nothing new, and what it need not do.
struct LastRefreshTests {
  private let nothingNew = ["/metadata/2.root.json", "/metadata/timestamp.json"]

  @Test func readsNeitherSnapshotNorTargetsWhenNothingHasChanged() throws {
    let setup = try Setup()
    try setup.refresh()
    setup.fetcher.forget()
    let client = try setup.client()
    try client.refresh()
    #expect(setup.fetcher.requests == nothingNew)
    #expect(client.trusted.snapshot == nil && client.trusted.targets == nil)
    #expect(
      client.trustedRoles.map(\.file) == [
        "root.json", "timestamp.json", "snapshot.json", "targets.json",
      ])
    #expect(client.trustedRoles.map(\.expires) == Array(repeating: now + 86_400 * 30, count: 4))
  }

  @Test func readsAndVerifiesThemWhenATargetIsWanted() throws {
    let setup = try Setup()
    try setup.refresh()
    setup.fetcher.forget()
    let client = try setup.client()
    try client.refresh()
    #expect(try client.target(utf8("app.zip"))?.length == 7)
    #expect(client.trusted.snapshot != nil)
    #expect(setup.fetcher.requests == nothingNew)
  }

  @Test(arguments: ["snapshot.json", "targets.json"])
  func fetchesAnewWhatWasDamagedSince(file: String) throws {
    let setup = try Setup()
    try setup.refresh()
    let path = setup.store.folder.path.appending(file)
    let bytes = try FileSystem.read(path, limit: 1 << 20)
    // In place, and as long as it was: the same inode and size.
    let damaged = try File(path, .createOrUpdate)
    try damaged.write(bytes.map { $0 == 0x31 ? 0x32 : $0 })
    setup.fetcher.forget()
    try setup.refresh()
    #expect(setup.fetcher.requests == nothingNew + ["/metadata/1." + file])
    #expect(try FileSystem.read(path, limit: 1 << 20) == bytes)
    setup.fetcher.forget()
    try setup.refresh()
    #expect(setup.fetcher.requests == nothingNew)
  }

  @Test(arguments: ["snapshot", "targets"])
  func noticesThatWhatItDoesNotReadHasExpired(role: String) throws {
    let setup = try Setup {
      let soon = now + 3600
      if role == "snapshot" { $0.snapshot.expires = soon } else { $0.targets.expires = soon }
    }
    try setup.refresh()
    try setup.refresh(at: now + 3599)
    #expect(
      refusal { () throws(TUFError) in try setup.refresh(at: now + 3600) } == "expired")
  }

  /// What is put in place of the record; nil for none.
  static let damages: [[UInt8]?] = [
    nil, [], utf8("tuf-refresh 2\n"), utf8("tuf-refresh 1\nend\n"), [0xff, 0, 0x0a],
    utf8(
      "tuf-refresh 2\nroot 00\ntimestamp 00\nsnapshot 1 1 1 1 1 1 1 1\ntargets 1 1 1 1 1 1 1 1\nend\n"
    ),
    utf8(
      "tuf-refresh 2\nroot 0\ntimestamp 0\nsnapshot 99999999999999999999 1 1 1 1 1 1 1\ntargets\nend\n"
    ),
  ]

  @Test(arguments: damages)
  func aDamagedRecordIsAsGoodAsNone(record: [UInt8]?) throws {
    let setup = try Setup()
    try setup.refresh()
    let path = setup.store.folder.path.appending("last-refresh")
    let whole = try FileSystem.read(path, limit: 1 << 16)
    if let record {
      try FileSystem.writeAtomically(record, to: path)
    } else {
      try FileSystem.removeIfPresent(path)
    }
    setup.fetcher.forget()
    let client = try setup.client()
    try client.refresh()
    #expect(setup.fetcher.requests == nothingNew)
    #expect(client.trusted.targets != nil)
    #expect(try FileSystem.read(path, limit: 1 << 16) == whole)
  }

  @Test func aRecordOfAnotherRootSaysNothing() throws {
    let setup = try Setup()
    try setup.refresh()
    setup.repository.root.version = 2
    setup.repository.targets.keys = [try PrivateKey()]
    try setup.repository.publish()
    let reason = refusal { () throws(TUFError) in try setup.refresh() }
    // The stored targets are not signed by the new key, and what is published lists others by the same version.
    #expect(reason == "wrongHash")
  }

  @Test func readsWhatItWrote() throws {
    let stored = LastRefresh.Stored(
      version: 3, expires: .max, identity: try #require(FileIdentity([1, 2, 999_999_999, 4, 5, 6])))
    for value in [nil, Validator(utf8("\"a b\"")), Validator([0x41])] {
      let record = LastRefresh(
        root: [1, 255], timestamp: [], snapshot: stored, targets: stored,
        validator: value.map { ("https://example.com/timestamp.json", $0) })
      #expect(LastRefresh(record.lines)?.lines == record.lines)
      #expect((LastRefresh(record.lines)?.validator == nil) == (value == nil))
    }
  }

  // MARK: Conditional requests

  @Test func asksWhetherTheTimestampHasChanged() throws {
    let setup = try Setup()
    setup.fetcher.offersTags = true
    try setup.refresh()
    #expect(setup.fetcher.tags.allSatisfy { $0 == nil })
    setup.fetcher.forget()
    try setup.refresh()
    #expect(setup.fetcher.requests == nothingNew)
    #expect(setup.fetcher.tags.map { $0 != nil } == [false, true])
    setup.repository.bump()
    try setup.repository.publish()
    try setup.refresh()
    #expect(try setup.stored("timestamp") == setup.repository.timestampBytes())
  }

  @Test func asksForAnotherInPlaceOfAnExpiredTimestampWithoutACondition() throws {
    let setup = try Setup { $0.timestamp.expires = now + 60 }
    setup.fetcher.offersTags = true
    try setup.refresh()
    setup.fetcher.forget()
    #expect(refusal { () throws(TUFError) in try setup.refresh(at: now + 61) } == "expired")
    #expect(setup.fetcher.tags == [nil, nil])
  }

  @Test func keepsNoPasswordOfAURL() throws {
    let setup = try Setup()
    setup.fetcher.offersTags = true
    let client = try Client(
      store: setup.store, shippedRoot: setup.shipped, metadataURL: "memory://metadata",
      fetcher: setup.fetcher, now: now)
    try client.refresh()
    let record = setup.store.folder.path.appending("last-refresh")
    #expect(
      try String(decoding: FileSystem.read(record, limit: 1 << 16), as: UTF8.self)
        .contains("entity-tag"))
    #expect(
      RequestPath.withoutPassword("https://me:secret@example.com/a@b") == "https://example.com/a@b")
    #expect(RequestPath.withoutPassword("https://example.com/a@b") == "https://example.com/a@b")
  }

  @Test func aRecordThatCannotBeReadIsAsGoodAsNone() throws {
    let setup = try Setup()
    try setup.refresh()
    let path = setup.store.folder.path.appending("last-refresh")
    try FileSystem.removeIfPresent(path)
    try FileSystem.makeDirectory(path)
    try setup.refresh()
    #expect(try setup.stored("timestamp") == setup.repository.timestampBytes())
  }

  @Test func asksForAllOfItWhereTheStoredOneIsGoneOrAnother() throws {
    let setup = try Setup()
    setup.fetcher.offersTags = true
    try setup.refresh()
    try FileSystem.removeIfPresent(setup.store.folder.path.appending("timestamp.json"))
    setup.fetcher.forget()
    try setup.refresh()
    #expect(setup.fetcher.tags.allSatisfy { $0 == nil })
    let client = try Client(
      store: setup.store, shippedRoot: nil, metadataURL: "memory://metadata/",
      fetcher: setup.fetcher, now: now)
    setup.fetcher.forget()
    try client.refresh()
    #expect(setup.fetcher.tags.last != .some(nil))
  }
}
