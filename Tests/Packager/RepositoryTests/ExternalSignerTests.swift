import FileSystem
import Repository
import TUF
import Testing

/// Commands that sign: here OpenSSL, with a key that only it reads.
struct ExternalSignerTests {
  private static let folder = Path(#filePath).parent.appending("Fixtures/keys")
  private let scratch: Scratch
  private let object: KeyObject

  init() throws {
    scratch = try Scratch()
    object = try KeyObject(file: Self.folder.appending("pyca-p256.pub"))
  }

  private var openssl: [String] {
    ["openssl", "dgst", "-sha256", "-sign", Self.folder.appending("pyca-p256.pem").text]
  }

  private func signer(_ command: [String]) throws(RepositoryError) -> ExternalSigner {
    try ExternalSigner(
      creating: scratch.path.appending("kms.signer"), object: object, command: command)
  }

  @Test func signsWithACommand() throws {
    _ = try signer(openssl)
    // As a key ring finds it again.
    let ring = try KeyRing(folders: [scratch.path]) { (file) throws(RepositoryError) in
      throw .wrongPassphrase(file.path)
    }
    let setup = try Setup()
    var roles = setup.roles
    roles[0] = RoleAssignment(.root, keys: [object])
    let all = KeyRing(setup.keys + [try ExternalSigner(scratch.path.appending("kms.signer"))])
    var repository = try RepositoryFolder.create(setup.folder, roles: roles, keys: all, now: now)
    _ = try repository.refresh([.root], keys: ring, now: now)
    #expect(repository.version(of: .root) == 2)
    #expect(try setup.fresh() == [:])
  }

  @Test func doesNotWaitForWhatTheCommandLeavesBehind() throws {
    let words = openssl.joined(separator: " ")
    let began = ContinuousClock.now
    let signature = try signer(["sh", "-c", "sleep 60 & \(words)"]).sign(utf8("message"))
    #expect(object.verifies(signature, of: utf8("message")))
    // Twice: the trial, and this.
    #expect(ContinuousClock.now - began < .seconds(30))
  }

  @Test func takesAMessageThatIsLongerThanAPipeHolds() throws {
    let message = [UInt8](repeating: 7, count: 3 << 20)
    let signature = try signer(openssl).sign(message)
    #expect(object.verifies(signature, of: message))
  }

  /// Commands, and a part of the reason that nothing comes of them.
  @Test(arguments: [
    (["/nowhere/at/all"], "not found"), (["false"], "exited with 1"),
    (["true"], "no signature by its key"),
    (["sh", "-c", "kill -9 $$"], "signal 9"),
    (["sh", "-c", "cat >/dev/null; echo nonsense"], "9 bytes"),
    (["yes"], "more than any signature"), (["sh", "-c", "exec 0<&-; exit 3"], "exited with 3"),
  ])
  func refusesACommandThatDoesNotSign(command: [String], reason: String) throws {
    do {
      _ = try signer(command)
      Issue.record("it was accepted")
    } catch {
      #expect(error.description.contains(reason), "\(error.description)")
    }
    #expect(try FileSystem.list(scratch.path).isEmpty)
  }

  @Test func refusesACommandThatSignsWithAnotherKey() throws {
    let other = [
      "openssl", "dgst", "-sha256", "-sign", Self.folder.appending("pyca-p256-sec1.pem").text,
    ]
    #expect(refusal { () throws(RepositoryError) in _ = try signer(other) } == "signerFailed")
  }

  @Test(arguments: [
    "", "{}", "{\"format\":\"esky-signer\",\"version\":2}",
    "{\"format\":\"esky-signer\",\"version\":1,\"command\":[],\"public\":KEY}",
    "{\"format\":\"esky-signer\",\"version\":1,\"command\":[1],\"public\":KEY}",
    "{\"format\":\"esky-signer\",\"version\":1,\"command\":[\"a\"],\"public\":{}}",
  ])
  func refusesADescriptionThatIsNone(text: String) throws {
    let key = String(decoding: try object.json.text(), as: UTF8.self)
    let path = try scratch.file("a.signer", text.replacing("KEY", with: key))
    #expect(
      refusal { () throws(RepositoryError) in _ = try ExternalSigner(path) } == "badKeyFile")
  }
}
