import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// Faults that are planted, one at a time, into a repository that has lived a while.
struct AuditTests {
  /// Two more roots, three versions of targets, a file in a folder, one that was replaced.
  private static func life() throws -> Setup {
    let setup = try Setup()
    var repository = try setup.create()
    try repository.addTargets([try setup.addition("a", "one")], keys: setup.ring, now: now)
    try repository.refresh([.root], keys: setup.ring, now: now)
    try repository.addTargets(
      [try setup.addition("dir/b", "two")], keys: setup.ring, now: now)
    try repository.addTargets(
      [try setup.addition("a", "three")], replacing: true, keys: setup.ring, now: now)
    try repository.refresh([.root], keys: setup.ring, now: now)
    return setup
  }

  private func audit(
    _ setup: Setup, at time: Int64 = now, deep: Bool = true
  ) throws(RepositoryError) -> [Finding] {
    try RepositoryAudit(setup.folder, now: time, files: deep ? .contents : .lengths).findings
  }

  @Test(arguments: [true, false])
  func findsNothingInASoundRepository(deep: Bool) throws {
    #expect(try audit(try Self.life(), deep: deep) == [])
    let empty = try Setup()
    _ = try empty.create()
    #expect(try audit(empty, deep: deep) == [])
  }

  /// What is done to a file, and what is found: the file, and a part of the fault.
  struct Fault: Sendable {
    let name: String
    let damage: @Sendable (Path) throws -> Void
    let found: [(file: String, fault: String)]
  }

  private static func at(_ folder: Path, _ name: String) -> Path { folder.appending(name) }

  private static func edit(_ path: Path, _ change: ([UInt8]) -> [UInt8]) throws {
    try FileSystem.writeAtomically(
      change(try FileSystem.read(path, limit: 1 << 20)), to: path)
  }

  private static func remove(_ name: String) -> @Sendable (Path) throws -> Void {
    { try FileSystem.remove(at($0, name)) }
  }

  private static func write(_ name: String, _ text: String) -> @Sendable (Path) throws -> Void {
    { try FileSystem.writeAtomically(utf8(text), to: at($0, name)) }
  }

  /// Changes a digit of what is signed, or of the first signature.
  private static func flip(
    _ name: String, signature: Bool = false
  ) -> @Sendable (Path) throws -> Void {
    { folder in
      try edit(at(folder, name)) { bytes in
        var changed = bytes
        let text = String(decoding: bytes, as: UTF8.self)
        let mark = signature ? "\"sig\":\"" : "\"expires\":\"20"
        let place = text.range(of: mark).map {
          text.utf8.distance(from: text.startIndex, to: $0.upperBound)
        }
        changed[place ?? 0] = changed[place ?? 0] == 0x31 ? 0x32 : 0x31
        return changed
      }
    }
  }

  private static func cut(_ name: String) -> @Sendable (Path) throws -> Void {
    { try edit(at($0, name)) { Array($0.dropLast(7)) } }
  }

  private static func target(_ text: String, _ name: String) -> String {
    let digits = String(decoding: Digest(.sha256, of: utf8(text)).hex, as: UTF8.self)
    let parts = name.split(separator: "/")
    return
      (["targets"] + parts.dropLast().map(String.init) + [digits + "." + parts[parts.count - 1]])
      .joined(separator: "/")
  }

