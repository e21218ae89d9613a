import Bytes
import TUF
import Testing

/// Joining and encoding.
@Suite struct RequestPathTests {
  @Test(arguments: [
    ("http://a/b", "c", "http://a/b/c"),
    ("http://a/b/", "c", "http://a/b/c"),
    ("http://a/b", "/c", "http://a/b/c"),
    ("http://a/b//", "//c/d/", "http://a/b/c/d/"),
    ("http://a", "..%2Fc", "http://a/..%2Fc"),
    ("file:///", "c", "file:///c"),
    ("file:///b", "c", "file:///b/c"),
    ("", "c/d", "c/d"),
    ("http://a", "", "http://a/"),
  ])
  func joinsWithExactlyOneSlash(base: String, path: String, expected: String) {
    #expect(RequestPath.join(base, path) == expected)
  }

  @Test(arguments: [
    ("abcXYZ019_.-~", "abcXYZ019_.-~"), ("a b", "a%20b"), ("../x", "..%2Fx"), ("%2F", "%252F"),
    ("ä", "%C3%A4"), ("a?b#c&d+e", "a%3Fb%23c%26d%2Be"), ("", ""), ("\0\n\u{7f}", "%00%0A%7F"),
  ])
  func encodesAllButUnreserved(text: String, expected: String) {
    #expect(PercentEncoding.encode(Array(text.utf8), keepingSlashes: false) == expected)
  }

  @Test func keepsSlashesWhereToldTo() {
    #expect(PercentEncoding.encode(Array("/a b/c".utf8), keepingSlashes: true) == "/a%20b/c")
  }

  @Test func encodesBytesThatAreNoText() {
    #expect(PercentEncoding.encode([0xff, 0x80], keepingSlashes: true) == "%FF%80")
  }
}
