public import FileSystem
import JSON
import TUF

extension KeyObject {
  /// Reads the public half of a key from a file: an encrypted key, a signer, a key object as metadata lists
  /// it, or PEM.
  ///
  /// - Throws: ``RepositoryError/badKeyFile(_:reason:)`` for anything else, a private key in clear too.
  public init(file path: Path) throws(RepositoryError) {
    if path.bytes.ends(with: ".key") {
      self = try KeyFile(path).object
      return
    }
    if path.bytes.ends(with: ".signer") {
      self = try ExternalSigner(path).object
      return
    }
    let bytes = try onDisk { () throws(FileError) in
      try FileSystem.read(path, limit: KeyFile.lengthLimit)
    }
    if let document = try? JSONDocument(parsing: bytes), let object = KeyObject(document.root) {
      self = object
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if text.contains("PRIVATE KEY") {
      throw .badKeyFile(path, reason: "it is a private key in clear; import it first")
    }
    if text.contains("-----BEGIN "), let object = KeyObject(pem: text) {
      self = object
      return
    }
    throw .badKeyFile(path, reason: "it holds no public key that clients know")
  }
}