  static let faults: [Fault] = [
    Fault(
      name: "no timestamp", damage: remove("metadata/timestamp.json"),
      found: [("metadata/timestamp.json", "missing")]),
    Fault(
      name: "timestamp of text", damage: write("metadata/timestamp.json", "hello"),
      found: [("metadata/timestamp.json", "not valid metadata")]),
    Fault(
      name: "timestamp changed", damage: flip("metadata/timestamp.json"),
      found: [("metadata/timestamp.json", "not properly signed")]),
    Fault(
      name: "timestamp signature changed", damage: flip("metadata/timestamp.json", signature: true),
      found: [("metadata/timestamp.json", "not properly signed")]),
    Fault(
      name: "timestamp too long",
      damage: write("metadata/timestamp.json", String(repeating: " ", count: 20_000)),
      found: [("metadata/timestamp.json", "longer")]),
    Fault(
      name: "no snapshot", damage: remove("metadata/4.snapshot.json"),
      found: [("metadata/4.snapshot.json", "missing")]),
    Fault(
      name: "snapshot cut", damage: cut("metadata/4.snapshot.json"),
      found: [("metadata/4.snapshot.json", "bytes")]),
    Fault(
      name: "snapshot changed", damage: flip("metadata/4.snapshot.json"),
      found: [("metadata/4.snapshot.json", "hash")]),
    Fault(
      name: "an earlier snapshot cut", damage: cut("metadata/3.snapshot.json"),
      found: [("metadata/3.snapshot.json", "not valid metadata")]),
    Fault(
      name: "an earlier targets in place of another",
      damage: { folder in
        let older = try FileSystem.read(at(folder, "metadata/1.targets.json"), limit: 1 << 20)
        try edit(at(folder, "metadata/2.targets.json")) { _ in older }
      },
      found: [("metadata/2.targets.json", "it has version 1")]),
    Fault(
      name: "an earlier snapshot in place of targets",
      damage: { folder in
        let other = try FileSystem.read(at(folder, "metadata/2.snapshot.json"), limit: 1 << 20)
        try edit(at(folder, "metadata/2.targets.json")) { _ in other }
      },
      found: [("metadata/2.targets.json", "not valid metadata")]),
    Fault(
      name: "no targets", damage: remove("metadata/4.targets.json"),
      found: [("metadata/4.targets.json", "missing")]),
    Fault(
      name: "targets cut", damage: cut("metadata/4.targets.json"),
      found: [("metadata/4.targets.json", "bytes")]),
    Fault(
      name: "targets changed", damage: flip("metadata/4.targets.json"),
      found: [("metadata/4.targets.json", "hash")]),
    Fault(
      name: "a root is missing", damage: remove("metadata/2.root.json"),
      found: [
        ("metadata/2.root.json.gz", "no client gets to it"),
        ("metadata/3.root.json", "no client gets to it"),
      ]),
    Fault(
      name: "a root is changed", damage: flip("metadata/2.root.json"),
      found: [
        ("metadata/2.root.json", "not properly signed"),
        ("metadata/3.root.json", "no client gets to it"),
      ]),
    Fault(
      name: "the first root is changed", damage: flip("metadata/1.root.json"),
      found: [("metadata/1.root.json", "not properly signed")]),
    Fault(
      name: "a root in place of another",
      damage: { try edit(at($0, "metadata/3.root.json")) { _ in [] } },
      found: [("metadata/3.root.json", "not valid metadata")]),
    Fault(
      name: "a root by another name",
      damage: { folder in
        let bytes = try FileSystem.read(at(folder, "metadata/2.root.json"), limit: 1 << 20)
        try FileSystem.writeAtomically(bytes, to: at(folder, "metadata/3.root.json"))
      }, found: [("metadata/3.root.json", "rollback")]),
    Fault(
      name: "no target file", damage: remove(target("two", "dir/b")),
      found: [(target("two", "dir/b"), "missing")]),
    Fault(
      name: "target file cut", damage: write(target("three", "a"), "thre"),
      found: [(target("three", "a"), "4 bytes, but 5 are listed")]),
    Fault(
      name: "target file changed", damage: write(target("three", "a"), "threE"),
      found: [(target("three", "a"), "hash")]),
    Fault(
      name: "target file is a folder",
      damage: { folder in
        try FileSystem.remove(at(folder, target("two", "dir/b")))
        try FileSystem.makeDirectory(at(folder, target("two", "dir/b")))
      }, found: [(target("two", "dir/b"), "no ordinary file")]),
    Fault(
      name: "the timestamp is a folder",
      damage: { folder in
        try FileSystem.remove(at(folder, "metadata/timestamp.json"))
        try FileSystem.makeDirectory(at(folder, "metadata/timestamp.json"))
      }, found: [("metadata/timestamp.json", "no ordinary file")]),
    Fault(
      name: "a compressed copy is a folder",
      damage: { folder in
        let copy = at(folder, "metadata/4.targets.json.gz")
        try FileSystem.removeIfPresent(copy)
        try FileSystem.makeDirectory(copy)
      }, found: [("metadata/4.targets.json.gz", "no ordinary file")]),
    Fault(
      name: "stray target", damage: write("targets/stray", "x"),
      found: [("targets/stray", "no version of any role lists it")]),
    Fault(
      name: "stray target in a folder", damage: write("targets/dir/stray", "x"),
      found: [("targets/dir/stray", "no version of any role lists it")]),
    Fault(
      name: "stray metadata", damage: write("metadata/notes.txt", "x"),
      found: [("metadata/notes.txt", "nothing refers to it")]),
    Fault(
      name: "half-written metadata", damage: write("metadata/timestamp.json.new", "x"),
      found: [("metadata/timestamp.json.new", "nothing refers to it")]),
    Fault(
      name: "a compressed copy of something else",
      damage: { folder in
        try FileSystem.rename(
          at(folder, "metadata/2.root.json.gz"), to: at(folder, "metadata/3.root.json.gz"))
      }, found: [("metadata/3.root.json.gz", "does not decompress to 3.root.json")]),
    Fault(
      name: "a compressed copy cut short",
      damage: { folder in
        try edit(at(folder, "metadata/3.root.json.gz")) { $0.dropLast(4) }
      }, found: [("metadata/3.root.json.gz", "does not decompress to 3.root.json")]),
    Fault(
      name: "a compressed timestamp", damage: write("metadata/timestamp.json.gz", "x"),
      found: [("metadata/timestamp.json.gz", "can't change in one step")]),
    Fault(
      name: "a compressed copy of nothing", damage: write("metadata/7.other.json.gz", "x"),
      found: [("metadata/7.other.json.gz", "nothing refers to it")]),
    Fault(
      name: "targets newer than the current", damage: write("metadata/9.targets.json", "{}"),
      found: [("metadata/9.targets.json", "nothing refers to it")]),
    Fault(
      name: "a role that nobody delegates to", damage: write("metadata/1.other.json", "{}"),
      found: [("metadata/1.other.json", "nothing refers to it")]),
  ]

