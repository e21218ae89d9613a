import JSON
import Repository
import TUF
import Testing

@Suite struct CanonicalJSONGoldenTests {
  @Test func encodesAsSecuresystemslibDoes() throws {
    for entry in try Fixture.cases("canonical.json") {
      let text = entry.bytes("text")
      let root = try JSONDocument(parsing: text).root
      let label = Comment(rawValue: String(decoding: text, as: UTF8.self))
      #expect(try CanonicalJSON.encode(root) == entry.bytes("canonical"), label)
      #expect(try CanonicalJSON.withEncoded(root) { Array($0) } == entry.bytes("canonical"), label)
      #expect(try JSONBuilder.verbatim(root).canonical() == entry.bytes("canonical"), label)
    }
  }

  @Test func takesCanonicalTextAsItIs() throws {
    for entry in try Fixture.cases("canonical.json") {
      let text = entry.bytes("canonical")
      // Raw control characters make text that is canonical and yet no JSON.
      guard let document = try? JSONDocument(parsing: text) else { continue }
      #expect(try CanonicalJSON.withEncoded(document.root) { Array($0) } == text)
      #expect(try CanonicalJSON.encode(document.root) == text)
    }
  }

  @Test(arguments: ["0.5", "[1.0]", "{\"a\":{\"b\":1e3}}", "[{},[-0.0]]"])
  func refusesFractions(text: String) throws {
    let root = try JSONDocument(parsing: utf8(text)).root
    #expect(refusal { () throws(JSONError) in _ = try CanonicalJSON.encode(root) } == "fraction")
    #expect(
      refusal { () throws(JSONError) in _ = try CanonicalJSON.withEncoded(root) { _ in } }
        == "fraction")
  }
}
