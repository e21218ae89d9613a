import FileSystem
import Testing

struct EntropyTests {
  @Test func givesOtherBytesEachTime() throws {
    let first = try #require(Entropy.bytes(32))
    #expect(first.count == 32)
    #expect(Entropy.bytes(32) != first)
  }

  @Test func givesUpToItsLimit() {
    #expect(Entropy.bytes(0) == [])
    #expect(Entropy.bytes(Entropy.limit)?.count == Entropy.limit)
    #expect(Entropy.bytes(Entropy.limit + 1) == nil)
  }
}
