import LoopbackServer
import TUF
import Testing

@testable import Transfer

/// Machines with and without libcurl.
@Suite struct CurlLoadingTests {
  @Test func saysWhatItLookedForWhereThereIsNoLibcurl() {
    let fetcher = HTTPFetcher(
      limits: .interactive, userAgent: "esky/1", libraries: "libnone.so.4, libnone-gnutls.so.4")
    guard case .noTransport(let reason) = fetcher.failure("http://127.0.0.1:1/") else {
      Issue.record("a library was found")
      return
    }
    #expect(reason.contains("libnone.so.4, libnone-gnutls.so.4"))
    #expect(reason.contains("install"))
  }

  @Test func refusesALibraryThatIsNotLibcurl() {
    #expect(throws: FetchError.self) { try CurlLibrary.tryOpening("libc.so.6") }
  }

  @Test func findsTheFirstThatThereIs() throws {
    try CurlLibrary.tryOpening("libnone.so.4, libcurl.so.4, libcurl-gnutls.so.4")
  }

  @Test func readsFilesWithoutIt() {
    let web = HTTPFetcher(limits: .interactive, userAgent: "", libraries: "libnone.so.4")
    let fetcher = SchemeFetcher(web: web, disk: FileFetcher())
    #expect(name(fetcher.failure("FILE:///nothing/here")) == "notFound 404")
    #expect(name(fetcher.failure("https://127.0.0.1:1/")) == "noTransport")
    #expect(name(fetcher.failure("s3://bucket/key")) == "unsupportedURL")
  }
}
