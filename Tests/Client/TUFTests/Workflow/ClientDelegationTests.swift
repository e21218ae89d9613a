import FileSystem
import JSON
import Repository
import Testing

@testable import TUF

@Suite struct ClientDelegationTests {
  /// Adds a role; each has one key of its own.
  private func add(
    _ repository: MemoryRepository, _ name: String, paths: JSONBuilder = ["*"],
    terminating: Bool = false, targets: [String] = [], delegations: [String] = []
  ) throws {
    repository.delegated.append(
      .init(
        name: name, part: .init(keys: [try PrivateKey()]), paths: paths,
        terminating: terminating, targets: targets.map { ($0, utf8("by \(name)")) },
        delegations: delegations))
  }

  /// The roles that a search fetched, and the length that tells who vouched for what was found.
  private func search(
    _ setup: Setup, _ path: String, limits: Limits = Limits()
  ) throws -> (visited: [String], length: Int64?) {
    let client = try setup.client(limits: limits)
    try client.refresh()
    setup.fetcher.forget()
    let found = try client.target(utf8(path))
    let visited = setup.fetcher.requests.map { request in
      String(request.dropFirst("/metadata/1.".count).dropLast(".json".count))
    }
    return (visited, found?.length)
  }

  @Test func searchesPreOrderAndDepthFirst() throws {
    let setup = try Setup {
      $0.delegations = ["a", "b"]
      try add($0, "a", delegations: ["a1", "a2"])
      try add($0, "a1")
      try add($0, "a2")
      try add($0, "b", targets: ["x"], delegations: ["b1"])
      try add($0, "b1", targets: ["x"])
    }
    let found = try search(setup, "x")
    #expect(found.visited == ["a", "a1", "a2", "b"])
    #expect(found.length == 4)
  }

  @Test func visitsOnlyRolesThatAreTrustedForThePath() throws {
    let setup = try Setup {
      $0.delegations = ["zip", "dir", "hash"]
      try add($0, "zip", paths: ["*.zip"], targets: ["dir/x"])
      try add($0, "dir", paths: ["dir/?"], targets: ["dir/x", "y"])
      try add($0, "hash", targets: ["y"])
    }
    #expect(try search(setup, "dir/x").visited == ["dir"])
    #expect(try search(setup, "y").visited == ["hash"])
  }

  @Test func fetchesAVerifiedRoleOnlyOnce() throws {
    let setup = try Setup {
      $0.delegations = ["a"]
      try add($0, "a", targets: ["x"])
    }
    #expect(try search(setup, "x").visited == ["a"])
    #expect(try search(setup, "x").visited == [])
  }

  @Test func endsInACycle() throws {
    let setup = try Setup {
      $0.delegations = ["a"]
      try add($0, "a", delegations: ["b"])
      try add($0, "b", delegations: ["a", "b", "c"])
      try add($0, "c", targets: ["x"])
    }
    #expect(try search(setup, "x").visited == ["a", "b", "c"])
    #expect(try search(setup, "y").length == nil)
  }

  @Test func goesNoFurtherThanATerminatingRole() throws {
    let setup = try Setup {
      $0.delegations = ["a", "b"]
      try add($0, "a", terminating: true, delegations: ["a1"])
      try add($0, "a1")
      try add($0, "b", targets: ["x"])
    }
    let found = try search(setup, "x")
    #expect(found.visited == ["a", "a1"])
    #expect(found.length == nil)
  }

  @Test func passesOverATerminatingRoleThatIsNotTrustedForThePath() throws {
    let setup = try Setup {
      $0.delegations = ["a", "b"]
      try add($0, "a", paths: ["*.zip"], terminating: true)
      try add($0, "b", targets: ["x"])
    }
    #expect(try search(setup, "x").visited == ["b"])
  }

  @Test func goesNoFurtherThanATerminatingDelegationToARoleItHasVisited() throws {
    // The role `a` is reached once by way of `first`, then again by the terminating delegation.
    let setup = try Setup {
      try add($0, "first", delegations: ["a"])
      try add($0, "a")
      try add($0, "last", targets: ["x"])
      let roles = $0.delegated.map { role -> JSONBuilder in
        [
          "name": .text(role.name), "keyids": role.part.ids, "threshold": 1,
          "terminating": .boolean(role.name == "a"), "paths": ["*"],
        ]
      }
      let keys = $0.delegated.map { (utf8($0.part.keys[0].object.id), $0.part.keys[0].object.json) }
      $0.rawDelegations = ["keys": .object(keys), "roles": .array(roles)]
    }
    let found = try search(setup, "x")
    #expect(found.visited == ["first", "a"])
    #expect(found.length == nil)
  }

