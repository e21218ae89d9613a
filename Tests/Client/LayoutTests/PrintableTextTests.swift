import Bytes
import FileSystem
import Testing

/// What strangers wrote, as it reaches a terminal, a log or a machine.
@Suite struct PrintableTextTests {
  @Test(
    arguments: [
      ("plain", "plain", "plain"), ("Grüße, 世界 🎉", "Grüße, 世界 🎉", "Grüße, 世界 🎉"),
      ("a\u{1b}[2J\n\u{7f}", #"a\x1b[2J\x0a\x7f"#, #"a\u001b[2J\u000a\u007f"#),
      ("\u{9b}2J", #"\u009b2J"#, #"\u009b2J"#),
      ("gpj.\u{202e}exe", #"gpj.\u202eexe"#, #"gpj.\u202eexe"#),
      ("a\u{200b}b\u{feff}", #"a\u200bb\ufeff"#, #"a\u200bb\ufeff"#),
      ("a\u{2028}b\u{2029}", #"a\u2028b\u2029"#, #"a\u2028b\u2029"#),
      ("a\u{e0041}", #"a\U000e0041"#, #"a\udb40\udc41"#), ("", "", ""),
    ])
  func escapes(text: String, plain: String, json: String) {
    #expect(String(decoding: PrintableText.escape(text), as: UTF8.self) == plain)
    #expect(String(decoding: PrintableText.escape(text, as: .json), as: UTF8.self) == json)
  }

  @Test(
    arguments: [
      ([0x61, 0xff], #"a\xff"#), ([0x9b], #"\x9b"#), ([0xc3], #"\xc3"#), ([0xc3, 0x28], #"\xc3("#),
      ([0xc0, 0x8a], #"\xc0\x8a"#), ([0xe0, 0x80, 0x8a], #"\xe0\x80\x8a"#),
      ([0xed, 0xa0, 0x80], #"\xed\xa0\x80"#), ([0xf4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#),
      ([0xe2, 0x80], #"\xe2\x80"#), ([0xe2, 0x80, 0xe2, 0x80, 0xae], #"\xe2\x80\u202e"#),
    ] as [([UInt8], String)])
  func escapesWhatIsNotUTF8(bytes: [UInt8], plain: String) {
    #expect(String(decoding: PrintableText.escape(bytes), as: UTF8.self) == plain)
    let json = PrintableText.escape(bytes, as: .json)
    #expect(String(decoding: json, as: UTF8.self).contains(#"\ufffd"#))
    #expect(json.allSatisfy { $0 < 0x80 })
  }

  /// Every scalar there is, judged by the categories that Swift's own library knows.
  @Test func hidesAllThatShowsNothingOfItselfAndNothingElse() {
    var wrong: [Unicode.Scalar] = []
    for value in UInt32(0)...0x10ffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isHidden: Bool
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: isHidden = true
      // A place between format characters and tags that is reserved for more of them.
      case .unassigned where 0x2065 == value || 0xe0001...0xe007f ~= value: isHidden = true
      default: isHidden = false
      }
      let bytes = Array(String(scalar).utf8)
      if (PrintableText.escape(bytes) != bytes) != isHidden { wrong.append(scalar) }
    }
    #expect(wrong.isEmpty, "\(wrong.map(\.value))")
  }
}
