import FileSystem
import Repository
import TUF
import Testing

@Suite struct KeyFileTests {
  let scratch: Scratch
  let path: Path
  let key: PrivateKey
  let passphrase = utf8("correct horse battery staple")

  init() throws {
    scratch = try Scratch()
    path = scratch.path.appending("root.key")
    key = try PrivateKey()
    _ = try KeyFile.create(path, key: key, passphrase: passphrase, protection: .interactive)
  }

  @Test func readsBackWhatItWrote() throws {
    let file = try KeyFile(path)
    #expect(file.object == key.object)
    #expect(file.protection == .interactive)
    let again = try file.unlock(passphrase: passphrase)
    let signature = again.sign(utf8("message"))
    let holds = utf8("message").withUnsafeBufferPointer {
      key.object.verifier.verifies(signature: signature, of: $0)
    }
    #expect(holds)
    #expect(signature == key.sign(utf8("message")))
  }

  @Test func isOnlyItsOwnersToRead() throws {
    #expect(try FileSystem.status(path).permissions == 0o600)
    #expect(try FileSystem.list(scratch.path).count == 1)
  }

  @Test func refusesAWrongPassphraseAndNamesTheFile() throws {
    let file = try KeyFile(path)
    for wrong in [[], utf8("correct horse battery stapl"), passphrase + [0]] {
      #expect(
        refusal { () throws(RepositoryError) in _ = try file.unlock(passphrase: wrong) }
          == "wrongPassphrase")
    }
    #expect(RepositoryError.wrongPassphrase(path).description.contains(path.text))
  }

  @Test func overwritesNothing() throws {
    let before = try FileSystem.read(path, limit: 4096)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try KeyFile.create(
          path, key: try PrivateKey(), passphrase: passphrase, protection: .interactive)
      } == "keyFileExists")
    #expect(try FileSystem.read(path, limit: 4096) == before)
  }

  @Test func refusesAnEmptyPassphrase() throws {
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try KeyFile.create(scratch.path.appending("new.key"), key: key, passphrase: [])
      } == "emptyPassphrase")
    #expect(try FileSystem.list(scratch.path).count == 1)
  }

  /// A field of the file, what it is changed to, and how that is refused.
  @Test(arguments: [
    ("\"esky-key\"", "\"other-key\"", "badKeyFile"),
    ("\"version\":1", "\"version\":2", "badKeyFile"),
    ("argon2id13", "scrypt", "badKeyFile"), ("xsalsa20", "chacha20", "badKeyFile"),
    ("\"operations\":2", "\"operations\":0", "badKeyFile"),
    ("\"operations\":2", "\"operations\":65", "badKeyFile"),
    ("\"operations\":2", "\"operations\":-1", "badKeyFile"),
    ("\"memory\":67108864", "\"memory\":4294967297", "badKeyFile"),
    ("\"memory\":67108864", "\"memory\":1024", "badKeyFile"),
    ("\"memory\":67108864", "\"memory\":9223372036854775807", "badKeyFile"),
    ("\"memory\":67108864", "\"memory\":\"67108864\"", "badKeyFile"),
    ("\"operations\":2", "\"operations\":1", "wrongPassphrase"),
    ("\"memory\":67108864", "\"memory\":33554432", "wrongPassphrase"),
    ("\"nonce\":\"", "\"nonce\":\"00", "badKeyFile"),
    ("\"salt\":\"", "\"salt\":\"zz", "badKeyFile"),
    ("\"ciphertext\":\"", "\"ciphertext\":\"zz", "badKeyFile"),
    ("\"ciphertext\":\"", "\"ciphertext\":\"00", "wrongPassphrase"), ("{", "[", "badKeyFile"),
    ("\"keytype\":\"ed25519\"", "\"keytype\":\"rsa\"", "badKeyFile"),
  ])
  func refusesAChangedFile(old: String, new: String, reason: String) throws {
    let text = String(decoding: try FileSystem.read(path, limit: 4096), as: UTF8.self)
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != text)
    try FileSystem.writeAtomically(utf8(changed), to: path)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try KeyFile(path).unlock(passphrase: passphrase)
      } == reason)
  }

  @Test(arguments: ["nonce", "salt", "ciphertext"])
  func refusesAFlippedBit(field: String) throws {
    var bytes = try FileSystem.read(path, limit: 4096)
    let text = String(decoding: bytes, as: UTF8.self)
    let range = try #require(text.firstRange(of: "\"\(field)\":\""))
    let place = text.utf8.distance(from: text.startIndex, to: range.upperBound)
    bytes[place] = bytes[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
    try FileSystem.writeAtomically(bytes, to: path)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try KeyFile(path).unlock(passphrase: passphrase)
      } == "wrongPassphrase")
  }

  @Test func refusesThePublicHalfOfAnotherKey() throws {
    let text = String(decoding: try FileSystem.read(path, limit: 4096), as: UTF8.self)
    func hex(_ key: PrivateKey) -> String {
      key.object.text
    }
    try FileSystem.writeAtomically(
      utf8(text.replacing(hex(key), with: hex(try PrivateKey()))), to: path)
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try KeyFile(path).unlock(passphrase: passphrase)
      } == "badKeyFile")
  }

  @Test func asksForThePassphraseOfNoKeyButTheOneThatSigns() throws {
    let other = try PrivateKey()
    _ = try KeyFile.create(
      scratch.path.appending("targets.key"), key: other, passphrase: utf8("other"),
      protection: .interactive)
    try FileSystem.writeAtomically(utf8("no key"), to: scratch.path.appending("notes.txt"))
    var asked: [Path] = []
    let ring = try KeyRing(folders: [scratch.path]) { (file) throws(RepositoryError) in
      asked.append(file.path)
      return try file.unlock(passphrase: utf8("other"))
    }
    #expect(ring.holds(key.object) && ring.holds(other.object))
    #expect(asked == [])
    let signer = try #require(ring.signer(for: other.object))
    for text in ["a", "b"] {
      let signature = try signer.sign(utf8(text))
      #expect(other.object.verifies(signature, of: utf8(text)))
    }
    #expect(asked == [scratch.path.appending("targets.key")])
    #expect(ring.signer(for: try PrivateKey().object) == nil)
  }

  @Test func anothersKeyInTheFolderIsPassedOver() throws {
    try FileSystem.writeAtomically(
      utf8("-----BEGIN PRIVATE KEY-----"), to: scratch.path.appending("server.key"))
    let ring = try KeyRing(folders: [scratch.path]) { (file) throws(RepositoryError) in
      try file.unlock(passphrase: passphrase)
    }
    #expect(ring.passedOver.count == 1)
    #expect(ring.passedOver.first?.description.contains("server.key") == true)
    #expect(ring.holds(key.object))
  }

  @Test func aKeyThatStaysLockedIsAskedForOnce() throws {
    var asked = 0
    let ring = try KeyRing(folders: [scratch.path]) { (file) throws(RepositoryError) in
      asked += 1
      throw .wrongPassphrase(file.path)
    }
    let signer = try #require(ring.signer(for: key.object))
    for _ in 0..<3 {
      #expect(
        refusal { () throws(RepositoryError) in _ = try signer.sign([1]) } == "wrongPassphrase")
    }
    #expect(asked == 1)
  }

  /// A folder, and the passphrase that a key wants which was made there, wherever it is now.
  @Test(arguments: [
    ("online", PassphraseKind.online), ("recovery", .recovery), ("offline", .offline),
    ("other", .offline),
  ])
  func saysWhichPassphraseItWants(folder: String, kind: PassphraseKind) throws {
    let scratch = try Scratch()
    let made = scratch.path.appending(folder)
    try FileSystem.makeDirectory(made)
    let protection = try #require(KeyProtection(operations: 1, memory: KeyProtection.leastMemory))
    let file = try KeyFile.create(
      made.appending("a.key"), key: try PrivateKey(), passphrase: utf8("x"),
      protection: protection)
    #expect(file.passphrase == kind)
    let moved = scratch.path.appending("a.key")
    try FileSystem.rename(file.path, to: moved)
    #expect(try KeyFile(moved).passphrase == kind)
    // One that does not say it goes by where it lies.
    let text = String(decoding: try FileSystem.read(moved, limit: 1 << 20), as: UTF8.self)
    try FileSystem.writeAtomically(
      utf8(text.replacing("\"passphrase\":\"\(kind.rawValue)\",", with: "")),
      to: made.appending("b.key"))
    #expect(try KeyFile(made.appending("b.key")).passphrase == kind)
  }
}
