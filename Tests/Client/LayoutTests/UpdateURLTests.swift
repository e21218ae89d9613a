import Testing

@testable import Layout

struct UpdateURLTests {
  @Test(arguments: [
    "https://example.org", "https://example.org/", "HTTPS://Example.org:443/a/b%20c",
    "http://127.0.0.1:8080/x", "http://[::1]:80/x", "https://user:word@host/x", "file:///srv/app",
    "https://under_score.example-1.org/~me/x;y=1,2",
  ])
  func isOneThatFindersFetchFrom(url: String) {
    #expect(UpdateURL.isUsable(Array(url.utf8)))
  }

  @Test(arguments: [
    "", "https://", "https:///x", "https://:443/x", "http://[::1/x", "http://[]/x",
    "https://host:/x", "https://host:0/x", "https://host:65536/x", "https://host:80:80/x",
    "https://host:b/x", "https://host/x#y", "https://host/x?y=1", "https://a\\b/x",
    "https://ex%7aample/x", "https://host/%zz", "https://host/%0", "https://host/a b",
    "https://hö.example/x", "file://", "file:///", "file:///a%zz", "file:///a%00", "file://host/x",
    "ftp://host/x", "host/x",
  ])
  func isNoneThatOnesOwnFetcherRefuses(url: String) {
    #expect(!UpdateURL.isUsable(Array(url.utf8)))
  }

  @Test func aSlashAtTheEndMakesNoOtherPlace() {
    func isSame(_ a: String?, _ b: String?) -> Bool {
      UpdateURL.isSame(a.map { Array($0.utf8) }, b.map { Array($0.utf8) })
    }
    #expect(isSame("https://a/b", "https://a/b/") && isSame(nil, nil))
    #expect(!isSame("https://a/b", "https://a/c") && !isSame("https://a/b", nil))
  }
}
