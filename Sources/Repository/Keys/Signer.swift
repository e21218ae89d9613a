/// Whatever makes the signatures of one key: a key in memory, an encrypted file, a command.
public protocol Signer: AnyObject {
  /// The public half.
  var object: KeyObject { get }
  /// True for a key that is put away for bad days: that it can't be unlocked is no error.
  var isReserve: Bool { get }

  /// The signature over a message, in the form that the key's scheme has in metadata, before it becomes
  /// hexadecimal digits.
  func sign(_ message: [UInt8]) throws(RepositoryError) -> [UInt8]
}

extension Signer {
  /// True for a key that is put away for bad days; false unless a kind of signer says otherwise.
  public var isReserve: Bool { false }
}

/// A key in an encrypted file, decrypted when it first signs.
final class LockedKey: Signer {
  private let file: KeyFile
  let isReserve: Bool
  private let unlock: (KeyFile) throws(RepositoryError) -> PrivateKey
  private var unlocked: PrivateKey?

  init(
    _ file: KeyFile, isReserve: Bool,
    unlock: @escaping (KeyFile) throws(RepositoryError) -> PrivateKey
  ) {
    self.file = file
    self.isReserve = isReserve
    self.unlock = unlock
  }

  var object: KeyObject { file.object }

  func sign(_ message: [UInt8]) throws(RepositoryError) -> [UInt8] {
    let key: PrivateKey
    if let unlocked {
      key = unlocked
    } else {
      key = try unlock(file)
      unlocked = key
    }
    return key.sign(message)
  }
}
