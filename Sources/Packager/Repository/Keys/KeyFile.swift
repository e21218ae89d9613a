import Bytes
import CSodium
public import FileSystem
import JSON
import TUF

/// A private key at rest, encrypted under a passphrase; its public half stands there in clear.
///
/// A JSON object of at most 32 KiB. All byte values are hexadecimal digits:
///
/// - `format`: `"esky-key"`; `version`: 1
/// - `kdf`: `name` is `"argon2id13"`, with `operations`, `memory` in bytes, and `salt` of 16 bytes; it
///   turns the passphrase into 32 bytes
/// - `cipher`: `"xsalsa20-poly1305"`, under that key with `nonce` of 24 bytes
/// - `ciphertext`: 16 bytes of authenticator, then encrypted: for Ed25519 the seed of 32 bytes (RFC 8032
///   §5.1.5), for ECDSA on P-256 and for RSA the private key in DER (RFC 5915, RFC 8017 A.1.2)
/// - `passphrase`: `offline`, `online` or `recovery`, the one that was used; without it the folder tells
/// - `public`: the key object as metadata lists it
public struct KeyFile: Sendable {
  /// Where it was read from or written to.
  public let path: Path
  /// The public half, which the file does not prove: ``unlock(passphrase:)`` does.
  public let object: KeyObject
  /// How well it is protected.
  public let protection: KeyProtection
  /// Which passphrase opens it.
  public let passphrase: PassphraseKind

  private let salt: [UInt8]
  private let nonce: [UInt8]
  private let ciphertext: [UInt8]

  /// The most bytes that a key file may have.
  static let lengthLimit = 32 << 10

  /// Encrypts a key into a new file, which only its owner may read; durable on return.
  ///
  /// The folder in which it is made says which passphrase that is.
  ///
  /// - Throws: ``RepositoryError/keyFileExists(_:)`` rather than overwrite anything.
  public static func create(
    _ path: Path, key: PrivateKey, passphrase: [UInt8], protection: KeyProtection = .moderate
  ) throws(RepositoryError) -> KeyFile {
    try Sodium.prepare()
    if passphrase.isEmpty { throw .emptyPassphrase(path) }
    let salt = Sodium.random(Int(crypto_pwhash_argon2id_saltbytes()))
    let nonce = Sodium.random(Int(crypto_secretbox_noncebytes()))
    let wrapping = try protection.key(passphrase: passphrase, salt: salt)
    var ciphertext = [UInt8](
      repeating: 0, count: Int(crypto_secretbox_macbytes()) + key.secret.count)
    crypto_secretbox_easy(
      &ciphertext, key.secret.address, UInt64(key.secret.count), nonce, wrapping.address)
    let file = KeyFile(
      path: path, object: key.object, protection: protection,
      passphrase: PassphraseKind(folderOf: path), salt: salt, nonce: nonce,
      ciphertext: ciphertext)
    try file.write()
    return file
  }

  private init(
    path: Path, object: KeyObject, protection: KeyProtection, passphrase: PassphraseKind,
    salt: [UInt8], nonce: [UInt8], ciphertext: [UInt8]
  ) {
    self.path = path
    self.object = object
    self.protection = protection
    self.passphrase = passphrase
    self.salt = salt
    self.nonce = nonce
    self.ciphertext = ciphertext
  }

  private func write() throws(RepositoryError) {
    let json: JSONBuilder = [
      "format": "esky-key", "version": 1,
      "kdf": [
        "name": "argon2id13", "operations": .integer(Int64(protection.operations)),
        "memory": .integer(Int64(protection.memory)), "salt": .hex(salt),
      ],
      "cipher": "xsalsa20-poly1305", "nonce": .hex(nonce), "ciphertext": .hex(ciphertext),
      "passphrase": .text(passphrase.rawValue), "public": object.json,
    ]
    let bytes = try json.text(path.text)
    try Self.writeNew(bytes, to: path, permissions: 0o600)
  }

