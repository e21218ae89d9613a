import JSON
import TUF
import Testing

@testable import Esky

/// Reading which versions were taken back.
struct WithdrawalsTests {
  private func withdrawals(_ text: String) throws -> Withdrawals? {
    Withdrawals(try JSONDocument(parsing: Array(text.utf8)).root)
  }

  @Test func withoutTheMemberNothingWasTakenBack() {
    #expect(Withdrawals(nil)?.names.isEmpty == true)
  }

  /// A text that names no version directory names none that could be installed here.
  @Test func namesAreRead() throws {
    let found = try #require(
      try withdrawals("[\"hello-1.1.any\",\"hello-2.0.plan9-mips\",\"hello-1.2.linux-x86_64\"]"))
    #expect(found.names.map(\.text) == ["hello-1.1.any", "hello-1.2.linux-x86_64"])
    #expect(found.texts.count == 3)
    #expect(try withdrawals("[]")?.names.isEmpty == true)
  }

  @Test(arguments: [
    "\"hello-1.1.any\"", "{}", "{\"hello-1.1.any\":true}", "true", "null", "7",
    "[\"hello-1.1.any\",7]", "[[\"hello-1.1.any\"]]", "[null]",
  ])
  func whatIsNoArrayOfNamesCanNotBeRead(text: String) throws {
    #expect(try withdrawals(text) == nil)
  }
}
