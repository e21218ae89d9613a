public import TUF

/// The public half of an Ed25519 key as metadata lists it (TUF 1.0.34 §4.2).
public struct KeyObject: Equatable, Sendable {
  /// The public key: 32 bytes. RFC 8032
  public let publicKey: [UInt8]

  /// Takes a public key of 32 bytes; nil for any other number of them.
  public init?(ed25519 publicKey: [UInt8]) {
    if publicKey.count != 32 { return nil }
    self.publicKey = publicKey
  }

  /// Reads a key object; nil when it is none of an Ed25519 key.
  public init?(_ value: JSONValue) {
    guard let type = value["keytype"]?.text, type.elementsEqual("ed25519".utf8),
      let scheme = value["scheme"]?.text, scheme.elementsEqual("ed25519".utf8),
      let digits = value["keyval"]?["public"]?.text, let bytes = Hex.decode(digits)
    else { return nil }
    self.init(ed25519: bytes)
  }

  /// The key object.
  public var json: JSONBuilder {
    [
      "keytype": "ed25519", "scheme": "ed25519",
      "keyval": ["public": .hex(publicKey)],
    ]
  }

  /// The key id: SHA-256 of the canonical key object, in 64 hexadecimal digits, as securesystemslib has it.
  public var id: String {
    // Nothing in the object is a fraction, which alone has no canonical form.
    let bytes = (try? json.canonical()) ?? []
    return String(decoding: Digest(.sha256, of: bytes).hex, as: UTF8.self)
  }
}
