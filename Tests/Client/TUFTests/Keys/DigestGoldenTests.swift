import Bytes
import TUF
import Testing

@Suite struct DigestGoldenTests {
  @Test func hashesAsHashlibDoes() throws {
    for entry in try Fixture.cases("digests.json") {
      let data = entry.bytes("data")
      #expect(Digest(.sha256, of: data).bytes == entry.bytes("sha256"))
      #expect(Digest(.sha512, of: data).bytes == entry.bytes("sha512"))
      #expect(Digest(.blake2b, of: data).bytes == entry.bytes("blake2b"))
      #expect(Digest(.blake2b256, of: data).bytes == entry.bytes("blake2b-256"))
    }
  }

  @Test(arguments: [HashAlgorithm.sha256, .sha512, .blake2b, .blake2b256])
  func doesNotCareHowTheBytesArrive(algorithm: HashAlgorithm) {
    let data = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let hasher = Hasher(algorithm)
    hasher.update(UnsafeRawBufferPointer(start: nil, count: 0))
    [9, 9, 9].withUnsafeBytes { hasher.update($0) }
    hasher.restart()
    for byte in data { withUnsafeBytes(of: byte) { hasher.update($0) } }
    #expect(hasher.finish() == Digest(algorithm, of: data))
  }

  @Test func readsHexadecimalDigitsOfEitherCase() {
    let all = (0...255).map { UInt8($0) }
    #expect(Hex.decode(Hex.encode(all)) == all)
    #expect(Hex.decode(utf8("00fFaB")) == [0, 0xff, 0xab])
    #expect(Hex.decode([]) == [])
    for text in ["0", "0g", "g0", " 00", "0x00", "００"] {
      #expect(Hex.decode(utf8(text)) == nil)
    }
  }
}
