import CSodium

/// Bytes that are wiped when they are no longer needed.
///
/// What they were made from is not: a file that was imported, a passphrase as it was typed.
final class Secret {
  let address: UnsafeMutablePointer<UInt8>
  let count: Int

  /// Makes room for `count` bytes of 0.
  init(count: Int) {
    address = .allocate(capacity: count)
    address.initialize(repeating: 0, count: count)
    self.count = count
  }

  /// Takes a copy of bytes.
  convenience init(_ bytes: [UInt8]) {
    self.init(count: bytes.count)
    address.update(from: bytes, count: bytes.count)
  }

  deinit {
    sodium_memzero(address, count)
    address.deallocate()
  }
}

/// The cryptographic library, set up once.
enum Sodium {
  private static let isReady = sodium_init() >= 0

  /// Sets the library up: without it, random numbers may be none.
  static func prepare() throws(RepositoryError) {
    if !isReady { throw .noRandomness }
  }

  static func random(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, count)
    return bytes
  }
}
