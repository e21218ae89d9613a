import JSON
import Repository
import Testing

@testable import TUF

@Suite struct SuccinctRolesGoldenTests {
  private func roles(_ json: JSONBuilder) throws(TUFError) -> SuccinctRoles {
    let reader = Reader(file: "targets.json")
    guard let bytes = try? json.canonical(), let root = try? JSONDocument(parsing: bytes).root
    else {
      throw reader.missing("succinct_roles", "JSON")
    }
    return try SuccinctRoles(root, keys: JSONIndex(root), reader)
  }

  private func roles(bits: Int64) throws(TUFError) -> SuccinctRoles {
    try roles(
      ["keyids": [], "threshold": 1, "bit_length": .integer(bits), "name_prefix": "bin"])
  }

  @Test func namesBinsAsPythonTUFDoes() throws {
    for entry in try Fixture.cases("bins.json") {
      let bits = try #require(entry["bits"]?.integer)
      let name = try roles(bits: bits).role(for: utf8(entry.string("path")))
      #expect(String(decoding: name, as: UTF8.self) == entry.string("role"))
    }
  }

  @Test(arguments: [-1, 0, 33, Int64.max])
  func refusesBitLengths(bits: Int64) {
    #expect(refusal { () throws(TUFError) in _ = try roles(bits: bits) } == "malformed")
  }
}
