import CSodium

/// An Ed25519 key that can sign; its secret half is wiped from memory with the last reference to it.
public final class PrivateKey {
  /// The public half.
  public let object: KeyObject
  /// What the key is made from: 32 bytes.
  let seed: Secret
  /// Seed and public half together, as libsodium signs with it: 64 bytes.
  private let secret: Secret

  /// Derives the key of a seed of 32 bytes. RFC 8032 §5.1.5
  init(seed: Secret) throws(RepositoryError) {
    try Sodium.prepare()
    var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_publickeybytes()))
    let secret = Secret(count: Int(crypto_sign_secretkeybytes()))
    guard crypto_sign_seed_keypair(&publicKey, secret.address, seed.address) == 0,
      let object = KeyObject(ed25519: publicKey)
    else { throw .noRandomness }
    self.object = object
    self.seed = seed
    self.secret = secret
  }

  /// Makes a new key.
  public convenience init() throws(RepositoryError) {
    try Sodium.prepare()
    let seed = Secret(count: Int(crypto_sign_seedbytes()))
    randombytes_buf(seed.address, seed.count)
    try self.init(seed: seed)
  }

  /// The signature over a message: 64 bytes.
  public func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Int(crypto_sign_bytes()))
    crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret.address)
    return signature
  }
}
