import JSON
import Repository
import TUF
import Testing

@Suite struct PublicKeyGoldenTests {
  @Test func verifiesWhatSecuresystemslibSigned() throws {
    for entry in try Fixture.cases("keys.json") {
      let key = PublicKey(try #require(entry["key"]))
      let holds = entry.bytes("message").withUnsafeBufferPointer {
        key.verifies(signature: entry.bytes("signature"), of: $0)
      }
      #expect(holds == entry["valid"]?.boolean, Comment(rawValue: entry.string("name")))
    }
  }

  @Test func computesKeyIdsAsSecuresystemslibDoes() throws {
    let entries = try Fixture.cases("keys.json").filter { $0.string("name") == "ed25519" }
    let entry = try #require(entries.first)
    let object = try #require(entry["key"].flatMap(KeyObject.init))
    #expect(object.id == entry.string("id"))
  }

  @Test(arguments: [
    #"{}"#, #"[]"#, #"null"#, #"{"keytype":"ed25519","scheme":"ed25519"}"#,
    #"{"keytype":"ed25519","scheme":"ed25519","keyval":{}}"#,
    #"{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"00"}}"#,
    #"{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"zz"}}"#,
    #"{"keytype":"ed25519","scheme":"rsassa-pss-sha256","keyval":{"public":"00"}}"#,
    #"{"keytype":"rsa","scheme":"rsassa-pss-sha256","keyval":{"public":""}}"#,
    #"{"keytype":"rsa","scheme":"rsassa-pss-sha256","keyval":{"public":"-----BEGIN PUBLIC KEY-----"}}"#,
    #"{"keytype":"ecdsa","scheme":"ecdsa-sha2-nistp256","keyval":{"public":"04"}}"#,
    #"{"keytype":"ecdsa","scheme":"ecdsa-sha2-nistp384","keyval":{"public":"04"}}"#,
    #"{"keytype":"ml-dsa","scheme":"ml-dsa-1/nice","keyval":{"public":"04"}}"#,
  ])
  func takesAnUnusableKeyForOneThatVerifiesNothing(text: String) throws {
    let key = PublicKey(try JSONDocument(parsing: utf8(text)).root)
    let holds = utf8("x").withUnsafeBufferPointer {
      key.verifies(signature: [UInt8](repeating: 0, count: 64), of: $0)
    }
    #expect(!holds)
  }

  /// One key is one signer, whatever schemes it is listed with.
  @Test func anRSAKeyIsTheSameUnderEveryScheme() throws {
    let schemes = [
      "rsassa-pss-sha256", "rsassa-pss-sha384", "rsassa-pss-sha512", "rsa-pkcs1v15-sha256",
      "rsa-pkcs1v15-sha384", "rsa-pkcs1v15-sha512",
    ]
    let keys = try Fixture.cases("keys.json").filter { schemes.contains($0.string("name")) }
      .map { PublicKey(try #require($0["key"])) }
    #expect(keys.map { $0.rsaScheme?.name.description } == schemes)
    for key in keys { #expect(keys.allSatisfy(key.isSame)) }
  }

  @Test func verifiesNothingWithAPointOfSmallOrder() {
    // With an all-zero or neutral point and signature some libraries verify every message.
    var neutral = [UInt8](repeating: 0, count: 32)
    for first: UInt8 in [0, 1] {
      neutral[0] = first
      let signature = neutral + [UInt8](repeating: 0, count: 32)
      let holds = utf8("x").withUnsafeBufferPointer {
        PublicKey(ed25519: neutral).verifies(signature: signature, of: $0)
      }
      #expect(!holds)
    }
  }
}
