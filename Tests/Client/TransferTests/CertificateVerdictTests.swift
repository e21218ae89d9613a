import TUF
import Testing

@testable import Transfer

/// What the numbers of TLS libraries mean.
@Suite struct CertificateVerdictTests {
  private static let openSSL = "libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13"
  private static let gnuTLS = "libcurl/7.88.1 GnuTLS/3.7.9 zlib/1.2.13"
  private static let nss = "libcurl/7.88.1 NSS/3.87.1 zlib/1.2.13"

  @Test(
    arguments: [
      (openSSL, 0, "wrongName"), (openSSL, 10, "expired"), (openSSL, 9, "notYetValid"),
      (openSSL, 18, "unknownIssuer"), (openSSL, 19, "unknownIssuer"),
      (openSSL, 20, "unknownIssuer"),
      (openSSL, 21, "unknownIssuer"), (openSSL, 62, "wrongName"),
      (openSSL, 7, "certificate: words"),
      (gnuTLS, 0, "wrongName"), (gnuTLS, 2 | 64, "unknownIssuer"), (gnuTLS, 2 | 1024, "expired"),
      (gnuTLS, 2 | 512, "notYetValid"), (gnuTLS, 2 | 64 | 1024, "unknownIssuer"),
      (gnuTLS, 2, "certificate: words"),
      (nss, 0, "wrongName"), (nss, -8179, "unknownIssuer"), (nss, -8181, "expired"),
      (nss, -12276, "wrongName"), (nss, -1, "certificate: words"),
      ("libcurl/8.5.0 (OpenSSL/3.0.13) GnuTLS/3.8.3", 2 | 64, "unknownIssuer"),
      ("libcurl/8.5.0 LibreSSL/3.3.6", 10, "expired"),
      ("libcurl/8.5.0 (SecureTransport) rustls-ffi/0.10", 10, "certificate: words"),
      ("libcurl/8.5.0 mbedTLS/3.6.0", 10, "certificate: words"), ("", 10, "certificate: words"),
    ])
  func tellsTheProblem(version: String, result: Int, expected: String) {
    let problem = CertificateVerdict.problem(result: result, version: version, words: "words")
    #expect(name(.certificate(host: "example.org", problem)) == expected)
  }

  @Test func tellsAWrongNameByTheWordsOfLibcurl() {
    let problem = CertificateVerdict.problem(
      result: 1, version: Self.openSSL,
      words: "SSL: no alternative certificate subject name matches target host name '127.0.0.1'")
    #expect(name(.certificate(host: "127.0.0.1", problem)) == "wrongName")
  }
}
