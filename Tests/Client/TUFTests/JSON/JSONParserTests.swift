import JSON
import TUF
import Testing

@Suite struct JSONParserTests {
  @Test(arguments: [
    ("", "unexpectedEnd"), (" ", "unexpectedEnd"), ("{", "unexpectedEnd"), ("[", "unexpectedEnd"),
    ("[1", "unexpectedEnd"), ("[1,", "unexpectedEnd"), ("{\"a\"", "unexpectedEnd"),
    ("{\"a\":", "unexpectedEnd"), ("\"a", "unexpectedEnd"), ("\"\\", "unexpectedEnd"),
    ("-", "unexpectedEnd"), ("tru", "unexpectedEnd"), ("1.", "unexpectedEnd"),
    ("1e", "unexpectedEnd"), ("1e+", "unexpectedEnd"),
    ("1 2", "trailing"), ("{}{}", "trailing"), ("[]]", "trailing"), ("null,", "trailing"),
    ("\"a\"\u{0}", "trailing"), ("01", "trailing"), ("-01", "trailing"), ("00", "trailing"),
    ("0x1", "trailing"), ("1.5.2", "trailing"), ("truest", "trailing"),
    ("[1,]", "unexpected"), ("[,1]", "unexpected"), ("[1 2]", "unexpected"), ("[1}", "unexpected"),
    ("{\"a\":1,}", "unexpected"), ("{,}", "unexpected"), ("{a:1}", "unexpected"),
    ("{1:1}", "unexpected"), ("{\"a\" 1}", "unexpected"), ("{\"a\":1]", "unexpected"),
    ("{\"a\":}", "unexpected"), ("[01]", "unexpected"), ("+1", "unexpected"), (".5", "unexpected"),
    ("[1.]", "unexpected"), ("[1e]", "unexpected"), ("[-]", "unexpected"), ("NaN", "unexpected"),
    ("Infinity", "unexpected"), ("-Infinity", "unexpected"), ("True", "unexpected"),
    ("nul1", "unexpected"), ("'a'", "unexpected"), ("/**/1", "unexpected"),
    ("// \n1", "unexpected"),
    ("\u{feff}1", "unexpected"), ("\u{a0}1", "unexpected"), ("\u{b}1", "unexpected"),
    ("\"\u{0}\"", "unexpected"), ("\"\n\"", "unexpected"), ("\"\t\"", "unexpected"),
    ("\"\u{1f}\"", "unexpected"), ("\"\\x41\"", "unexpected"), ("\"\\u12\"", "unexpected"),
    ("\"\\u12g4\"", "unexpected"), ("\"\\U0041\"", "unexpected"), ("\"\\'\"", "unexpected"),
    ("\"\\ud800\"", "badText"), ("\"\\udc00\"", "badText"), ("\"\\ud800x\"", "badText"),
    ("\"\\ud800\\u0041\"", "badText"), ("\"\\ud800\\ud800\"", "badText"),
    ("\"\\udc00\\ud800\"", "badText"),
    ("{\"a\":1,\"a\":2}", "duplicateName"), ("{\"a\":1,\"b\":2,\"a\":3}", "duplicateName"),
    ("{\"a\":1,\"\\u0061\":2}", "duplicateName"), ("{\"\\n\":1,\"\\u000a\":2}", "duplicateName"),
    ("{\"\":1,\"\":2}", "duplicateName"), ("[{\"x\":{\"é\":1,\"\\u00e9\":2}}]", "duplicateName"),
    ("{\"\\ud83d\\ude00\":1,\"😀\":2}", "duplicateName"),
  ])
  func refuses(text: String, reason: String) {
    #expect(refusal { () throws(JSONError) in _ = try JSONDocument(parsing: utf8(text)) } == reason)
  }

