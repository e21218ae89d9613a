import Testing

@testable import TUF

@Suite struct PathPatternGoldenTests {
  @Test func matchesAsPythonTUFDoes() throws {
    for entry in try Fixture.cases("patterns.json") {
      let pattern = try #require(entry["pattern"]?.text)
      for (list, expected) in [("paths", true), ("others", false)] as [(StaticString, Bool)] {
        for element in try #require(entry[list]).elements {
          let path = try #require(element.text)
          #expect(
            PathPattern.matches(path, pattern: pattern) == expected,
            "\(String(decoding: pattern, as: UTF8.self)) on \(String(decoding: path, as: UTF8.self))"
          )
        }
      }
    }
  }

  @Test func takesNoLongerThanTheProductOfTheLengths() {
    let path = [UInt8](repeating: UInt8(ascii: "a"), count: 2000)
    let pattern = utf8(String(repeating: "*a", count: 500) + "b")
    #expect(!PathPattern.matches(path, pattern: pattern))
  }
}
