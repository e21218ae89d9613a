import CCurl
import TUF

/// What a TLS library says of a certificate, by its own numbers.
///
/// libcurl has one code for all of it, and hands on the number that the library under it gave.
enum CertificateVerdict {
  /// The problem that a number means.
  ///
  /// - Parameters:
  ///   - result: `CURLINFO_SSL_VERIFYRESULT`.
  ///   - version: `curl_version()`, which names the library.
  ///   - words: what libcurl said.
  static func problem(result: Int, version: String, words: String) -> CertificateProblem {
    // libcurl compares names itself, some flavours of it before they ask for the number, and says so in words of
    // its own: "no alternative certificate subject name matches target host name".
    if result == 0 || contains("certificate subject name", words) { return .wrongName }
    // `(OpenSSL/3.0.17) GnuTLS/3.7.9`: what is built in and not used stands in parentheses.
    if uses("GnuTLS/", version) { return gnuTLS(result) ?? .other(reason: words) }
    if uses("NSS/", version) { return nss(result) ?? .other(reason: words) }
    if uses("OpenSSL/", version) || uses("LibreSSL/", version) || uses("BoringSSL", version)
      || uses("quictls/", version) || uses("AWS-LC/", version)
    {
      return openSSL(result) ?? .other(reason: words)
    }
    return .other(reason: words)
  }

  /// `X509_V_ERR_…` of `openssl/x509_vfy.h`.
  private static func openSSL(_ result: Int) -> CertificateProblem? {
    switch result {
    case 2, 18, 19, 20, 21, 24, 27: .unknownIssuer
    case 9: .notYetValid
    case 10: .expired
    case 62, 64: .wrongName
    default: nil
    }
  }

  /// The bits of `gnutls_certificate_status_t`; the issuer says more than the time.
  private static func gnuTLS(_ result: Int) -> CertificateProblem? {
    if result & (1 << 6 | 1 << 7) != 0 { return .unknownIssuer }
    if result & 1 << 10 != 0 { return .expired }
    if result & 1 << 9 != 0 { return .notYetValid }
    return result & 1 << 14 != 0 ? .wrongName : nil
  }

  /// `SEC_ERROR_…` of `secerr.h` and `SSL_ERROR_BAD_CERT_DOMAIN`.
  private static func nss(_ result: Int) -> CertificateProblem? {
    switch result {
    case -8179, -8172, -8156: .unknownIssuer
    case -8181: .expired
    case -12276: .wrongName
    default: nil
    }
  }

  private static func contains(_ phrase: StaticString, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let wanted = UnsafeBufferPointer(start: phrase.utf8Start, count: phrase.utf8CodeUnitCount)
    return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
  }

  private static func uses(_ library: StaticString, _ version: String) -> Bool {
    let bytes = Array(version.utf8)
    let name = UnsafeBufferPointer(start: library.utf8Start, count: library.utf8CodeUnitCount)
    for start in bytes.indices where bytes[start...].starts(with: name) {
      if start == 0 || bytes[start - 1] == UInt8(ascii: " ") { return true }
    }
    return false
  }
}
