import FileSystem
import Repository
import TUF
import Testing

/// A look at many delegated roles reads those that have changed since the last one.
struct DelegatedStatusTests {
  private let setup: Setup
  private let keys: KeyRing
  private let writer: PrivateKey
  private var repository: RepositoryFolder

  init() throws {
    setup = try Setup()
    let key = try PrivateKey()
    keys = KeyRing(setup.keys + [key])
    repository = try setup.create()
    _ = try repository.delegate(
      Delegation(try Role(named: "bins"), .bins(bits: 6, isSuccinct: true), keys: [key.object]),
      keys: keys, now: now)
    writer = key
  }

  private var notes: Path { setup.folder.appending("role-notes") }

  private func written() throws -> String {
    String(decoding: try FileSystem.read(notes, limit: 1 << 20), as: UTF8.self)
  }

  private func rewrite(_ change: (String) -> String) throws {
    try FileSystem.writeAtomically(utf8(change(try written())), to: notes)
  }

  /// Everything that a status says of each role.
  private func said(at time: Int64 = now) throws -> [String] {
    try RepositoryFolder(setup.folder).delegatedStatus(now: time).map { status in
      "\(status.role.name) \(status.version) \(status.expires) \(status.daysLeft) \(status.targets)"
        + " \(status.bins ?? "-") \(status.delegator?.name ?? "-") \(status.threshold)"
        + " \(status.keyIDs) \(status.signedBy) \(status.keys.count) \(status.period)"
    }
  }

  @Test func aSecondLookSaysWhatTheFirstOneDid() throws {
    let first = try said()
    #expect(first.count == 64)
    #expect(try written().split(separator: "\n").count == 66)
    #expect(try said() == first)
  }

  @Test mutating func whatHasChangedIsReadAnew() throws {
    _ = try said()
    try repository.addTargets([setup.addition("a", "one")], keys: keys, now: now + day)
    let warm = try said()
    try FileSystem.remove(notes)
    #expect(try said() == warm)
    #expect(warm.filter { $0.hasPrefix("bins-") && $0.split(separator: " ")[1] == "2" }.count == 1)
  }

  /// What is noted of a file counts as long as it is that file.
  @Test func onlyFilesThatAreNotAsTheyWereAreRead() throws {
    let first = try said()
    let line = try #require(try written().split(separator: "\n").first { $0.hasSuffix(" bins-07") })
    var words = line.split(separator: " ").map(String.init)
    words[9] = "77"
    let lie = words.joined(separator: " ")
    try rewrite { $0.replacing(line, with: lie) }
    #expect(try said().filter { !first.contains($0) }.map { $0.split(separator: " ")[4] } == ["77"])
    // The same bytes, written again.
    let file = setup.folder.appending("metadata/1.bins-07.json")
    try FileSystem.writeAtomically(try FileSystem.read(file, limit: 1 << 20), to: file)
    #expect(try said() == first)
  }

  @Test(arguments: ["", "esky-role-notes 2\nend\n", "esky-role-notes 1\n", "x", "\u{0}"])
  func notesThatCanNotBeReadAreAsGoodAsNone(text: String) throws {
    let first = try said()
    try rewrite { _ in text }
    #expect(try said() == first)
  }

  @Test(arguments: [0, 1, 8, 9, 10, 11, 12, 13])
  func aLineWithAWrongWordIsAsGoodAsNone(place: Int) throws {
    let first = try said()
    for wrong in ["-1", "x", "", "99999999999999999999", "9"] {
      try rewrite { text in
        text.split(separator: "\n").map { line -> String in
          guard line.hasSuffix(" bins-07") || line.hasSuffix(" bins-08") else {
            return String(line)
          }
          var words = line.split(separator: " ").map(String.init)
          // Of a period, a number of targets, or a flag, nobody can tell.
          if ![8, 9, 10].contains(place) || Int(wrong) == nil { words[place] = wrong }
          return words.joined(separator: " ")
        }.joined(separator: "\n") + "\n"
      }
      #expect(try said() == first, "\(wrong)")
      try FileSystem.remove(notes)
      _ = try said()
    }
  }

  /// New keys of bins: what was checked against the old ones is checked again.
  @Test mutating func newKeysAreWhatSignaturesAreCheckedAgainst() throws {
    _ = try said()
    let key = try PrivateKey()
    _ = try repository.rotate(
      [(Role(named: "bins"), KeyRotation(adding: [key.object], revoking: [writer.object.id]))],
      keys: KeyRing(setup.keys + [key]), now: now)
    for status in try RepositoryFolder(setup.folder).delegatedStatus(now: now) {
      #expect(status.signedBy == [key.object.id])
    }
  }

  @Test func aFewRolesAreNotWorthANote() throws {
    let setup = try Setup()
    _ = try setup.create()
    #expect(try RepositoryFolder(setup.folder).delegatedStatus(now: now).isEmpty)
    #expect(try setup.names("") == ["lock", "metadata", "targets"])
  }

  @Test func theNotesGoWithTheRepository() throws {
    _ = try said()
    try RepositoryFolder.destroy(setup.folder, confirming: Array(setup.folder.lastComponent))
    #expect(try !FileSystem.exists(setup.folder))
  }
}
