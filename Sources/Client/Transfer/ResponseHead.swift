import Bytes
import FileSystem
import TUF

/// What a response says about its body, read line by line.
///
/// A field that can't be read counts as absent: libcurl frames the body by its own reading, so nothing
/// here decides how many bytes belong to it.
struct ResponseHead {
  /// The status, or 0 before any status line.
  private(set) var status = 0
  /// True once the empty line behind the fields was read.
  private(set) var isComplete = false
  /// Bytes of the body as they travel.
  private(set) var contentLength: Int64?
  /// True when the body travels encoded, so that its length says nothing about what it decodes to.
  private(set) var isEncoded = false
  /// True when the body calls itself a web page.
  private(set) var isWebPage = false
  /// The part that a 206 brings.
  private(set) var range: ContentRange?
  private var entityTag: [UInt8]?
  private var lastModified: [UInt8]?
  private var date: [UInt8]?

  /// What this state of the file can be told from the next by; nil where that is not certain.
  ///
  /// Only a strong entity tag: a time alone says "not modified" of every file that is older, be it another one,
  /// and a weak tag promises no equal bytes. Tags are often made of the time, so a file that was changed in the
  /// second of the response has none that tells it from what follows in that second. RFC 9110 §8.8.1, §8.8.2.2
  var validator: Validator? {
    if let lastModified, date == nil || date == lastModified { return nil }
    guard let entityTag, entityTag.first == UInt8(ascii: "\""), entityTag.count > 2 else {
      return nil
    }
    return Validator(entityTag)
  }

  /// Takes one line with its line break; a status line starts a new head.
  mutating func take(_ line: UnsafeRawBufferPointer) {
    var scanner = LineScanner(line)
    if scanner.skip("http/") {
      self = ResponseHead()
      scanner.skipToSpace()
      scanner.skipSpaces()
      status = Int(scanner.number() ?? 0)
    } else if scanner.skip("content-length:") {
      scanner.skipSpaces()
      contentLength = scanner.number()
    } else if scanner.skip("content-type:") {
      scanner.skipSpaces()
      isWebPage = scanner.skip("text/html") || scanner.skip("application/xhtml")
    } else if scanner.skip("content-encoding:") {
      scanner.skipSpaces()
      isEncoded = !scanner.skip("identity")
    } else if scanner.skip("content-range:") {
      range = ContentRange(&scanner)
    } else if scanner.skip("etag:") {
      entityTag = scanner.value()
    } else if scanner.skip("last-modified:") {
      lastModified = scanner.value()
    } else if scanner.skip("date:") {
      date = scanner.value()
    } else if scanner.isAtEnd {
      isComplete = true
    }
  }
}

/// The value of a `Content-Range` field: `bytes first-last/length`, length `*` if unknown. RFC 9110 §14.4
struct ContentRange {
  /// The place of the first byte.
  let first: Int64
  /// The place of the last byte, inclusive.
  let last: Int64
  /// The length of the whole file in bytes.
  let length: Int64?

  init?(_ scanner: inout LineScanner) {
    scanner.skipSpaces()
    guard scanner.skip("bytes") else { return nil }
    scanner.skipSpaces()
    guard let first = scanner.number(), scanner.skip("-"), let last = scanner.number(),
      scanner.skip("/"), first <= last
    else { return nil }
    self.first = first
    self.last = last
    if scanner.skip("*") {
      length = nil
    } else {
      guard let length = scanner.number(), last < length else { return nil }
      self.length = length
    }
    scanner.skipSpaces()
    guard scanner.isAtEnd else { return nil }
  }
}

/// Reads one header line from left to right.
struct LineScanner {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// True where only the line break is left.
  var isAtEnd: Bool {
    place == bytes.count || bytes[place] == UInt8(ascii: "\r") || bytes[place] == UInt8(ascii: "\n")
  }

  /// Steps over a text in lower case that stands here in either case; false leaves the place.
  mutating func skip(_ text: StaticString) -> Bool {
    guard bytes.count - place >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount
    where bytes[place + index].lowered != text.utf8Start[index] { return false }
    place += text.utf8CodeUnitCount
    return true
  }

  mutating func skipSpaces() {
    while place < bytes.count,
      bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t")
    {
      place += 1
    }
  }

  mutating func skipToSpace() {
    while !isAtEnd, bytes[place] != UInt8(ascii: " ") { place += 1 }
  }

  /// Reads all that is left, without the spaces around it.
  mutating func value() -> [UInt8] {
    skipSpaces()
    var value: [UInt8] = []
    while !isAtEnd {
      value.append(bytes[place])
      place += 1
    }
    while value.last == UInt8(ascii: " ") || value.last == UInt8(ascii: "\t") { value.removeLast() }
    return value
  }

  /// Reads decimal digits; nil without any, or when they don't fit.
  mutating func number() -> Int64? {
    let digits = bytes[place...].prefix { $0.isDigit }
    place += digits.count
    return Int64(digits: digits)
  }
}
