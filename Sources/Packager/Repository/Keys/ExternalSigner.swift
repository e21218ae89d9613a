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
    func failed(_ reason: String) -> RepositoryError {
      .signerFailed(path, command: command.joined(separator: " "), reason: reason)
    }
    let limit = 16 << 10
    let signer: FilterProgram
    do throws(SystemError) {
      signer = try FilterProgram(
        running: command.map { Array($0.utf8) }, on: message, limit: limit)
    } catch {
      throw failed(error.description)
    }
    if signer.output.count == limit { throw failed("it wrote more than any signature has") }
    switch signer.ending {
    case .exited(0): return signer.output
    case .exited(127): throw failed("it was not found, or exited with 127")
    case .exited(let status): throw failed("it exited with \(status)")
    case .signalled(let signal): throw failed("signal \(signal) ended it")
    }
  }
}
