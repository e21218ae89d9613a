import Foundation

/// An authority of a test's own, made with the `openssl` program.
final class CertificateAuthority {
  let folder: TemporaryFolder

  /// Makes its key and its certificate.
  init() throws {
    folder = try TemporaryFolder("authority")
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "30",
      "-subj", "/CN=Authority of a test", "-keyout", path("ca.key"), "-out", certificate)
  }

  /// Its own certificate, in PEM.
  var certificate: String { path("ca.pem") }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func openssl(at time: String? = nil, _ words: String...) throws {
    var command = Command("/usr/bin/openssl", words)
    if let time {
      command.environment["LD_PRELOAD"] = FakeClock.library
      command.environment["FAKETIME"] = time
    }
    try command.succeed()
  }

  /// Signs a certificate for a server, valid for ten days.
  ///
  /// - Parameters:
  ///   - name: `IP:127.0.0.1`, `DNS:example.org`.
  ///   - time: when it is made, as faketime has it; nil for now.
  /// - Returns: the directives of nginx that serve with it.
  func directives(for name: String, at time: String? = nil) throws -> String {
    let server = path(UUID().uuidString)
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
      "/CN=server",
      "-keyout", server + ".key", "-out", server + ".csr")
    try File.write("subjectAltName=\(name)\n".utf8, to: server + ".ext")
    try openssl(
      at: time, "x509", "-req", "-in", server + ".csr", "-CA", certificate, "-CAkey",
      path("ca.key"),
      "-days", "10", "-extfile", server + ".ext", "-out", server + ".pem")
    return "ssl_certificate \(server).pem; ssl_certificate_key \(server).key;"
  }

  /// A folder as `SSL_CERT_DIR` wants it: the certificate under its hash.
  func hashedFolder() throws -> String {
    let hash = try Command(
      "/usr/bin/openssl", ["x509", "-noout", "-hash", "-in", certificate]
    ).succeed().output.trimmingCharacters(in: .whitespacesAndNewlines)
    let place = path("hashed/\(hash).0")
    try File.write(Data(contentsOf: URL(fileURLWithPath: certificate)), to: place)
    return path("hashed")
  }
}
