public import FileSystem

/// The keys that are at hand, by their public halves.
public final class KeyRing {
  let signers: [any Signer]
  /// Why files were passed over that are named like keys.
  public let passedOver: [RepositoryError]
  /// False while others wait for whoever signs with it.
  var mayUnlock = true

  /// Takes signers.
  public convenience init(_ signers: [any Signer]) {
    self.init(signers, passedOver: [])
  }

  private init(_ signers: [any Signer], passedOver: [RepositoryError]) {
    self.signers = signers
    self.passedOver = passedOver
  }

  /// Finds keys in folders and in the folders right below them: files that end in `.key`, and in `.signer`.
  ///
  /// A folder that does not exist is passed over: a key kept elsewhere may be elsewhere now. Keys in a
  /// folder called `recovery`, or made in one, come last: they sign when no other does.
  ///
  /// A file that is no key is passed over, too: another program's key may end in `.key`.
  ///
  /// - Parameter unlock: decrypts a key; called once for each encrypted key that signs, and for no other.
  /// - Throws: ``RepositoryError`` for a folder that can't be read.
  public convenience init(
    folders: [Path], unlock: @escaping (KeyFile) throws(RepositoryError) -> PrivateKey
  ) throws(RepositoryError) {
    var signers: [any Signer] = []
    var last: [any Signer] = []
    var passedOver: [RepositoryError] = []
    for folder in folders {
      for path in try Self.files(in: folder) {
        var isReserve = path.parent.lastComponent.elementsEqual("recovery".utf8)
        let signer: any Signer
        do throws(RepositoryError) {
          if path.bytes.ends(with: ".key") {
            let file = try KeyFile(path)
            isReserve = isReserve || file.passphrase == .recovery
            signer = LockedKey(file, isReserve: isReserve, unlock: unlock)
          } else {
            signer = try ExternalSigner(path)
          }
        } catch {
          passedOver.append(error)
          continue
        }
        if isReserve {
          last.append(signer)
        } else {
          signers.append(signer)
        }
      }
    }
    self.init(signers + last, passedOver: passedOver)
  }

  /// The files of keys in a folder and in those right below it, in the order of their paths.
  public static func files(in folder: Path) throws(RepositoryError) -> [Path] {
    var found: [Path] = []
    for entry in try list(folder) {
      let path = folder.appending(entry)
      if isKey(entry) {
        found.append(path)
      } else if try onDisk({ () throws(FileError) in
        try FileSystem.linkStatus(path).kind == .directory
      }) {
        for name in try list(path) where isKey(name) { found.append(path.appending(name)) }
      }
    }
    return found
  }

  private static func isKey(_ name: [UInt8]) -> Bool {
    name.ends(with: ".key") || name.ends(with: ".signer")
  }

  private static func list(_ folder: Path) throws(RepositoryError) -> [[UInt8]] {
    do throws(FileError) {
      let names = try FileSystem.list(folder).map(\.name)
      return names.sorted { $0.lexicographicallyPrecedes($1) }
    } catch {
      if error.isMissing { return [] }
      throw .file(error)
    }
  }

  /// The keys that were put away for bad days.
  public var reserves: [KeyObject] { signers.filter(\.isReserve).map(\.object) }

  /// Why keys that were put away for bad days could not be unlocked, of those that were to sign.
  public var lockedReserves: [RepositoryError] {
    signers.compactMap { signer in signer.isReserve ? (signer as? LockedKey)?.failure : nil }
  }

  /// The same, and those of a role that nobody asked for, since others signed.
  func reservesLeftLocked(of authority: Authority) -> [RepositoryError] {
    let unasked = signers.compactMap { signer -> RepositoryError? in
      guard let key = signer as? LockedKey, key.isReserve, !key.isReady,
        authority.keys.contains(where: { $0.object == key.object })
      else { return nil }
      return .reserveNotNeeded(key.path)
    }
    return lockedReserves + unasked
  }

  /// True when a key is at hand, be it locked.
  public func holds(_ object: KeyObject) -> Bool { signer(for: object) != nil }

  /// What signs with a key; nil when it is not at hand.
  public func signer(for object: KeyObject) -> (any Signer)? {
    signers.first { $0.object == object }
  }
}

extension Array where Element == UInt8 {
  /// True when the last bytes are those of a text.
  func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
