import JSON
import Repository
import TUF
import Testing

@Suite struct JSONBuilderTests {
  @Test func ordersNamesByTheirBytesAndKeepsTheLastOfEqualOnes() throws {
    let nested: JSONBuilder = [true, "x", [:], []]
    let members: [([UInt8], JSONBuilder)] = [
      (utf8("b"), 1), (utf8("😀"), 2), (utf8("\u{ffff}"), 3), (utf8("a"), 4), (utf8("b"), 5),
      (utf8("B"), nested),
      // One letter and its accent apart: equal to a `String`, but other bytes.
      (utf8("\u{e9}"), 6), (utf8("e\u{301}"), 7),
    ]
    let value = JSONBuilder.object(members.map { (name: $0.0, value: $0.1) })
    #expect(
      String(decoding: try value.canonical(), as: UTF8.self)
        == "{\"B\":[true,\"x\",{},[]],\"a\":4,\"b\":5,\"e\u{301}\":7,\"\u{e9}\":6,\"\u{ffff}\":3,\"😀\":2}"
    )
  }

  @Test func replacesMembersOfWhatWasRead() throws {
    let root = try JSONDocument(parsing: utf8("{ \"z\" : 1, \"x\" : {\"k\":[ 1 ]} }")).root
    let edited = JSONBuilder.editing(root, ["z": 2, "a": .integer(-3)])
    #expect(try edited.canonical() == utf8("{\"a\":-3,\"x\":{\"k\":[1]},\"z\":2}"))
  }

  @Test func publishesControlCharactersAsEscapes() throws {
    let text = String(String.UnicodeScalarView((0..<128).map { Unicode.Scalar($0)! }))
    let value: JSONBuilder = ["text": .text(text)]
    let root = try JSONDocument(parsing: try value.text()).root
    #expect(root["text"]?.text == utf8(text))
    #expect(try CanonicalJSON.encode(root) == value.canonical())
    let plain: JSONBuilder = ["text": "é\u{7f}"]
    #expect(try plain.text() == plain.canonical())
  }
}
