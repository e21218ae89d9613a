public import TUF

/// The public half of a key as metadata lists it (TUF 1.0.34 §4.2).
///
/// Two are equal when they are the same key, however their objects write it.
public struct KeyObject: Equatable, Sendable {
  /// `ed25519`, `ecdsa` or `rsa`.
  public let type: String
  /// `ed25519`, `ecdsa-sha2-nistp256` or `rsassa-pss-sha256`.
  public let scheme: String
  /// The public key: hexadecimal digits for Ed25519, PEM for the others.
  public let text: String
  /// What checks signatures with it.
  public let verifier: PublicKey

  /// Takes an Ed25519 public key of 32 bytes (RFC 8032); nil for any other number of them.
  public init?(ed25519 publicKey: [UInt8]) {
    if publicKey.count != 32 { return nil }
    type = "ed25519"
    scheme = "ed25519"
    text = String(decoding: Hex.encode(publicKey), as: UTF8.self)
    verifier = PublicKey(ed25519: publicKey)
  }

  /// Reads a key object; nil when clients would not count its signatures.
  public init?(_ value: JSONValue) {
    guard let type = value["keytype"]?.text, let scheme = value["scheme"]?.text,
      let text = value["keyval"]?["public"]?.text
    else { return nil }
    verifier = PublicKey(value)
    guard verifier.isUsable else { return nil }
    self.type = String(decoding: type, as: UTF8.self)
    self.scheme = String(decoding: scheme, as: UTF8.self)
    self.text = String(decoding: text, as: UTF8.self)
  }

  /// Reads a public key in PEM (RFC 7468): P-256, or RSA of at least 2048 bits; nil for any other.
  public init?(pem text: String) {
    for (type, scheme) in [
      ("ecdsa", "ecdsa-sha2-nistp256"), ("rsa", "rsassa-pss-sha256"),
    ] {
      let json: JSONBuilder = [
        "keytype": .text(type), "scheme": .text(scheme), "keyval": ["public": .text(text)],
      ]
      if let bytes = try? json.text(), let document = try? JSONDocument(parsing: bytes),
        let key = KeyObject(document.root)
      {
        self = key
        return
      }
    }
    return nil
  }

  /// The key object.
  public var json: JSONBuilder {
    ["keytype": .text(type), "scheme": .text(scheme), "keyval": ["public": .text(text)]]
  }

  /// The key id: SHA-256 of the canonical key object, in 64 hexadecimal digits, as securesystemslib has it.
  public var id: String {
    // Nothing in the object is a fraction, which alone has no canonical form.
    let bytes = (try? json.canonical()) ?? []
    return String(decoding: Digest(.sha256, of: bytes).hex, as: UTF8.self)
  }

  /// True when a signature of a message is this key's.
  public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    message.withUnsafeBufferPointer { verifier.verifies(signature: signature, of: $0) }
  }

  /// True when both are one key.
  public static func == (left: KeyObject, right: KeyObject) -> Bool {
    left.verifier.isSame(as: right.verifier)
  }
}
