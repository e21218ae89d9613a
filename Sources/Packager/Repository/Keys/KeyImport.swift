import Bytes
import CMbedTLS
import CSodium
public import FileSystem
import JSON
import TUF

/// A private key in a file of another program.
///
/// - PEM: PKCS#8 plain or encrypted, SEC 1, PKCS#1; Ed25519, P-256, RSA of at least 2048 bits. What OpenSSL
///   and pyca/cryptography write, and with it securesystemslib since 1.0.
/// - JSON of securesystemslib below 1.0, and of tufup: an Ed25519 key in clear, or encrypted with AES-256
///   in counter mode under PBKDF2.
public struct KeyImport {
  private let path: Path
  private let text: [UInt8]

  /// The most bytes that such a file may have.
  private static let lengthLimit = 32 << 10

  /// Reads a file, and nothing into it yet.
  public init(_ path: Path) throws(RepositoryError) {
    self.path = path
    text = try onDisk { () throws(FileError) in
      try FileSystem.read(path, limit: Self.lengthLimit)
    }
  }

  /// True when a passphrase is needed to read the key.
  public var isEncrypted: Bool {
    let line = String(decoding: text, as: UTF8.self)
    return line.contains("@@@@") || line.contains("ENCRYPTED")
  }

  /// The key; `passphrase` is empty for a file that is not encrypted.
  ///
  /// - Throws: ``RepositoryError/wrongPassphrase(_:)``, ``RepositoryError/badKeyFile(_:reason:)``.
  public func key(passphrase: [UInt8]) throws(RepositoryError) -> PrivateKey {
    try Sodium.prepare()
    let content = String(decoding: text, as: UTF8.self)
    if content.contains("-----BEGIN ") { return try pem(passphrase) }
    if content.contains("@@@@") { return try sealed(content, passphrase) }
    return try json(text)
  }

  private func pem(_ passphrase: [UInt8]) throws(RepositoryError) -> PrivateKey {
    // C takes it up to its first 0.
    guard !text.contains(0) else { throw .badKeyFile(path, reason: "it holds a 0 byte") }
    let buffer = Secret(count: Int(MBED_PRIVATE_MAXIMUM))
    var length = 0
    var kind = mbed_key_unusable
    var isEd25519: Int32 = 0
    let status = (text + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        mbed_private_key(
          text.baseAddress, passphrase, passphrase.count, buffer.address, &length, &kind,
          &isEd25519)
      }
    }
    switch status {
    case mbed_private_read:
      let secret = Secret(count: length)
      secret.address.update(from: buffer.address, count: length)
      if isEd25519 != 0 { return try PrivateKey(seed: secret) }
      if let key = PrivateKey(der: secret) { return key }
    case mbed_private_locked: throw .wrongPassphrase(path)
    default: break
    }
    throw .badKeyFile(
      path,
      reason:
        "it is no private key of Ed25519, P-256, or RSA of 2048 bits and more in PEM, or it is "
        + "encrypted otherwise than by PBKDF2 and AES")
  }

  private func json(_ bytes: [UInt8]) throws(RepositoryError) -> PrivateKey {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: bytes).root
    } catch {
      throw .badKeyFile(path, reason: "it is neither PEM nor JSON (\(error.description))")
    }
    guard let type = root["keytype"]?.text, type.elementsEqual("ed25519".utf8),
      let digits = root["keyval"]?["private"]?.text, let seed = Hex.decode(digits),
      seed.count == Int(crypto_sign_seedbytes())
    else {
      throw .badKeyFile(path, reason: "it holds no private Ed25519 key in securesystemslib's form")
    }
    let key = try PrivateKey(seed: Secret(seed))
    if let listed = root["keyval"]?["public"]?.text,
      listed != Hex.encode(Hex.decode(Array(key.object.text.utf8)) ?? [])
    {
      throw .badKeyFile(path, reason: "its public half is not that of its private one")
    }
    return key
  }

  /// Salt, rounds, authenticator, counter and ciphertext, with `@@@@` between them.
  private func sealed(
    _ content: String, _ passphrase: [UInt8]
  ) throws(RepositoryError) -> PrivateKey {
    let fields = content.split(separator: "@@@@", omittingEmptySubsequences: false)
    guard fields.count == 5, let salt = Hex.decode(Array(fields[0].utf8)),
      let rounds = UInt32(fields[1]), 1...10_000_000 ~= rounds,
      let authenticator = Hex.decode(Array(fields[2].utf8)), authenticator.count == 32,
      let counter = Hex.decode(Array(fields[3].utf8)), counter.count == 16,
      let ciphertext = Hex.decode(Array(fields[4].filter { !$0.isWhitespace }.utf8))
    else { throw .badKeyFile(path, reason: "its five fields are not those of securesystemslib") }
    if passphrase.isEmpty { throw .wrongPassphrase(path) }
    let key = Secret(count: 32)
    guard
      mbed_pbkdf2_sha256(
        passphrase, passphrase.count, salt, salt.count, rounds, key.address) == 1,
      crypto_auth_hmacsha256_verify(
        authenticator, ciphertext, UInt64(ciphertext.count), key.address) == 0
    else { throw .wrongPassphrase(path) }
    var clear = ciphertext
    guard mbed_aes256_ctr(key.address, counter, &clear, clear.count) == 1 else {
      throw .wrongPassphrase(path)
    }
    defer { sodium_memzero(&clear, clear.count) }
    return try json(clear)
  }
}
