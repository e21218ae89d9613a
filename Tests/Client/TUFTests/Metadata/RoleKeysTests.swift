import Testing

@testable import TUF

struct RoleKeysTests {
  /// A root whose root role has the given keys.
  private func root(_ keys: [(id: String, value: String)]) throws -> Root {
    let ids = keys.map { "\"\($0.id)\"" }.joined(separator: ",")
    let role = "{\"keyids\":[\(ids)],\"threshold\":1}"
    let roles = ["root", "timestamp", "snapshot", "targets"].map { "\"\($0)\":\(role)" }
    let objects = keys.map { key in
      "\"\(key.id)\":{\"keytype\":\"ed25519\",\"scheme\":\"ed25519\",\"keyval\":{\"public\":\"\(key.value)\"}}"
    }
    let text = """
      {"signatures":[],"signed":{"_type":"root","spec_version":"1.0.34","version":1,\
      "expires":"2040-01-01T00:00:00Z","consistent_snapshot":true,\
      "keys":{\(objects.joined(separator: ","))},"roles":{\(roles.joined(separator: ","))}}}
      """
    return try Root(parsing: Array(text.utf8), file: "root.json")
  }

  private static let one = String(repeating: "11", count: 32)
  private static let two = String(repeating: "22", count: 32)

  @Test(arguments: [
    (theirs: [("a", one)], expected: true), ([("b", one)], true), ([("a", two)], false),
    ([("a", "")], false), ([("x", two), ("y", one)], true), ([], false),
  ])
  func sharesAKeyByWhatItIs(theirs: [(String, String)], expected: Bool) throws {
    let mine = try root([("a", Self.one), ("unread", "")])
    let other = try root(theirs)
    #expect(mine.root.shares(with: other.root) == expected)
    #expect(other.root.shares(with: mine.root) == expected)
  }
}
