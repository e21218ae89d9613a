import Bytes
import CSodium
import JSON
public import TUF

/// The public half of a key as metadata lists it (TUF 1.0.34 §4.2).
///
/// Two are equal when they are the same key, however their objects write it.
public struct KeyObject: Equatable, Sendable {
  /// `ed25519`, `ecdsa` or `rsa`.
  public let type: String
  /// `ed25519`, `ecdsa-sha2-nistp256`, or one of ``RSAScheme``.
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

  /// Reads a public key in PEM (RFC 7468): Ed25519, P-256, or RSA of at least 2048 bits; nil for any other.
  public init?(pem text: String) {
    if let bytes = Self.ed25519(pem: text) {
      self.init(ed25519: bytes)
      return
    }
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

  /// The 32 bytes of an Ed25519 key as SubjectPublicKeyInfo. RFC 8410 §4
  private static func ed25519(pem text: String) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.firstIndex(of: "-----BEGIN PUBLIC KEY-----"),
      let last = lines[first...].firstIndex(of: "-----END PUBLIC KEY-----")
    else { return nil }
    let body = lines[(first + 1)..<last].joined()
    var der = [UInt8](repeating: 0, count: 64)
    var length = 0
    let status = sodium_base642bin(
      &der, der.count, body, body.utf8.count, nil, &length, nil, sodium_base64_VARIANT_ORIGINAL)
    let head: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    guard status == 0, length == 44, der.starts(with: head) else { return nil }
    return Array(der[12..<44])
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
