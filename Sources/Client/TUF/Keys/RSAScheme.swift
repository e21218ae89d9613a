import Bytes
import FileSystem

/// How an RSA key signs: the padding, and a hash function of SHA-2. RFC 8017 §8.1, §8.2
public struct RSAScheme: Sendable {
  /// The name in metadata, as securesystemslib has it.
  public let name: StaticString
  /// What stands around the hash.
  public let padding: Padding
  /// Bits of the hash.
  public let bits: UInt32

  /// What is put around a hash before it is signed.
  public enum Padding: Sendable {
    /// PSS, its mask made with the same hash function.
    case pss
    /// The older PKCS#1 v1.5.
    case pkcs1v15
  }

  /// What python-tuf 7 takes, and no more.
  ///
  /// SHA-224 is not among them. The salt of PSS may have any length: securesystemslib signs with as many
  /// bytes as the hash has, and verifies all.
  private static var known: [RSAScheme] {
    [
      RSAScheme(name: "rsassa-pss-sha256", padding: .pss, bits: 256),
      RSAScheme(name: "rsassa-pss-sha384", padding: .pss, bits: 384),
      RSAScheme(name: "rsassa-pss-sha512", padding: .pss, bits: 512),
      RSAScheme(name: "rsa-pkcs1v15-sha256", padding: .pkcs1v15, bits: 256),
      RSAScheme(name: "rsa-pkcs1v15-sha384", padding: .pkcs1v15, bits: 384),
      RSAScheme(name: "rsa-pkcs1v15-sha512", padding: .pkcs1v15, bits: 512),
    ]
  }

  /// The scheme of a name; nil for one that this client does not know.
  public init?(_ name: [UInt8]) {
    for scheme in Self.known where name.elementsEqual(scheme.name.bytes) {
      self = scheme
      return
    }
    return nil
  }

  private init(name: StaticString, padding: Padding, bits: UInt32) {
    self.name = name
    self.padding = padding
    self.bits = bits
  }
}
