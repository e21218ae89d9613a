import Foundation
import Testing

/// Updates from an ordinary web server.
struct WebServerEndToEndTests {
  @Test(arguments: [
    "", "gzip on; gzip_types *; gzip_min_length 0; gzip_http_version 1.0;", "max_ranges 0;",
  ])
  func updatesAndResumes(directives: String) throws {
    let packager = try Packager()
    let server = try WebServer(packager.repository, directives)
    let user = try Installation(unzipping: packager.release("1.0", url: server.url))
    #expect(try user.esky("check").status == 0)
    let archive = try packager.release("1.1", url: server.url)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: archive))
    try File.write(
      bytes.prefix(300_000),
      to: user.path("updates/downloads/hello-1.1.\(AppBuilder.platform).zip.part"))
    let outcome = try user.esky("update")
    #expect(outcome.status == 11, Comment(rawValue: outcome.errors))
    #expect(try user.run("x").output == "1.1|x\n")
    #expect(try user.leftovers() == [])
    let requests = server.requests
    let fetched = requests.filter { $0.contains(".zip ") }
    #expect(fetched.count == 1)
    #expect(fetched[0].hasPrefix(directives.contains("max_ranges") ? "200 " : "206 "))
    #expect(fetched[0].contains(" bytes=300000- "))
    // Metadata may travel compressed; places in an archive must be those in the file.
    #expect(fetched[0].hasSuffix(" -"))
    let metadata = requests.filter { $0.contains("targets.json") }
    #expect(!metadata.isEmpty)
    for request in metadata {
      #expect(request.hasSuffix(directives.hasPrefix("gzip") ? " gzip" : " -"))
    }
    #expect(requests.filter { $0.hasPrefix("404 ") }.allSatisfy { $0.contains("2.root.json") })
  }
}
