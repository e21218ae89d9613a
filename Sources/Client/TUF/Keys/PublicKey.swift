import Bytes
import CMbedTLS
import CSodium
import JSON

/// A key that signatures are checked with (TUF 1.0.34 §4.2).
public struct PublicKey: Sendable {
  /// What kind of key it is, and its public half in one fixed form: equal keys have equal forms,
  /// however their metadata writes them.
  enum Kind: Sendable {
    /// 32 bytes. RFC 8032
    case ed25519([UInt8])
    /// The uncompressed point on P-256, 65 bytes. SEC 1 §2.3.3
    case ecdsaP256([UInt8])
    /// The modulus, of at least 2048 bits, and four bytes of exponent; the padding and hash function that
    /// it signs with. RFC 8017 §3.1
    case rsa([UInt8], RSAScheme)
    /// A type or scheme that this client does not know: never fatal, and never counted.
    case unsupported
    /// No key of its type, or none at all: never fatal, and never counted.
    case malformed
  }

  let kind: Kind

  /// Reads a key object; what it can't use becomes a key that verifies nothing.
  public init(_ value: JSONValue) {
    guard let type = value["keytype"]?.text, let scheme = value["scheme"]?.text,
      let text = value["keyval"]?["public"]?.text
    else {
      kind = .malformed
      return
    }
    if type.elementsEqual("ed25519".utf8), scheme.elementsEqual("ed25519".utf8) {
      let bytes = Hex.decode(text) ?? []
      kind = bytes.count == 32 ? .ed25519(bytes) : .malformed
    } else if type.elementsEqual("ecdsa".utf8) || type.elementsEqual("ecdsa-sha2-nistp256".utf8),
      scheme.elementsEqual("ecdsa-sha2-nistp256".utf8)
    {
      kind = Self.ecdsa(text)
    } else if type.elementsEqual("rsa".utf8), let scheme = RSAScheme(scheme) {
      if let (found, form) = Self.read(text), found == mbed_key_rsa {
        kind = .rsa(form, scheme)
      } else {
        kind = .malformed
      }
    } else {
      kind = .unsupported
    }
  }

  /// Takes the 32 bytes of an Ed25519 key.
  public init(ed25519 bytes: [UInt8]) {
    kind = bytes.count == 32 ? .ed25519(bytes) : .malformed
  }

  /// Older metadata holds the uncompressed point in hexadecimal digits in place of PEM.
  private static func ecdsa(_ text: [UInt8]) -> Kind {
    // SubjectPublicKeyInfo of a P-256 point up to the point itself. RFC 5480 §2
    let prefix: [UInt8] = [
      0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
      0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]
    var encoded = text
    if let point = Hex.decode(text), point.count == 65 { encoded = prefix + point }
    guard let (found, form) = read(encoded), found == mbed_key_ecdsa_p256 else {
      return .malformed
    }
    return .ecdsaP256(form)
  }

  private static func read(_ encoded: [UInt8]) -> (mbed_key_kind, [UInt8])? {
    var form = [UInt8](repeating: 0, count: Int(MBED_KEY_MAXIMUM))
    var length = 0
    let found = mbed_public_key(encoded, encoded.count, &form, &length)
    if found == mbed_key_unusable { return nil }
    return (found, Array(form[..<length]))
  }

  /// True when `signature` is this key's over `message`.
  public func verifies(
    signature: [UInt8], of message: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    switch kind {
    case .ed25519(let key):
      return signature.count == 64
        && crypto_sign_verify_detached(
          signature, message.baseAddress, UInt64(message.count), key) == 0
    case .ecdsaP256(let key):
      return mbed_verify_ecdsa(key, key.count, Self.sha256(message), signature, signature.count)
        == 1
    case .rsa(let key, let scheme):
      return mbed_verify_rsa(
        key, key.count, scheme.padding == .pss ? mbed_rsa_pss : mbed_rsa_pkcs1v15, scheme.bits,
        message.baseAddress, message.count, signature,
        signature.count) == 1
    case .unsupported, .malformed:
      return false
    }
  }

  private static func sha256(_ message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let hasher = Hasher(.sha256)
    hasher.update(UnsafeRawBufferPointer(message))
    return hasher.finish().bytes
  }

  /// True for a key of a type, scheme and value that this client can check signatures with.
  public var isUsable: Bool {
    switch kind {
    case .ed25519, .ecdsaP256, .rsa: true
    case .unsupported, .malformed: false
    }
  }

  /// The padding and hash function that an RSA key signs with; nil for any other key.
  public var rsaScheme: RSAScheme? {
    if case .rsa(_, let scheme) = kind { return scheme }
    return nil
  }

  /// True when two keys are one, under whatever ids and schemes; an unusable key is not even itself.
  public func isSame(as other: PublicKey) -> Bool {
    switch (kind, other.kind) {
    case (.ed25519(let a), .ed25519(let b)): a == b
    case (.ecdsaP256(let a), .ecdsaP256(let b)): a == b
    case (.rsa(let a, _), .rsa(let b, _)): a == b
    default: false
    }
  }
}
