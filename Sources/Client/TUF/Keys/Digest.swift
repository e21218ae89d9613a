import Bytes
import CSodium
public import FileSystem

/// A hash function that TUF metadata may name.
public enum HashAlgorithm: Sendable {
  case sha256, sha512
  /// BLAKE2b with 64 bytes of digest, as Python's `hashlib` means by that name.
  case blake2b
  /// BLAKE2b with 32 bytes of digest, as securesystemslib and python-tuf name it.
  case blake2b256

  /// Bytes of the digest.
  var length: Int {
    switch self {
    case .sha256, .blake2b256: 32
    case .sha512, .blake2b: 64
    }
  }

  /// The name in metadata.
  public var name: StaticString {
    switch self {
    case .sha256: "sha256"
    case .sha512: "sha512"
    case .blake2b: "blake2b"
    case .blake2b256: "blake2b-256"
    }
  }

  init?(_ name: ArraySlice<UInt8>) {
    for known in [HashAlgorithm.sha256, .sha512, .blake2b, .blake2b256]
    where name.elementsEqual(known.name.bytes) {
      self = known
      return
    }
    return nil
  }
}

/// The hash of some bytes, and the function it was made with.
public struct Digest: Equatable, Sendable {
  /// The hash function.
  public let algorithm: HashAlgorithm
  /// The hash itself: 32 or 64 bytes.
  public let bytes: [UInt8]

  /// Puts a digest together.
  public init(_ algorithm: HashAlgorithm, _ bytes: [UInt8]) {
    self.algorithm = algorithm
    self.bytes = bytes
  }

  /// The hash of bytes at hand.
  public init(_ algorithm: HashAlgorithm, of data: [UInt8]) {
    let hasher = Hasher(algorithm)
    data.withUnsafeBytes { hasher.update($0) }
    self = hasher.finish()
  }

  /// The hash of a file, read in pieces.
  public init(_ algorithm: HashAlgorithm, ofFile path: Path) throws(FileError) {
    let hasher = Hasher(algorithm)
    _ = try [hasher].update(try File(path, .read))
    self = hasher.finish()
  }

  /// The hash as lower-case hexadecimal digits.
  public var hex: [UInt8] { Hex.encode(bytes) }
}

/// Hashes bytes as they arrive.
public final class Hasher {
  private let algorithm: HashAlgorithm
  private let state: UnsafeMutableRawPointer

  /// Starts a hash.
  public init(_ algorithm: HashAlgorithm) {
    self.algorithm = algorithm
    let sizes = [
      crypto_hash_sha256_statebytes(), crypto_hash_sha512_statebytes(),
      crypto_generichash_blake2b_statebytes(),
    ]
    state = .allocate(byteCount: sizes.max() ?? 512, alignment: 64)
    restart()
  }

  deinit { state.deallocate() }

  /// Forgets all bytes so far.
  public func restart() {
    switch algorithm {
    case .sha256:
      crypto_hash_sha256_init(state.assumingMemoryBound(to: crypto_hash_sha256_state.self))
    case .sha512:
      crypto_hash_sha512_init(state.assumingMemoryBound(to: crypto_hash_sha512_state.self))
    case .blake2b, .blake2b256:
      crypto_generichash_blake2b_init(OpaquePointer(state), nil, 0, algorithm.length)
    }
  }

  /// Takes the next bytes.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let count = UInt64(bytes.count)
    switch algorithm {
    case .sha256:
      crypto_hash_sha256_update(
        state.assumingMemoryBound(to: crypto_hash_sha256_state.self), start, count)
    case .sha512:
      crypto_hash_sha512_update(
        state.assumingMemoryBound(to: crypto_hash_sha512_state.self), start, count)
    case .blake2b, .blake2b256:
      crypto_generichash_blake2b_update(OpaquePointer(state), start, count)
    }
  }

  /// The hash of all bytes since the last start.
  public func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: algorithm.length)
    switch algorithm {
    case .sha256:
      crypto_hash_sha256_final(
        state.assumingMemoryBound(to: crypto_hash_sha256_state.self), &bytes)
    case .sha512:
      crypto_hash_sha512_final(
        state.assumingMemoryBound(to: crypto_hash_sha512_state.self), &bytes)
    case .blake2b, .blake2b256:
      crypto_generichash_blake2b_final(OpaquePointer(state), &bytes, bytes.count)
    }
    return Digest(algorithm, bytes)
  }
}

extension [Hasher] {
  /// Lets each of them take the rest of a file, read once and in pieces; the number of bytes.
  func update(_ file: borrowing File) throws(FileError) -> Int64 {
    var total: Int64 = 0
    try file.readPieces { piece in
      for hasher in self { hasher.update(piece) }
      total += Int64(piece.count)
      return true
    }
    return total
  }
}
