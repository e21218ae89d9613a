import Foundation
import LoopbackServer
import Testing

/// No network, or one that hardly works: said so within bounds, and nothing changed.
struct UpdateOfflineEndToEndTests {
  @Test func silentAndSlowServersAreGivenUpInTime() throws {
    let story = try Story()
    let archive = try story.release("1.1")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archive)))
    let cases: [(name: String, path: String, answer: LoopbackServer.Response)] = [
      ("silent", "", .hang), ("silent to TLS", "", .hang),
      ("silent behind the headers", "timestamp.json", .hangAfterHeaders(length: 500)),
      ("headers that trickle", "timestamp.json", .slowHeaders(seconds: 0.5)),
      ("silent archive", ".zip", .hang),
      ("archive that stops", ".zip", .hangAfterHeaders(length: bytes.count)),
      ("archive that trickles", ".zip", .crawl(bytes, bytes: 100, seconds: 0.5)),
    ]
    // All wait at the same time, each with a folder of its own.
    var running: [(name: String, user: Installation, mirror: Mirror, process: Running)] = []
    for (name, path, answer) in cases {
      let user = try Installation(unzipping: story.packager.archive("1.0"))
      let mirror = try Mirror(story.packager.repository)
      mirror.answer { path.isEmpty || $0.path.hasSuffix(path) ? answer : nil }
      let url =
        name == "silent to TLS"
        ? mirror.url.replacingOccurrences(of: "http:", with: "https:") : mirror.url
      let process = try user.finder(["update", "--update-url", url]).start()
      running.append((name, user, mirror, process))
    }
    let started = Date()
    for (name, user, mirror, process) in running {
      let outcome = try process.finish(seconds: 45)
      #expect(Date().timeIntervalSince(started) < 32, Comment(rawValue: name))
      #expect(outcome.status == 20, Comment(rawValue: name + outcome.errors))
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.hasPrefix("esky: offline: can't fetch "))
      #expect(try user.run("x").output == "1.0|x\n")
      mirror.answer(nil)
      #expect(try user.esky("update", "--update-url", mirror.url).status == 11)
      #expect(try user.run("x").output == "1.1|x\n")
    }
  }

  @Test func noConnectionIsSaidSoAtOnce() throws {
    let story = try Story()
    let before = try story.user.installed()
    for (url, remark) in [
      ("http://127.0.0.1:1", "127.0.0.1:1"), ("http://name.invalid", "name.invalid"),
      ("https://127.0.0.1:1/a", "127.0.0.1:1"), ("file:///no/such/folder", "no/such/folder"),
    ] {
      let started = Date()
      for command in ["check", "update"] {
        let outcome = try story.user.esky(command, "--update-url", url)
        #expect(outcome.status == 20, Comment(rawValue: outcome.errors))
        #expect(outcome.complaints.count == 1)
        #expect(outcome.errors.contains(remark))
      }
      #expect(Date().timeIntervalSince(started) < 15)
    }
    #expect(try story.user.installed() == before)
    #expect(try story.user.run("x").output == "1.0|x\n")
    let unusable = try story.user.esky("check", "--update-url", "ftp://127.0.0.1")
    #expect(unusable.status == 1)
    #expect(unusable.errors.contains("it must be https://HOST, "))
  }

  @Test(arguments: [301, 401, 403, 404, 500, 503])
  func statusesThatAreNoSuccessAreOffline(status: Int) throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let before = try story.user.installed()
    let page = [UInt8](repeating: 0x65, count: 3000)
    for (path, file) in [
      ("timestamp.json", "timestamp.json"), ("3.snapshot.json", "snapshot.json"),
      (".zip", "hello-1.1.\(AppBuilder.platform).zip"),
    ] {
      story.mirror.answer { request in
        request.path.hasSuffix(path) ? .body(page, status: status) : nil
      }
      let outcome = try story.user.esky("update")
      #expect(outcome.status == 20, Comment(rawValue: outcome.errors))
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.contains(file))
      #expect(outcome.errors.contains("status \(status)"))
    }
    #expect(try story.user.installed() == before)
    story.mirror.answer(nil)
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.1|x\n")
  }

  @Test func redirectsAreFollowedButNotForEver() throws {
    let story = try Story()
    try story.release("1.1")
    let other = try Mirror(story.packager.repository)
    let (own, mirror) = (story.mirror.url, other.url)
    story.mirror.answer { .redirect(to: own + $0.path) }
    let loop = try story.user.esky("check")
    #expect(loop.status == 20)
    #expect(loop.complaints.count == 1)
    story.mirror.answer { .redirect(to: "file://" + $0.path) }
    #expect(try story.user.esky("check").status == 20)
    story.mirror.answer { .redirect(to: mirror + $0.path) }
    #expect(try story.user.esky("update").status == 11)
  }

  /// What a hotel's network sends for every request until one has logged in.
  @Test func aLoginPageOfTheNetworkIsOffline() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let before = try story.user.installed()
    let html = ["Content-Type": "text/html; charset=utf-8"]
    // Longer than a timestamp may be.
    let page = Array(("<!DOCTYPE html>" + String(repeating: "<p>Welcome</p>", count: 2000)).utf8)
    let login = try LoopbackServer { _ in .body(page, headers: html) }
    defer { login.stop() }
    for file in ["", "timestamp.json", "3.snapshot.json"] {
      for answer in [.body(page, headers: html), .redirect(to: login.url + "/login")]
        as [LoopbackServer.Response]
      {
        story.mirror.answer { $0.path.hasSuffix(file) ? answer : nil }
        for command in ["check", "update", "background"] {
          let outcome = try story.user.esky(command)
          #expect(outcome.status == 20, "\(file): \(outcome.errors)")
          if command == "background" { continue }
          #expect(outcome.complaints.count == 1)
          #expect(outcome.errors.hasPrefix("esky: offline: "))
          #expect(outcome.errors.contains("answered with a web page in its place"))
        }
      }
    }
    let log = try #require(File.text(story.user.path("updates/hello/log")))
    #expect(log.contains("offline: "))
    #expect(!log.contains("refused"))
    #expect(try story.user.installed() == before)
    story.mirror.answer(nil)
    #expect(try story.user.esky("update").status == 11)
  }

  /// Whoever attacks can call anything a web page; only what is one counts as one.
  @Test(
    arguments: [
      ("{}", "text/html"), ("{\"signed\":{},\"signatures\":[]}", "text/html"),
      ("<html>", "application/json"), ("garbage", "application/octet-stream"),
    ])
  func whatIsNoWebPageIsRefused(body: String, type: String) throws {
    let story = try Story(ready: ())
    story.mirror.answer {
      $0.path.hasSuffix("timestamp.json")
        ? .body(Array(body.utf8), headers: ["Content-Type": type]) : nil
    }
    #expect(try story.user.esky("check").status == 21)
  }

  /// The network asks for a login while an archive is on its way: what has come of it is kept.
  @Test(arguments: [0, 300_000])
  func aLoginPageInPlaceOfAnArchiveIsOffline(received: Int) throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: story.packager.archive("1.1")))
    let part = story.user.path("updates/hello/downloads/hello-1.1.\(AppBuilder.platform).zip.part")
    try File.write(bytes.prefix(received), to: part)
    for page in ["<!DOCTYPE html><title>Welcome</title>", "\n<html>", "Please log in", ""] {
      story.mirror.answer {
        $0.path.hasSuffix(".zip")
          ? .body(Array(page.utf8), headers: ["Content-Type": "text/html"]) : nil
      }
      let outcome = try story.user.esky("update")
      #expect(outcome.status == 20, "\(outcome.errors)")
      #expect(outcome.errors.contains("answered with a web page in its place"))
      if received > 0 {
        #expect(try Data(contentsOf: URL(fileURLWithPath: part)) == bytes.prefix(received))
      }
    }
    story.mirror.answer(nil)
    #expect(try story.user.esky("update").status == 11)
    let ranges = story.mirror.requests().compactMap { $0.headers["range"] }
    #expect(ranges.last == (received > 0 ? "bytes=300000-" : nil))
  }

  @Test func aServerThatCallsEveryFileAWebPageServes() throws {
    let packager = try Packager()
    let server = try WebServer(packager.repository, "types { } default_type text/html;")
    let user = try Installation(unzipping: packager.release("1.0", url: server.url))
    try packager.release("1.1", url: server.url)
    #expect(try user.esky("update").status == 11)
    #expect(try user.run("x").output == "1.1|x\n")
  }
}
