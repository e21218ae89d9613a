public import FileSystem

/// Private keys by their public halves, decrypted one by one when they are first needed.
public final class KeyRing {
  private var unlocked: [PrivateKey]
  private let locked: [KeyFile]
  private let passphrase: (KeyFile) throws(RepositoryError) -> [UInt8]

  /// Takes keys that are in memory already.
  public init(_ keys: [PrivateKey]) {
    unlocked = keys
    locked = []
    passphrase = { (file) throws(RepositoryError) in throw .wrongPassphrase(file.path) }
  }

  /// Finds the key files in a folder: the names that end in `.key`.
  ///
  /// - Parameter passphrase: asked once for each key that signs, and for no other.
  /// - Throws: ``RepositoryError``, also for a single file that can't be read as a key file.
  public init(
    folder: Path, passphrase: @escaping (KeyFile) throws(RepositoryError) -> [UInt8]
  ) throws(RepositoryError) {
    var names = try onDisk { () throws(FileError) in try FileSystem.list(folder) }.map(\.name)
    names.removeAll { !$0.suffix(4).elementsEqual(".key".utf8) }
    names.sort { $0.lexicographicallyPrecedes($1) }
    var files: [KeyFile] = []
    for name in names { files.append(try KeyFile(folder.appending(name))) }
    unlocked = []
    locked = files
    self.passphrase = passphrase
  }

  /// Where the key of a role is kept by custom: `root.key` in the folder.
  public static func path(of role: Role, in folder: Path) -> Path {
    folder.appending(role.name + ".key")
  }

  /// The public halves of all keys at hand.
  public var objects: [KeyObject] { unlocked.map(\.object) + locked.map(\.object) }

  /// True when the private half of a key is at hand, be it locked.
  public func holds(_ object: KeyObject) -> Bool { objects.contains(object) }

  /// The private half of a key; nil when it is not at hand.
  ///
  /// - Throws: ``RepositoryError`` when its file can't be unlocked, or what the passphrase's source threw.
  public func key(_ object: KeyObject) throws(RepositoryError) -> PrivateKey? {
    for key in unlocked where key.object == object { return key }
    for file in locked where file.object == object {
      let key = try file.unlock(passphrase: try passphrase(file))
      unlocked.append(key)
      return key
    }
    return nil
  }
}
