import Repository
import Testing

@testable import TUF

/// Which other roots are a repository's own.
@Suite struct OwnRootTests {
  /// A repository whose root keys were rotated once, and a client that has followed from root 1.
  private struct Rotated {
    let setup: Setup
    let first: [UInt8]
    let oldKeys: [PrivateKey]

    init() throws {
      setup = try Setup()
      first = setup.shipped
      oldKeys = setup.repository.root.keys
      setup.repository.root.keys = [try PrivateKey()]
      setup.repository.root.version = 2
      try setup.repository.publish(rootAlsoBy: oldKeys)
    }
  }

  private func client(_ rotated: Rotated) throws -> Client {
    let client = try rotated.setup.client()
    try client.refresh()
    #expect(client.root.version == 2)
    return client
  }

  @Test func theTrustedOneAndWhatAKnownOneLeadsToAre() throws {
    let rotated = try Rotated()
    let client = try client(rotated)
    #expect(try client.owns(root: client.root.bytes, known: nil))
    #expect(try client.owns(root: rotated.first, known: rotated.first))
    // Nobody can tell without a root that is known: its keys are not those of today.
    #expect(try !client.owns(root: rotated.first, known: nil))
  }

  @Test func oneThatTodaysKeysSignedIs() throws {
    let setup = try Setup()
    let first = setup.shipped
    setup.repository.root.version = 2
    try setup.repository.publish()
    let client = try setup.client()
    try client.refresh()
    #expect(try client.owns(root: first, known: nil))
  }

  /// The publisher's next root follows from it as well: he lists the publisher's public key beside his own.
  @Test func oneThatAThiefMadeUpAroundThePublishersKeyIsNot() throws {
    let rotated = try Rotated()
    let client = try client(rotated)
    let thief = try MemoryRepository()
    thief.root.keys += rotated.oldKeys
    thief.root.signers = [thief.root.keys[0]]
    let forged = try thief.rootBytes()
    var set = try TrustedSet(root: forged, now: now)
    #expect(set.root.version == 1)
    _ = try set.updateRoot(client.root.bytes, file: "2.root.json")
    #expect(try !client.owns(root: forged, known: nil))
    #expect(try !client.owns(root: forged, known: rotated.first))
  }
}
