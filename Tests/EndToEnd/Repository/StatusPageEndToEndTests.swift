import Foundation
import LoopbackServer
import Testing

/// What a release engineer looks at: text, JSON, and a page in a real browser.
struct StatusPageEndToEndTests {
  private let packager: Packager

  init() throws {
    packager = try Packager("hello")
    for version in ["1.0", "1.1"] {
      _ = try packager.release(version, url: "https://example.org/x")
    }
  }

  /// The page as Chromium has it after loading.
  private func loaded(_ page: String) throws -> String {
    let profile = try TemporaryFolder("chromium")
    var browser = Command(
      "/usr/bin/chromium",
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=" + profile.path, "--dump-dom", "file://" + page,
      ])
    browser.environment["HOME"] = profile.path
    return try browser.succeed(seconds: 120).output
  }

  @Test func aPageShowsRolesKeysVersionsAndWhatWaits() throws {
    try packager.command(["key", "new", "keys/offline/second.key", "--protection", "interactive"])
      .succeed()
    try FileManager.default.moveItem(
      atPath: packager.path("keys/offline/root.key"), toPath: packager.path("root.key"))
    let rotated = try packager.command(
      [
        "rotate", "root", "--add", "keys/offline/second.key", "--threshold", "2", "--keys",
        "keys/online",
      ]
    ).run()
    #expect(rotated.status == 12)
    try packager.command(["status", "--html", "status.html"]).succeed()
    let dom = try loaded(packager.path("status.html"))
    #expect(dom.contains("fresh; a change waits for signatures"))
    #expect(dom.contains("root 2: 0 of 2, waiting for keys"))
    // A bar for each role, a bar for each version.
    #expect(dom.components(separatedBy: "<rect").count - 1 == 4 + 2)
    for role in ["root", "timestamp", "snapshot", "targets"] { #expect(dom.contains(">\(role)<")) }
    #expect(dom.components(separatedBy: "class=\"signed\"").count - 1 == 4)
    #expect(dom.contains("hello for linux"))
    // It fetches nothing and runs nothing.
    #expect(!dom.contains("<script") && !dom.contains("http://") && !dom.contains("src="))
  }

  @Test func strangeNamesStayText() throws {
    let name = "<b onload=x>&\"'"
    try FileManager.default.moveItem(atPath: packager.repository, toPath: packager.path(name))
    try packager.command(["status", "--repository", name, "--html", "status.html"]).succeed()
    let dom = try loaded(packager.path("status.html"))
    #expect(dom.contains("<h1>&lt;b onload=x&gt;&amp;\"'</h1>"))
    #expect(!dom.contains("<b onload"))
  }

  /// How far ahead one looks, and the exit status.
  @Test(arguments: [("14d", 0), ("22d", 1), ("400d", 1)] as [(String, Int32)])
  func failsWhenARoleRunsOut(margin: String, status: Int32) throws {
    let outcome = try packager.command(["status", "--fail-within", margin]).run()
    #expect(outcome.status == status)
    #expect(outcome.errors.isEmpty == (status == 0))
    if status == 1 { #expect(outcome.errors.contains("timestamp expires on")) }
  }

  @Test func delegatedRolesAndBinsAreCounted() throws {
    try packager.command(["key", "new", "keys/online/bins.key", "--protection", "interactive"])
      .succeed()
    try packager.command(
      [
        "delegate", "bins", "--bins", "32", "--explicit", "--key", "keys/online/bins.key",
        "--expires", "30d",
      ]
    ).succeed()
    try File.write("x".utf8, to: packager.path("a"))
    try packager.command(["add", "a"]).succeed()
    let text = try packager.command(["status"]).run().output
    #expect(text.contains("bins-* (32)"))
    let json = try packager.command(["status", "--json"]).run().json()
    let bins = try #require((json["bins"] as? [[String: Any]])?.first)
    #expect(bins["count"] as? Int == 32)
    #expect(bins["targets"] as? Int == 1)
    #expect(bins["unsigned"] as? Int == 0)
    // And renewed together.
    let renewed = try packager.command(["refresh", "--within", "31d", "bins"]).run()
    #expect(renewed.output.hasPrefix("signed 34 roles"))
    #expect(try packager.command(["check", "--deep"]).run().status == 0)
  }
}
