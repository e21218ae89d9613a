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
      to: user.path("updates/hello/downloads/hello-1.1.\(AppBuilder.platform).zip.part"))
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

  @Test func compressedCopiesBesideTheMetadataAreServed() throws {
    let packager = try Packager()
    try packager.command(["key", "new", "keys/online/bins.key", "--protection", "interactive"])
      .succeed()
    try packager.command(
      ["delegate", "bins", "--bins", "1024", "--key", "keys/online/bins.key"]
    ).succeed()
    try File.write("x".utf8, to: packager.path("a"))
    try packager.command(["add", "a"]).succeed()
    // What the README says.
    let server = try WebServer(
      packager.repository,
      """
      location /metadata/ { gzip_static on; add_header Cache-Control "public, max-age=31536000, immutable"; }
      location = /metadata/timestamp.json { add_header Cache-Control no-cache; }
      """)
    let work = try TemporaryFolder("client")
    let words = [
      "--metadata-dir", work.path + "/metadata", "--metadata-url", server.url + "/metadata",
    ]
    let client = try Dist.product("embedded/tuf-client")
    try Command(client, words + ["init", packager.repository + "/metadata/1.root.json"]).succeed()
    try Command(
      client,
      words + [
        "download", "--target-name", "a", "--target-dir", work.path + "/targets",
        "--target-base-url", server.url + "/targets",
      ]
    ).succeed()
    let snapshot = try #require(server.requests.first { $0.contains("snapshot.json") })
    #expect(snapshot.hasSuffix(" gzip"))
    let timestamp = try #require(server.requests.first { $0.contains("timestamp.json") })
    #expect(timestamp.hasSuffix(" -"))
    // 1,024 bins in the snapshot, by their versions alone.
    let size = { (name: String) in
      let path = packager.repository + "/metadata/" + name
      return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
    #expect(try size("3.snapshot.json") > 30_000)
    #expect(try size("3.snapshot.json.gz") < 5000)
  }
}
