import CMbedTLS
import CSodium
import TUF

/// A key that can sign; its secret half is wiped from memory with the last reference to it.
public final class PrivateKey: Signer {
  /// The public half.
  public let object: KeyObject
  /// What the key is made from, as it is encrypted into a file: 32 bytes of seed for Ed25519, DER
  /// (RFC 5915, or RFC 8017 A.1.2) for the others.
  let secret: Secret
  /// Seed and public half together, as libsodium signs with it: 64 bytes; nil for a key of another kind.
  private let expanded: Secret?

  /// Derives the Ed25519 key of a seed of 32 bytes. RFC 8032 §5.1.5
  ///
  /// - Throws: ``RepositoryError/noRandomness`` where the library can't be set up, or for a seed of another length.
  init(seed: Secret) throws(RepositoryError) {
    try Sodium.prepare()
    var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_publickeybytes()))
    let expanded = Secret(count: Int(crypto_sign_secretkeybytes()))
    guard seed.count == Int(crypto_sign_seedbytes()),
      crypto_sign_seed_keypair(&publicKey, expanded.address, seed.address) == 0,
      let object = KeyObject(ed25519: publicKey)
    else { throw .noRandomness }
    self.object = object
    secret = seed
    self.expanded = expanded
  }

  /// Takes a P-256 or RSA key in DER; nil for one that can't sign metadata.
  init?(der: Secret) {
    var pem = [CChar](repeating: 0, count: 2048)
    guard mbed_private_public(der.address, der.count, &pem) == 1 else { return nil }
    let text = pem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    guard let object = KeyObject(pem: String(decoding: text, as: UTF8.self)) else { return nil }
    self.object = object
    secret = der
    expanded = nil
  }

  /// Makes the key that an encrypted file holds, by the type that its public half has.
  convenience init?(secret: Secret, of object: KeyObject) throws(RepositoryError) {
    if object.type == "ed25519" {
      try self.init(seed: secret)
    } else {
      self.init(der: secret)
    }
  }

  /// Makes a new Ed25519 key.
  public convenience init() throws(RepositoryError) {
    try Sodium.prepare()
    let seed = Secret(count: Int(crypto_sign_seedbytes()))
    randombytes_buf(seed.address, seed.count)
    try self.init(seed: seed)
  }

  /// The signature over a message: 64 bytes for Ed25519, DER for ECDSA, as long as the modulus for RSA.
  public func sign(_ message: [UInt8]) -> [UInt8] { sign(message, listed: object) }

  /// The same in the scheme that metadata lists this key with.
  public func sign(_ message: [UInt8], listed: KeyObject) -> [UInt8] {
    if let expanded {
      var signature = [UInt8](repeating: 0, count: Int(crypto_sign_bytes()))
      crypto_sign_detached(
        &signature, nil, message, UInt64(message.count), expanded.address)
      return signature
    }
    var signature = [UInt8](repeating: 0, count: Int(MBED_SIGNATURE_MAXIMUM))
    let scheme = listed.verifier.rsaScheme
    let length = mbed_private_sign(
      secret.address, secret.count, scheme?.padding == .pkcs1v15 ? mbed_rsa_pkcs1v15 : mbed_rsa_pss,
      scheme?.bits ?? 256, message, message.count,
      { bytes, count in if let bytes { randombytes_buf(bytes, count) } },
      &signature)
    return Array(signature[..<length])
  }
}
