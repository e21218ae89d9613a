import Layout
import Testing

@Suite struct AppNameTests {
  @Test(arguments: [
    "hello", "h", "7", "Hello-World", "a.b_c-d", "hello-2", "updates2", "my-updates", "esky",
    "eskyapp", "my-esky-app", "v1",
  ])
  func takesAName(text: String) throws {
    #expect(try AppName(text).bytes == Array(text.utf8))
  }

  @Test(
    arguments: [
      ("", .emptyAppName),
      ("-a", .edgeOfAppName(Array("-a".utf8))),
      ("a.", .edgeOfAppName(Array("a.".utf8))),
      ("_", .edgeOfAppName(Array("_".utf8))),
      ("..", .edgeOfAppName(Array("..".utf8))),
      ("a/b", .characterInAppName(Array("a/b".utf8), UInt8(ascii: "/"))),
      ("a b", .characterInAppName(Array("a b".utf8), UInt8(ascii: " "))),
      ("a\0", .characterInAppName(Array("a\0".utf8), 0)),
      ("é", .characterInAppName(Array("é".utf8), 0xC3)),
      ("updates", .reservedAppName(Array("updates".utf8))),
      ("Updates", .reservedAppName(Array("Updates".utf8))),
      ("esky-app", .reservedAppName(Array("esky-app".utf8))),
      ("ESKY-app", .reservedAppName(Array("ESKY-app".utf8))),
    ] as [(String, NameError)])
  func refusesWhatIsNoName(text: String, error: NameError) {
    #expect(throws: error) { try AppName(text) }
    #expect(error.description.contains("app's name"))
  }

  @Test func limitsTheLength() throws {
    let longest = [UInt8](repeating: 0x61, count: AppName.maximumLength)
    #expect(try AppName(longest).bytes == longest)
    #expect(throws: NameError.appNameTooLong(longest + longest, limit: AppName.maximumLength)) {
      try AppName(longest + longest)
    }
  }
}
