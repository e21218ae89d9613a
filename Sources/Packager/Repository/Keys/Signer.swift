import FileSystem

/// Whatever makes the signatures of one key: a key in memory, an encrypted file, a command.
public protocol Signer: AnyObject {
  /// The public half.
  var object: KeyObject { get }
  /// True for a key that is put away for bad days: that it can't be unlocked is no error.
  var isReserve: Bool { get }

  /// True when signing asks nobody for a passphrase any more.
  var isReady: Bool { get }

  /// Gets ready to sign, where that can fail by itself: a key may stay locked.
  func prepare() throws(RepositoryError)

  /// The signature over a message, in the form that the key's scheme has in metadata, before it becomes
  /// hexadecimal digits.
  func sign(_ message: [UInt8]) throws(RepositoryError) -> [UInt8]

  /// The same in the scheme that metadata lists this key with: for RSA there are several.
  func sign(_ message: [UInt8], listed: KeyObject) throws(RepositoryError) -> [UInt8]
}

extension Signer {
  /// True for a key that is put away for bad days; false unless a kind of signer says otherwise.
  public var isReserve: Bool { false }

  /// True, unless a kind of signer says otherwise.
  public var isReady: Bool { true }

  /// Nothing to do, unless a kind of signer says otherwise.
  public func prepare() throws(RepositoryError) {}

  /// In its own scheme, unless a kind of signer knows the others.
  public func sign(_ message: [UInt8], listed: KeyObject) throws(RepositoryError) -> [UInt8] {
    try sign(message)
  }
}

/// A key in an encrypted file, decrypted when it first signs; or never, when that failed once.
final class LockedKey: Signer {
  private let file: KeyFile
  let isReserve: Bool
  private let unlock: (KeyFile) throws(RepositoryError) -> PrivateKey
  private var unlocked: Result<PrivateKey, RepositoryError>?

  init(
    _ file: KeyFile, isReserve: Bool,
    unlock: @escaping (KeyFile) throws(RepositoryError) -> PrivateKey
  ) {
    self.file = file
    self.isReserve = isReserve
    self.unlock = unlock
  }

  var object: KeyObject { file.object }
  var path: Path { file.path }
  var isReady: Bool { unlocked != nil }
  /// Why it could not be unlocked; nil when nobody has tried, or it could.
  var failure: RepositoryError? {
    guard case .failure(let error)? = unlocked else { return nil }
    return error
  }

  func prepare() throws(RepositoryError) { _ = try key() }

  func sign(_ message: [UInt8]) throws(RepositoryError) -> [UInt8] { try key().sign(message) }

  func sign(_ message: [UInt8], listed: KeyObject) throws(RepositoryError) -> [UInt8] {
    try key().sign(message, listed: listed)
  }

  private func key() throws(RepositoryError) -> PrivateKey {
    if let unlocked { return try unlocked.get() }
    let result = Result { () throws(RepositoryError) in try unlock(file) }
    unlocked = result
    return try result.get()
  }
}