  @Test(
    arguments: [
      [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xc3, 0x28], [0xe0, 0x80, 0x80],
      [0xe0, 0x9f, 0xbf],
      [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xe2, 0x82], [0xe2, 0x28, 0xa1],
      [0xf0, 0x80, 0x80, 0x80],
      [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
      [0xf0, 0x9f, 0x98],
      [0xff], [0xfe],
    ] as [[UInt8]])
  func refusesBytesThatAreNotUTF8(bytes: [UInt8]) {
    for text in [[0x22] + bytes + [0x22], [0x22] + bytes, utf8("{\"") + bytes + utf8("\":1}")] {
      #expect(refusal { () throws(JSONError) in _ = try JSONDocument(parsing: text) } == "badText")
    }
  }

  @Test func takesEveryScalarValueRawAndEscaped() throws {
    for scalar in [0x20, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff] {
      let text = String(Character(Unicode.Scalar(UInt32(scalar))!))
      #expect(try JSONDocument(parsing: utf8("\"\(text)\"")).root.text == utf8(text))
      let escaped = text.utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
      #expect(try JSONDocument(parsing: utf8("\"\(escaped.joined())\"")).root.text == utf8(text))
    }
  }

  @Test func refusesMoreDepthThanTheLimit() throws {
    func nested(_ depth: Int) -> [UInt8] {
      utf8(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    }
    _ = try JSONDocument(parsing: nested(64))
    #expect(
      refusal { () throws(JSONError) in _ = try JSONDocument(parsing: nested(65)) } == "tooDeep")
    _ = try JSONDocument(parsing: nested(3), depth: 3)
    #expect(
      refusal { () throws(JSONError) in _ = try JSONDocument(parsing: nested(4), depth: 3) }
        == "tooDeep")
    // A million brackets are refused at the limit, and not by the end of the stack.
    let many = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(refusal { () throws(JSONError) in _ = try JSONDocument(parsing: many) } == "tooDeep")
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("9223372036854775807", Int64.max),
    ("-9223372036854775808", Int64.min),
  ])
  func readsIntegers(text: String, value: Int64) throws {
    #expect(try JSONDocument(parsing: utf8(text)).root.integer == value)
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "1.0", "1e3",
    "1E-2", "0.5", "\"1\"", "true", "null", "[1]",
  ])
  func givesNoIntegerForWhatIsNone(text: String) throws {
    #expect(try JSONDocument(parsing: utf8(text)).root.integer == nil)
  }

  @Test func findsMembersByTheirUnescapedNames() throws {
    let root = try JSONDocument(
      parsing: utf8(#" { "a\u0062" : [ 1 , "x" , { } ] , "c" : true , "\"" : null } "#)
    ).root
    #expect(root.isObject)
    #expect(root["ab"]?.isArray == true)
    #expect(root["ab"]?.elements.map(\.integer) == [1, nil, nil])
    #expect(root["c"]?.boolean == true)
    #expect(root["\""] != nil)
    #expect(root["a"] == nil)
    #expect(root["ab"]?["c"] == nil)
    #expect(root.members.map { Array($0.name) } == [utf8("ab"), utf8("c"), utf8("\"")])
  }

  /// What the parser accepts must be safe to walk and to encode.
  private func exercise(_ bytes: [UInt8]) {
    // What it refuses need be no more than refused.
    if let document = try? JSONDocument(parsing: bytes) { walk(through: document) }
  }

  private func walk(through document: JSONDocument) {
    func walk(_ value: JSONValue) {
      _ = (value.text, value.integer, value.boolean, value.range)
      for element in value.elements { walk(element) }
      for member in value.members {
        _ = member.name
        walk(member.value)
      }
    }
    walk(document.root)
    if let encoded = try? CanonicalJSON.encode(document.root) {
      // The canonical form of the canonical form is itself.
      let again = try? JSONDocument(parsing: encoded)
      #expect(again.flatMap { try? CanonicalJSON.encode($0.root) } == encoded)
    }
  }

  private let document = utf8(
    #"{"a":[1,-2,0.5e3,true,false,null],"é\n":{"\ud83d\ude00":"€\"\\","":[]},"z":[{},[[]]], "b" : "" }"#
  )

  @Test func neverTrapsOnATruncatedDocument() {
    for count in 0...document.count { exercise(Array(document[..<count])) }
  }

  @Test func neverTrapsOnAChangedByte() {
    for place in document.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = document
        changed[place] = byte
        exercise(changed)
      }
    }
  }

  @Test func neverTrapsOnARemovedOrDoubledByte() {
    for place in document.indices {
      var changed = document
      changed.remove(at: place)
      exercise(changed)
      changed = document
      changed.insert(document[place], at: place)
      exercise(changed)
    }
  }
}