  @Test(arguments: faults.indices)
  func findsAFault(index: Int) throws {
    let fault = Self.faults[index]
    let setup = try Self.life()
    try fault.damage(setup.folder)
    let findings = try audit(setup)
    #expect(findings.map(\.file) == fault.found.map(\.file), "\(fault.name): \(findings)")
    for (finding, expected) in zip(findings, fault.found) {
      #expect(finding.fault.contains(expected.fault), "\(fault.name): \(finding)")
    }
  }

  @Test func looksAtLengthsAloneUnlessItIsDeep() throws {
    let setup = try Self.life()
    try FileSystem.writeAtomically(
      utf8("threE"), to: setup.folder.appending(Self.target("three", "a")))
    #expect(try audit(setup, deep: false) == [])
    #expect(try audit(setup, deep: true).count == 1)
  }

  @Test(arguments: [
    (21, ["metadata/timestamp.json", "metadata/4.snapshot.json"]),
    (
      397,
      [
        "metadata/3.root.json", "metadata/timestamp.json", "metadata/4.snapshot.json",
        "metadata/4.targets.json",
      ]
    ),
  ])
  func namesWhatHasExpired(days: Int, files: [String]) throws {
    let findings = try audit(try Self.life(), at: now + Int64(days) * day)
    #expect(findings.map(\.file) == files)
    #expect(findings.allSatisfy { $0.fault.contains("expired on 20") })
  }

  @Test func namesTheRootsThatAreGone() throws {
    let setup = try Self.life()
    for name in ["1.root.json", "2.root.json", "1.root.json.gz", "2.root.json.gz"] {
      try FileSystem.removeIfPresent(setup.folder.appending("metadata/" + name))
    }
    #expect(try audit(setup) == [])
    let findings = try RepositoryAudit(setup.folder, now: now, oldestRoot: 1).findings
    #expect(findings.map(\.file) == ["metadata/2.root.json"])
    #expect(findings.first?.fault.contains("that trust a root before 2 can't follow") == true)
    // Whoever trusts root 2 asks for the third, which is there.
    #expect(try RepositoryAudit(setup.folder, now: now, oldestRoot: 2).findings == [])
  }

  @Test func namesAWaitingChangeThatCannotBeRead() throws {
    let setup = try Self.life()
    let staging = setup.folder.appending("staging")
    try FileSystem.makeDirectory(staging)
    try FileSystem.writeAtomically(utf8("{}"), to: staging.appending("ceremony.json"))
    #expect(try audit(setup).map(\.file) == ["staging"])
  }

  @Test func whatIsNoRepositoryCannotBeChecked() throws {
    let setup = try Setup()
    #expect(refusal { () throws(RepositoryError) in _ = try audit(setup) } == "noRepository")
  }

  @Test func changesNothing() throws {
    let setup = try Self.life()
    let before = try setup.names("metadata") + setup.names("targets")
    _ = try audit(setup)
    #expect(try setup.names("metadata") + setup.names("targets") == before)
  }
}