  @Test func visitsNoMoreRolesThanTheLimit() throws {
    let setup = try Setup {
      $0.delegations = ["r0"]
      for index in 0..<6 {
        try add(
          $0, "r\(index)", targets: index == 5 ? ["x"] : [],
          delegations: index == 5 ? [] : ["r\(index + 1)"])
      }
    }
    var limits = Limits()
    limits.delegations = 5
    #expect(
      refusal { () throws(TUFError) in
        let client = try setup.client(limits: limits)
        try client.refresh()
        _ = try client.target(utf8("x"))
      } == "tooManyDelegations")
    #expect(setup.fetcher.requests.filter { $0.contains(".r") && !$0.contains("root") }.count == 5)
    limits.delegations = 6
    #expect(try search(setup, "x", limits: limits).length != nil)
  }

  @Test func refusesARoleThatItsDelegatorDidNotGiveTheKeysOf() throws {
    let setup = try Setup {
      $0.delegations = ["a"]
      try add($0, "a", targets: ["x"])
      $0.delegated[0].part.signers = $0.targets.keys
    }
    let client = try setup.client()
    try client.refresh()
    #expect(refusal { () throws(TUFError) in _ = try client.target(utf8("x")) } == "unsigned")
    #expect(try setup.stored("a") == nil)
  }

  @Test func refusesARoleThatTheSnapshotDoesNotList() throws {
    let setup = try Setup {
      $0.delegations = ["a"]
      try add($0, "a", targets: ["x"])
    }
    let role = setup.repository.delegated[0]
    setup.repository.rawDelegations = [
      "keys": [:],
      "roles": [
        [
          "name": "ghost", "keyids": role.part.ids, "threshold": 1, "terminating": false,
          "paths": ["*"],
        ]
      ],
    ]
    setup.repository.bump()
    try setup.repository.publish()
    let client = try setup.client()
    try client.refresh()
    #expect(refusal { () throws(TUFError) in _ = try client.target(utf8("x")) } == "notListed")
  }

  @Test(arguments: ["root", "timestamp", "snapshot", "targets"])
  func refusesADelegationToATopLevelRole(name: String) throws {
    let setup = try Setup {
      $0.rawDelegations = [
        "keys": [:],
        "roles": [
          [
            "name": .text(name), "keyids": [], "threshold": 1, "terminating": false,
            "paths": ["*"],
          ]
        ],
      ]
    }
    #expect(refusal { () throws(TUFError) in try setup.refresh() } == "malformed")
    #expect(try setup.stored("root") == setup.shipped)
  }

  @Test(arguments: [
    "../../escaped", "/tmp/escaped", "..", ".", "", "a/b", "a\\b", "1.root", "root.json", "é😀",
    "a\u{0}b", "%2e%2e%2f", "a?b#c", "\n",
  ])
  func keepsHostileRoleNamesInsideTheFolder(name: String) throws {
    let setup = try Setup {
      $0.delegations = [name]
      try add($0, name, targets: ["x"])
    }
    let outside = try setup.scratch.names()
    let found = try search(setup, "x")
    #expect(found.length != nil)
    #expect(try setup.stored("root") == setup.shipped)
    #expect(try setup.scratch.names() == (outside + ["trusted"]).sorted())
    let files = try setup.scratch.names("trusted")
    #expect(files.count == 7)
    #expect(files.filter { !$0.hasSuffix(".json") } == ["last-refresh", "last-time"])
  }

  @Test func findsTargetsInHashedBins() throws {
    let setup = try Setup { repository in
      let key = try PrivateKey()
      for bin in 0..<8 {
        repository.delegated.append(
          .init(name: "bin-\(bin)", part: .init(keys: [key]), paths: nil))
      }
      for index in 0..<40 {
        let path = "app-\(index).zip"
        let bin = Int(Digest(.sha256, of: utf8(path)).bytes[0] >> 5)
        repository.delegated[bin].targets.append((path, utf8(path)))
      }
      repository.rawDelegations = [
        "keys": .object([(utf8(key.object.id), key.object.json)]),
        "succinct_roles": [
          "keyids": [.text(key.object.id)], "threshold": 1, "bit_length": 3,
          "name_prefix": "bin",
        ],
      ]
    }
    for index in 0..<40 {
      let found = try search(setup, "app-\(index).zip")
      #expect(found.length == Int64("app-\(index).zip".utf8.count))
      #expect(found.visited.count <= 1)
    }
  }

  @Test func findsTargetsByHashPrefixes() throws {
    let digits = String(decoding: Digest(.sha256, of: utf8("x")).hex.prefix(2), as: UTF8.self)
    let setup = try Setup { repository in
      let parts = [try PrivateKey(), try PrivateKey()]
      func role(_ name: String, _ key: PrivateKey, _ prefix: String) -> JSONBuilder {
        repository.delegated.append(
          .init(name: name, part: .init(keys: [key]), targets: [("x", utf8(name))]))
        return [
          "name": .text(name), "keyids": [.text(key.object.id)], "threshold": 1,
          "terminating": false, "path_hash_prefixes": [.text(prefix)],
        ]
      }
      repository.rawDelegations = [
        "keys": .object(parts.map { (utf8($0.object.id), $0.object.json) }),
        "roles": [role("other", parts[0], "zz"), role("right", parts[1], digits)],
      ]
    }
    #expect(try search(setup, "x").visited == ["right"])
  }
}
