import CPosix
public import FileSystem
import JSON
import TUF

/// A key that a command signs with: a security key, a cloud's key service, a colleague's machine.
///
/// The contract: the command reads the bytes to sign from standard input until its end, writes the
/// signature to standard output, and exits with 0. The signature is raw: 64 bytes for Ed25519, DER for
/// ECDSA, as many bytes as the modulus has for RSA, each in the scheme of the key object. What it writes to standard error is
/// seen by whoever runs the tool. Every signature is verified before it is used.
///
/// It is described by a JSON file, whose name ends in `.signer`:
///
/// - `format`: `"esky-signer"`; `version`: 1
/// - `command`: the program, looked up in `PATH`, and its arguments
/// - `public`: the key object as metadata lists it
public final class ExternalSigner: Signer {
  /// Where it was read from or written to.
  public let path: Path
  /// The public half.
  public let object: KeyObject
  /// The program and its arguments.
  public let command: [String]

  /// Writes the description of a signer, durable on return, after the command has signed a trial.
  ///
  /// - Throws: ``RepositoryError/keyFileExists(_:)`` rather than overwrite anything.
  public init(
    creating path: Path, object: KeyObject, command: [String]
  ) throws(RepositoryError) {
    self.path = path
    self.object = object
    self.command = command
    let isTaken = try onDisk { () throws(FileError) in try FileSystem.exists(path) }
    if isTaken { throw .keyFileExists(path) }
    _ = try sign(Array("a trial, to see that the command signs with this key".utf8))
    let json: JSONBuilder = [
      "format": "esky-signer", "version": 1, "command": .array(command.map { .text($0) }),
      "public": object.json,
    ]
    let bytes = try json.text(path.text)
    try KeyFile.writeNew(bytes, to: path, permissions: 0o644)
  }

  /// Reads the description of a signer.
  public init(_ path: Path) throws(RepositoryError) {
    let text = try onDisk { () throws(FileError) in
      try FileSystem.read(path, limit: KeyFile.lengthLimit)
    }
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: text).root
    } catch {
      throw .badKeyFile(path, reason: error.description)
    }
    guard let format = root["format"]?.text, format.elementsEqual("esky-signer".utf8),
      root["version"]?.integer == 1
    else { throw .badKeyFile(path, reason: "it has another format, or a newer version of it") }
    guard let object = root["public"].flatMap(KeyObject.init) else {
      throw .badKeyFile(path, reason: "\"public\" is no key of a kind that clients know")
    }
    var command: [String] = []
    for element in root["command"]?.elements ?? root.elements {
      guard let word = element.text else {
        throw .badKeyFile(path, reason: "\"command\" holds something that is no text")
      }
      command.append(String(decoding: word, as: UTF8.self))
    }
    if command.isEmpty { throw .badKeyFile(path, reason: "\"command\" is missing or empty") }
    self.path = path
    self.object = object
    self.command = command
  }

  /// Runs the command, and verifies what it gives.
  public func sign(_ message: [UInt8]) throws(RepositoryError) -> [UInt8] {
    let signature = try run(message)
    guard object.verifies(signature, of: message) else {
      throw .signerFailed(
        path, command: command.joined(separator: " "),
        reason: "what it wrote is no signature by its key (\(signature.count) bytes)")
    }
    return signature
  }

  private func run(_ message: [UInt8]) throws(RepositoryError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 16 << 10)
    var status: Int32 = 0
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    let count = message.withUnsafeBufferPointer { input in
      posix_filter(&words, input.baseAddress, input.count, &output, output.count, &status)
    }
    func failed(_ reason: String) -> RepositoryError {
      .signerFailed(path, command: command.joined(separator: " "), reason: reason)
    }
    if count < 0 { throw failed(String(cString: strerror(posix_errno()))) }
    if count == output.count { throw failed("it wrote more than any signature has") }
    if status < 0 { throw failed("signal \(-status) ended it") }
    if status == 127 { throw failed("it was not found, or exited with 127") }
    if status != 0 { throw failed("it exited with \(status)") }
    return Array(output[..<count])
  }
}
