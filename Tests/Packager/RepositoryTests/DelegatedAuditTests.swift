import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// Faults that are planted, one at a time, below the top-level targets.
struct DelegatedAuditTests {
  /// A role "docs" with a target and an earlier version, and four bins below a role "tier".
  private static func life() throws -> Setup {
    let setup = try Setup()
    let key = try PrivateKey()
    let ring = KeyRing(setup.keys + [key])
    var repository = try setup.create()
    let docs = Delegation(
      try Role(named: "docs"), .paths(["docs/*"]), keys: [key.object])
    _ = try repository.delegate(docs, keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("docs/a", "one")], keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("docs/b", "two")], keys: ring, now: now)
    var tier = Delegation(try Role(named: "tier"), .paths(["*"]), keys: [key.object])
    tier.delegatesFurther = true
    _ = try repository.delegate(tier, keys: ring, now: now)
    var bins = Delegation(
      try Role(named: "bin"), .bins(bits: 2, isSuccinct: true), keys: [key.object])
    bins.days = 9
    _ = try repository.delegate(bins, from: try Role(named: "tier"), keys: ring, now: now)
    for name in 0..<8 {
      _ = try repository.addTargets(
        [try setup.addition("f\(name)", "f\(name)")], keys: ring, now: now)
    }
    return setup
  }

  private static func newest(_ folder: Path, _ role: String) throws -> Path {
    let names = try FileSystem.list(folder.appending("metadata")).map {
      String(decoding: $0.name, as: UTF8.self)
    }
    let name = try #require(
      names.filter { $0.hasSuffix(".\(role).json") }.max {
        (Int($0.prefix { $0 != "." }) ?? 0) < (Int($1.prefix { $0 != "." }) ?? 0)
      })
    return folder.appending("metadata/" + name)
  }

  private static func edit(_ path: Path, _ old: String, _ new: String) throws {
    let text = String(decoding: try FileSystem.read(path, limit: 1 << 20), as: UTF8.self)
    #expect(text.contains(old))
    try FileSystem.writeAtomically(
      utf8(text.replacing(old, with: new, maxReplacements: 1)), to: path)
  }

  private static func place(_ text: String, _ name: String) -> String {
    let digits = String(decoding: Digest(.sha256, of: utf8(text)).hex, as: UTF8.self)
    let parts = name.split(separator: "/")
    let folder = parts.dropLast().map { $0 + "/" }.joined()
    return "targets/\(folder)\(digits).\(parts.last ?? "")"
  }

  struct Fault: Sendable {
    let name: String
    let damage: @Sendable (Path) throws -> Void
    /// A part of the file's name, and of what is said of it.
    let found: [(file: String, fault: String)]
  }

  static let faults: [Fault] = [
    Fault(
      name: "a delegated role is missing", damage: { try FileSystem.remove(newest($0, "docs")) },
      found: [(".docs.json", "it is missing")]),
    Fault(
      name: "its signature is changed",
      damage: { try edit(newest($0, "docs"), "\"sig\":\"", "\"sig\":\"00") },
      found: [(".docs.json", "that are listed")]),
    Fault(
      name: "an older version stands in its place",
      damage: { folder in
        let old = folder.appending("metadata/2.docs.json")
        try FileSystem.writeAtomically(
          FileSystem.read(old, limit: 1 << 20), to: newest(folder, "docs"))
      }, found: [(".docs.json", "listed")]),
    Fault(
      name: "it is garbage",
      damage: { try FileSystem.writeAtomically([0], to: newest($0, "docs")) },
      found: [(".docs.json", "1 bytes, but")]),
    Fault(
      name: "its target is missing",
      damage: { try FileSystem.remove($0.appending(place("one", "docs/a"))) },
      found: [(".a", "it is missing")]),
    Fault(
      name: "its target is changed",
      damage: {
        try FileSystem.writeAtomically(utf8("eno"), to: $0.appending(place("one", "docs/a")))
      },
      found: [(".a", "does not have the hash")]),
    Fault(
      name: "a bin is missing", damage: { try FileSystem.remove(newest($0, "bin-2")) },
      found: [(".bin-2.json", "it is missing")]),
    Fault(
      name: "a bin is signed by nobody",
      damage: { folder in
        // Bins are listed by their version alone: only the signature tells.
        let path = try newest(folder, "bin-1")
        try edit(path, "\"expires\":\"2023", "\"expires\":\"2033")
      }, found: [(".bin-1.json", "not properly signed")]),
    Fault(
      name: "a bin in place of another",
      damage: { folder in
        try FileSystem.writeAtomically(
          FileSystem.read(folder.appending("metadata/1.bin-0.json"), limit: 1 << 20),
          to: newest(folder, "bin-3"))
      }, found: [(".bin-3.json", "has version 1, but")]),
    Fault(
      name: "a target of a bin is cut",
      damage: { try FileSystem.writeAtomically([], to: $0.appending(place("f3", "f3"))) },
      found: [(".f3", "0 bytes, but 2")]),
    Fault(
      name: "a newer version that nobody lists",
      damage: { try FileSystem.writeAtomically([], to: $0.appending("metadata/99.docs.json")) },
      found: [("99.docs.json", "nothing refers to it")]),
    Fault(
      name: "a bin too many",
      damage: { try FileSystem.writeAtomically([], to: $0.appending("metadata/1.bin-4.json")) },
      found: [("1.bin-4.json", "nothing refers to it")]),
  ]

  @Test(arguments: faults.indices)
  func findsAFault(index: Int) throws {
    let fault = Self.faults[index]
    let setup = try Self.life()
    try fault.damage(setup.folder)
    let findings = try setup.findings()
    #expect(findings.count == fault.found.count, "\(fault.name): \(findings)")
    for (finding, expected) in zip(findings, fault.found) {
      #expect(finding.file.hasSuffix(expected.file), "\(fault.name): \(finding)")
      #expect(finding.fault.contains(expected.fault), "\(fault.name): \(finding)")
    }
  }

  @Test func soundnessIsSeen() throws {
    let setup = try Self.life()
    for files in [RepositoryAudit.Files.elsewhere, .lengths, .contents] {
      #expect(try RepositoryAudit(setup.folder, now: now, files: files).findings == [])
    }
  }

  @Test func binsThatRanOutAreNamed() throws {
    let setup = try Self.life()
    let findings = try RepositoryAudit(setup.folder, now: now + 10 * day).findings
    #expect(findings.count == 4)
    #expect(findings.allSatisfy { $0.file.contains(".bin-") && $0.fault.contains("expired on") })
  }

  @Test func targetsThatNoClientReachesAreNamed() throws {
    let setup = try Setup()
    let key = try PrivateKey()
    let ring = KeyRing(setup.keys + [key])
    var repository = try setup.create()
    for (role, pattern) in [("docs", "docs/*"), ("wide", "*/*")] {
      _ = try repository.delegate(
        Delegation(try Role(named: role), .paths([pattern]), keys: [key.object]), keys: ring,
        now: now)
    }
    _ = try repository.addTargets(
      [try setup.addition("docs/a", "a"), try setup.addition("more/b", "b")], keys: ring, now: now)
    // By another hand: what "wide" lists stands in "docs" as well.
    let signed = try #require(
      try repository.state.delegated(Role(named: "wide"), by: repository.state.targets)
    ).metadata.signed
    _ = try repository.change(keys: ring, now: now) { (repository) throws(RepositoryError) in
      let router = TargetRouter(repository.state)
      return Change(roles: [
        try router.edit(Role(named: "docs")) { () throws(RepositoryError) in .editing(signed, [:]) }
      ])
    }
    let findings = try RepositoryAudit(setup.folder, now: now).findings
    #expect(findings.map(\.file) == ["metadata/3.docs.json"])
    #expect(findings.first?.fault.contains("no client looks there for more/b") == true)
  }

  /// Delegates as another program might, which counts nobody.
  private func force(
    _ delegation: Delegation, in repository: inout RepositoryFolder, _ keys: KeyRing
  ) throws {
    _ = try repository.change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      let targets = repository.state.targets
      let edited = try DelegationList(targets).adding(delegation, in: .targets) ?? [:]
      let authority = Authority(RoleAssignment(delegation.role, keys: delegation.keys))
      return Change(roles: [
        try TargetRouter(repository.state).edit(.targets) { () throws(RepositoryError) in
          .editing(targets.metadata.signed, ["delegations": edited])
        },
        RoleEdit(role: delegation.role, delegator: .targets, needed: [authority]) {
          () throws(RepositoryError) in delegation.contents()
        },
      ])
    }
  }

  /// What is delegated, one role after the other, and how many of them are taken.
  @Test(arguments: [
    (Array(repeating: Delegation.Scope.paths(["docs/*"]), count: 33), 32),
    (Array(repeating: .paths(["docs/*"]), count: 32) + [.paths(["more/*", "*/*"])], 32),
    (Array(repeating: .paths(["docs/*"]), count: 32) + [.paths(["docs/*/*"])], 33),
    (Array(repeating: .hashPrefixes(["ab"]), count: 32) + [.hashPrefixes(["ab0"])], 32),
    (Array(repeating: .hashPrefixes(["ab"]), count: 32) + [.hashPrefixes(["a"])], 32),
    (Array(repeating: .hashPrefixes(["ab"]), count: 32) + [.hashPrefixes(["ac"])], 33),
  ])
  func moreRolesThanClientsAskAreRefused(scopes: [Delegation.Scope], taken: Int) throws {
    let setup = try Setup()
    let key = try PrivateKey()
    var repository = try setup.create()
    let keys = KeyRing(setup.keys + [key])
    for (number, scope) in scopes.enumerated() {
      let role = Delegation(try Role(named: "role-\(number)"), scope, keys: [key.object])
      let said = refusal { () throws(RepositoryError) in
        _ = try repository.delegate(role, keys: keys, now: now)
      }
      #expect(said == (number < taken ? "nothing" : "badScope"), "\(number)")
    }
    #expect(try RepositoryAudit(setup.folder, now: now).findings == [])
  }

  /// Clients ask 32 roles beside the top-level targets; how many speak for one path, and whether that is found.
  @Test(arguments: [(32, false), (33, true), (40, true)])
  func moreRolesThanClientsAskAreFound(count: Int, isFound: Bool) throws {
    let setup = try Setup()
    let key = try PrivateKey()
    var repository = try setup.create()
    for number in 0..<count {
      let docs = Delegation(
        try Role(named: "docs-\(number)"), .paths(["docs/*"]), keys: [key.object])
      try force(docs, in: &repository, KeyRing(setup.keys + [key]))
    }
    let findings = try RepositoryAudit(setup.folder, now: now).findings
    let version = repository.version(of: .targets)
    #expect(
      findings
        == (isFound
          ? [
            Finding(
              "metadata/\(version).targets.json",
              "clients give up before they have asked all roles for docs/*: they ask 32; delegate to fewer, or to bins"
            )
          ] : []))
  }

  @Test func moreRolesForOneHashThanClientsAskAreFound() throws {
    let setup = try Setup()
    let key = try PrivateKey()
    var repository = try setup.create()
    for number in 0..<34 {
      let role = Delegation(
        try Role(named: "r\(number)"), .hashPrefixes([number == 33 ? "ab0" : "ab"]),
        keys: [key.object])
      try force(role, in: &repository, KeyRing(setup.keys + [key]))
    }
    let faults = try RepositoryAudit(setup.folder, now: now).findings.map(\.fault)
    #expect(faults.count == 1)
    #expect(faults.first?.contains("hashes that begin with ab and 1 like it") == true)
  }
}