  /// Writes a file of a key, in place of no other.
  static func writeNew(
    _ bytes: [UInt8], to path: Path, permissions: FileMode
  ) throws(RepositoryError) {
    do throws(FileError) {
      try FileSystem.writeNew(bytes, to: path, permissions: permissions)
    } catch {
      if error.isTaken { throw .keyFileExists(path) }
      throw .file(error)
    }
  }

  /// Reads a key file without decrypting it.
  public init(_ path: Path) throws(RepositoryError) {
    let text = try onDisk { () throws(FileError) in
      try FileSystem.read(path, limit: Self.lengthLimit)
    }
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: text).root
    } catch {
      throw .badKeyFile(path, reason: error.description)
    }
    func bytes(_ value: JSONValue?, _ name: String, count: Int) throws(RepositoryError) -> [UInt8] {
      guard let digits = value?.text, let bytes = Hex.decode(digits), bytes.count == count else {
        throw .badKeyFile(path, reason: "\"\(name)\" is not \(count) bytes in hexadecimal digits")
      }
      return bytes
    }
    guard root["format"].reads("esky-key"), root["version"]?.integer == 1,
      (root["kdf"]?["name"]).reads("argon2id13"),
      root["cipher"].reads("xsalsa20-poly1305")
    else { throw .badKeyFile(path, reason: "it has another format, or a newer version of it") }
    guard let operations = root["kdf"]?["operations"]?.integer, operations > 0,
      let memory = root["kdf"]?["memory"]?.integer, memory > 0,
      let protection = KeyProtection(operations: UInt64(operations), memory: UInt64(memory))
    else {
      throw .badKeyFile(
        path, reason: "it asks for more than 4 GiB of memory or 64 passes, or for too few")
    }
    guard let object = root["public"].flatMap(KeyObject.init) else {
      throw .badKeyFile(path, reason: "\"public\" is no key of a kind that clients know")
    }
    self.path = path
    self.object = object
    self.protection = protection
    let said = root["passphrase"]?.text.map { String(decoding: $0, as: UTF8.self) }
    passphrase = said.flatMap(PassphraseKind.init) ?? PassphraseKind(folderOf: path)
    salt = try bytes(
      root["kdf"]?["salt"], "salt", count: Int(crypto_pwhash_argon2id_saltbytes()))
    nonce = try bytes(root["nonce"], "nonce", count: Int(crypto_secretbox_noncebytes()))
    guard let sealed = root["ciphertext"]?.text.flatMap(Hex.decode),
      sealed.count > Int(crypto_secretbox_macbytes())
    else { throw .badKeyFile(path, reason: "\"ciphertext\" is no encrypted key") }
    ciphertext = sealed
  }

  /// Decrypts the key; takes the time and memory of the file's ``protection``.
  ///
  /// - Throws: ``RepositoryError/wrongPassphrase(_:)``, also when the ciphertext was changed, and
  ///   ``RepositoryError/badKeyFile(_:reason:)`` when the public half in clear is another key's.
  public func unlock(passphrase: [UInt8]) throws(RepositoryError) -> PrivateKey {
    try Sodium.prepare()
    if passphrase.isEmpty { throw .wrongPassphrase(path) }
    let wrapping = try protection.key(passphrase: passphrase, salt: salt)
    let secret = Secret(count: ciphertext.count - Int(crypto_secretbox_macbytes()))
    guard
      crypto_secretbox_open_easy(
        secret.address, ciphertext, UInt64(ciphertext.count), nonce, wrapping.address) == 0
    else { throw .wrongPassphrase(path) }
    guard let key = try PrivateKey(secret: secret, of: object), key.object == object else {
      throw .badKeyFile(path, reason: "\"public\" is not the public half of the key in it")
    }
    return key
  }
}

extension JSONValue? {
  /// True for a string of exactly these bytes.
  fileprivate func reads(_ text: StaticString) -> Bool {
    guard let bytes = self?.text else { return false }
    return bytes.elementsEqual(
      UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
