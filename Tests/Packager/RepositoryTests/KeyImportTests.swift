import FileSystem
import Repository
import TUF
import Testing

/// Keys of other programs: OpenSSL 3.0, pyca/cryptography 50, securesystemslib 0.31 as tufup 0.10 uses it.
///
/// They were made for these tests and sign nothing else; the sealed ones open with "hello".
struct KeyImportTests {
  private static let folder = Path(#filePath).parent.appending("Fixtures/keys")

  @Test(arguments: [
    ("openssl-ed25519-sealed.pem", "ed25519"), ("openssl-p256-sealed-sec1.pem", "ecdsa"),
    ("pyca-ed25519.pem", "ed25519"), ("pyca-ed25519-sealed.pem", "ed25519"),
    ("pyca-p256.pem", "ecdsa"), ("pyca-p256-sealed.pem", "ecdsa"), ("pyca-p256-sec1.pem", "ecdsa"),
    ("pyca-rsa.pem", "rsa"), ("pyca-rsa-sealed.pem", "rsa"), ("pyca-rsa-pkcs1.pem", "rsa"),
    ("securesystemslib-ed25519", "ed25519"), ("securesystemslib-ed25519-sealed", "ed25519"),
    ("securesystemslib-rsa-sealed", "rsa"),
  ])
  func readsAKeyThatSigns(name: String, type: String) throws {
    let file = try KeyImport(Self.folder.appending(name))
    let isSealed = name.contains("sealed")
    #expect(file.isEncrypted == isSealed)
    let key = try file.key(passphrase: isSealed ? utf8("hello") : [])
    #expect(key.object.type == type)
    // The public half beside it was written by the other program.
    let stem = name.hasSuffix(".pem") ? String(name.dropLast(4)) : name
    let listed = try KeyObject(file: Self.folder.appending(stem + ".pub"))
    #expect(listed == key.object)
    #expect(listed.verifies(key.sign(utf8("message")), of: utf8("message")))
    #expect(!listed.verifies(key.sign(utf8("message")), of: utf8("another")))
    // And it survives our own file.
    let scratch = try Scratch()
    let path = scratch.path.appending("a.key")
    _ = try KeyFile.create(path, key: key, passphrase: utf8("x"), protection: .interactive)
    let again = try KeyFile(path).unlock(passphrase: utf8("x"))
    #expect(again.object.id == key.object.id)
    #expect(listed.verifies(again.sign(utf8("message")), of: utf8("message")))
    if isSealed {
      for wrong in ["", "Hello"] {
        #expect(
          refusal { () throws(RepositoryError) in _ = try file.key(passphrase: utf8(wrong)) }
            == "wrongPassphrase")
      }
    }
  }

  @Test(arguments: ["refused-p384.pem", "refused-rsa1024.pem", "refused-scrypt.pem"])
  func refusesKeysThatClientsDoNotCount(name: String) throws {
    let file = try KeyImport(Self.folder.appending(name))
    #expect(
      refusal { () throws(RepositoryError) in _ = try file.key(passphrase: utf8("hello")) }
        == "badKeyFile")
  }

  @Test(arguments: [
    "", "{}", "[]", "a@@@@b@@@@c@@@@d@@@@e",
    "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nAAAA",
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    "{\"keytype\":\"ed25519\",\"keyval\":{\"private\":\"00\"}}",
  ])
  func refusesWhatIsNoKey(text: String) throws {
    let scratch = try Scratch()
    let file = try KeyImport(try scratch.file("key", text))
    #expect(
      refusal { () throws(RepositoryError) in _ = try file.key(passphrase: utf8("hello")) }
        == "badKeyFile")
  }

  /// Every byte of a file changed or cut: an error or the same key, and no trap.
  @Test(arguments: [
    "pyca-ed25519-sealed.pem", "pyca-p256.pem", "securesystemslib-ed25519",
  ])
  func survivesMutilation(name: String) throws {
    let bytes = try FileSystem.read(Self.folder.appending(name), limit: 1 << 16)
    let scratch = try Scratch()
    let path = scratch.path.appending("key")
    for place in stride(from: 0, to: bytes.count, by: 7) {
      for changed in [
        Array(bytes[..<place]), Array(bytes[..<place]) + [bytes[place] ^ 1] + bytes[(place + 1)...],
      ] {
        try FileSystem.writeAtomically(changed, to: path)
        _ = try? KeyImport(path).key(passphrase: utf8("hello"))
      }
    }
  }

  @Test func aPrivateKeyInClearIsNoPublicOne() throws {
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try KeyObject(file: Self.folder.appending("pyca-p256.pem"))
      } == "badKeyFile")
  }

  @Test func aRepositoryLivesOnKeysOfAllKinds() throws {
    let setup = try Setup()
    var keys: [PrivateKey] = []
    for name in ["pyca-p256.pem", "pyca-rsa.pem", "pyca-ed25519.pem", "securesystemslib-ed25519"] {
      keys.append(try KeyImport(Self.folder.appending(name)).key(passphrase: []))
    }
    let roles = zip(Role.topLevel, keys).map { RoleAssignment($0, keys: [$1.object]) }
    var repository = try RepositoryFolder.create(
      setup.folder, roles: roles, keys: KeyRing(keys), now: now)
    try repository.addTargets([try setup.addition("a", "a")], keys: KeyRing(keys), now: now)
    #expect(try setup.fresh() == ["a": "a"])
  }
}
