import CSodium

/// How much work it is to try one passphrase on a key file: argon2id's parameters. RFC 9106
public struct KeyProtection: Equatable, Sendable {
  /// How often the memory is passed over.
  public let operations: UInt64
  /// The memory, in bytes.
  public let memory: UInt64

  /// Takes parameters; nil outside of what argon2id allows and this program is ready to spend.
  public init?(operations: UInt64, memory: UInt64) {
    guard 1...Self.mostOperations ~= operations, Self.leastMemory...Self.mostMemory ~= memory
    else { return nil }
    self.operations = operations
    self.memory = memory
  }

  private init(preset operations: Int, _ memory: Int) {
    self.operations = UInt64(operations)
    self.memory = UInt64(memory)
  }

  /// The most passes that a key file may ask for: a changed file must not keep a machine busy for ever.
  public static let mostOperations: UInt64 = 64
  /// The most memory that a key file may ask for, in bytes: 4 GiB.
  public static let mostMemory: UInt64 = 4 << 30
  /// The least memory that argon2id works with, in bytes.
  public static let leastMemory: UInt64 = 8 << 10

  /// 64 MiB, two passes: a fraction of a second.
  public static let interactive = KeyProtection(
    preset: crypto_pwhash_argon2id_opslimit_interactive(),
    crypto_pwhash_argon2id_memlimit_interactive())
  /// 256 MiB, three passes: about a second.
  public static let moderate = KeyProtection(
    preset: crypto_pwhash_argon2id_opslimit_moderate(),
    crypto_pwhash_argon2id_memlimit_moderate())
  /// 1 GiB, four passes: several seconds.
  public static let sensitive = KeyProtection(
    preset: crypto_pwhash_argon2id_opslimit_sensitive(),
    crypto_pwhash_argon2id_memlimit_sensitive())

  /// The key of 32 bytes that a passphrase and a salt of 16 bytes give.
  func key(passphrase: [UInt8], salt: [UInt8]) throws(RepositoryError) -> Secret {
    let key = Secret(count: Int(crypto_secretbox_keybytes()))
    let status = passphrase.withUnsafeBufferPointer { text in
      text.withMemoryRebound(to: CChar.self) { text -> CInt in
        guard let start = text.baseAddress else { return -1 }
        return crypto_pwhash_argon2id(
          key.address, UInt64(key.count), start, UInt64(text.count), salt, operations,
          Int(memory), crypto_pwhash_argon2id_alg_argon2id13())
      }
    }
    if status != 0 { throw .noMemory(bytes: memory) }
    return key
  }
}
