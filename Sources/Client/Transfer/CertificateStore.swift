import Bytes
import FileSystem

/// Whose signatures on a server's certificate are trusted.
struct CertificateStore {
  /// A file of certificates in PEM, in place of the system's; nil for those.
  var file: Path?
  /// A folder of such files, named by hash as `openssl rehash` does, beside the file.
  var folder: Path?

  /// What the environment says in `SSL_CERT_FILE` and `SSL_CERT_DIR`, else what libcurl was built with.
  ///
  /// OpenSSL's names for them, which libcurl itself does not read.
  static func ofEnvironment() -> CertificateStore {
    CertificateStore(file: variable("SSL_CERT_FILE"), folder: variable("SSL_CERT_DIR"))
  }

  /// True when its file is one that can be read to its end: a pipe that nobody writes would be waited for.
  var isFile: Bool {
    guard let file else { return true }
    return (try? FileSystem.status(file))?.kind == .regular
  }

  /// The store for a person, behind "can't read".
  var description: String {
    guard let file = file ?? folder else { return "the system's certificates of authorities" }
    return "certificates of authorities in \(file.text)"
  }

  private static func variable(_ name: StaticString) -> Path? {
    // Empty counts as unset.
    guard let value = ProcessEnvironment.value(of: name), !value.isEmpty else { return nil }
    return Path(value)
  }
}
