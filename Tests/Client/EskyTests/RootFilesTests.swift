import FileSystem
import Foundation
import Layout
import Testing

@testable import Esky

/// Files of the app folder: those that versions brought, and those of the user.
struct RootFilesTests {
  private func fixture() throws -> AppFixture {
    let fixture = try AppFixture()
    try fixture.unzip("1.0", programs: ["hello", "tool"])
    return fixture
  }

  private func text(_ fixture: AppFixture, _ name: String) -> String? {
    (try? String(contentsOfFile: fixture.outer + "/app/" + name, encoding: .utf8))
  }

  @Test(arguments: [
    ("bin/new", "bin/new"), ("bin/new", "bin"), ("new", "new/mine"), ("new", "new"),
  ])
  func aFileOfTheUsersIsNeitherReplacedNorRemovedAndTheUpdateSaysSo(
    program: String, mine: String
  ) throws {
    let fixture = try fixture()
    let place = fixture.outer + "/app/" + mine
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    write("mine", to: place)
    try fixture.archive("1.1", programs: ["hello", program])
    #expect {
      try fixture.update()
    } throws: { error in
      (error as? EskyError)?.description.contains("was brought by no version") == true
    }
    #expect(try fixture.esky().current() == fixture.name("1.0"))
    #expect(text(fixture, mine) == "mine")
    // Once it is out of the way the update goes through.
    try FileManager.default.removeItem(atPath: place)
    try fixture.update()
    try fixture.cleanup()
    #expect(text(fixture, program)?.contains("launcher of 1.1") == true)
  }

  @Test func aFileThatComesAfterTheCommitIsKept() throws {
    let fixture = try fixture()
    try fixture.archive("1.1", programs: ["hello", "new"])
    try fixture.update()
    // As if it had been cut short right behind the commit.
    let version = fixture.outer + "/app/hello-1.1.any/"
    try FileManager.default.createDirectory(
      atPath: version + "esky-bootstrap", withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: fixture.outer + "/app/new", toPath: version + "esky-bootstrap/new")
    write("mine", to: fixture.outer + "/app/new")
    #expect(throws: EskyError.self) { try fixture.esky().cleanup() }
    #expect(text(fixture, "new") == "mine")
    // Nor does it become the app's when a later version no longer lists it.
    try fixture.archive("1.2")
    try fixture.update()
    try fixture.cleanup()
    #expect(try fixture.esky().survey().versions.count == 1)
    #expect(text(fixture, "new") == "mine")
  }

  /// An older version is what starts, as long as the newest lacks its launchers.
  @Test func noOlderVersionGoesBeforeTheNewestHasItsFiles() throws {
    let fixture = try fixture()
    try fixture.archive("1.1", programs: ["hello", "new"])
    try fixture.update()
    let version = fixture.outer + "/app/hello-1.1.any/"
    mkdir(version + "esky-bootstrap", 0o755)
    rename(fixture.outer + "/app/new", version + "esky-bootstrap/new")
    write("mine", to: fixture.outer + "/app/new")
    for _ in 1...2 {
      #expect(throws: EskyError.self) { try fixture.cleanup() }
      #expect(try fixture.esky().survey().versions.map(\.isRunnable) == [true, true])
      #expect(text(fixture, "tool")?.contains("launcher of 1.0") == true)
    }
    unlink(fixture.outer + "/app/new")
    try fixture.cleanup()
    #expect(try fixture.esky().survey().versions.count == 1)
    #expect(text(fixture, "tool") == nil)
    #expect(text(fixture, "new")?.contains("launcher of 1.1") == true)
  }

  /// So many programs that no control file could name those of two versions.
  private func many(_ version: String, in folder: String) -> [String] {
    let place = folder + "/" + String(repeating: "\(version)-", count: 40)
    return ["hello"] + (1...800).map { "\(place)\($0)" }
  }

  @Test func whatStandsInNobodysWayIsNotNoted() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0", programs: many("1.0", in: "bin"))
    for version in ["1.1", "1.2"] {
      try fixture.archive(version, programs: many(version, in: "bin"))
      try fixture.update()
      #expect(
        text(fixture, many(version, in: "bin")[800])?.contains("launcher of \(version)") == true)
    }
    try fixture.cleanup()
    #expect(try fixture.esky().survey().versions.count == 1)
    #expect(text(fixture, many("1.1", in: "bin")[800]) == nil)
    #expect(text(fixture, many("1.2", in: "bin")[800])?.contains("launcher of 1.2") == true)
  }

  @Test func whatCantBeNotedIsRefusedBeforeTheCommit() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0", programs: many("1.0", in: "tool"))
    try fixture.archive("1.1", programs: many("1.1", in: "tool"))
    try fixture.update()
    try fixture.archive("1.2", programs: ["hello", "tool"])
    #expect {
      try fixture.update()
    } throws: { error in
      (error as? EskyError)?.description.contains("clean up first") == true
    }
    #expect(try fixture.esky().current() == fixture.name("1.1"))
    try fixture.cleanup()
    try fixture.update()
    try fixture.cleanup()
    #expect(text(fixture, "tool")?.contains("launcher of 1.2") == true)
  }

  /// Another app in the same folder lists the file as well.
  @Test func whatAnotherAppListsStays() throws {
    let fixture = try fixture()
    let other = fixture.outer + "/app/other-1.0.any"
    mkdir(other, 0o755)
    write("esky-bootstrap 1\nfile tool\nend\n", to: other + "/esky-bootstrap.txt")
    try fixture.archive("1.1")
    try fixture.update()
    try fixture.cleanup()
    #expect(try fixture.esky().survey().versions.count == 1)
    #expect(text(fixture, "tool")?.contains("launcher of 1.0") == true)
  }

  /// Nobody is told to move it away, which would break that app.
  @Test func whatAnotherAppBroughtAloneIsNamedAsItsOwn() throws {
    let fixture = try fixture()
    let other = fixture.outer + "/app/other-1.0.any"
    mkdir(other, 0o755)
    write("esky-bootstrap 1\nfile README\nend\n", to: other + "/esky-bootstrap.txt")
    write("the other's", to: fixture.outer + "/app/README")
    try fixture.archive("1.1", programs: ["hello", "README"])
    let error = try #require(throws: EskyError.self) { try fixture.update() }
    #expect(error.description.contains("README belongs to another app in this folder"))
    #expect(text(fixture, "README") == "the other's")
  }

  /// Launchers that change between being a file and being in a folder of that name.
  @Test(arguments: [("tool", "tool/run"), ("tool/run", "tool"), ("a/b/c", "a"), ("a", "a/b/c")])
  func aFileBecomesAFolderAndBackInOneCleanup(old: String, new: String) throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0", programs: ["hello", old])
    for (version, program, gone) in [("1.1", new, old), ("1.2", old, new)] {
      try fixture.archive(version, programs: ["hello", program])
      try fixture.update()
      try fixture.cleanup()
      #expect(text(fixture, program)?.contains("launcher of \(version)") == true)
      #expect(text(fixture, gone) == nil)
      #expect(try fixture.esky().cleanupPlan().isEmpty)
      #expect(try fixture.esky().survey().versions.count == 1)
    }
  }

  /// Something of the user's that has the name of the version on offer.
  @Test(arguments: ["file", "folder", "link"])
  func whatHasTheNameOfAVersionAndIsNoneIsTheUsers(kind: String) throws {
    let fixture = try fixture()
    let place = fixture.outer + "/app/hello-1.1.any"
    mkdir(fixture.outer + "/outside", 0o755)
    switch kind {
    case "file": write("mine", to: place)
    case "folder":
      mkdir(place, 0o755)
      write("mine", to: place + "/mine.txt")
    default: symlink("../outside", place)
    }
    let before = try fixture.tree()
    try fixture.archive("1.1")
    #expect {
      try fixture.update()
    } throws: { error in
      (error as? EskyError)?.description.contains("was brought by no version") == true
    }
    for (path, text) in before { #expect(try fixture.tree()[path] == text, "\(path)") }
  }

  /// 1.0 leaves a link where 1.1 has a folder: what is behind the link is not the app's.
  @Test(arguments: ["..", "../outside"])
  func nothingIsWrittenOrRemovedThroughALink(target: String) throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0", programs: ["hello", "d/tool"])
    mkdir(fixture.outer + "/outside", 0o755)
    for place in ["/x", "/app/x", "/outside/x", "/outside/tool", "/tool", "/app/tool"] {
      write("mine", to: fixture.outer + place)
    }
    // The user, or an older version, put a link where the folder was.
    try FileManager.default.removeItem(atPath: fixture.outer + "/app/d")
    mkdir(fixture.outer + "/app/e", 0o755)
    symlink(target, fixture.outer + "/app/d")
    try fixture.archive("1.1", programs: ["hello", "d/x"])
    #expect(throws: EskyError.self) { try fixture.update() }
    // And cleanup of a version that lists what is behind it.
    try fixture.archive("1.2", programs: ["hello"])
    try fixture.update()
    try fixture.cleanup()
    #expect(try fixture.esky().survey().versions.count == 1)
    for place in ["/x", "/app/x", "/outside/x", "/outside/tool", "/tool", "/app/tool"] {
      let text = try? String(contentsOfFile: fixture.outer + place, encoding: .utf8)
      #expect(text == "mine", "\(place)")
    }
  }

  @Test(arguments: ["updates", "updates/hello", "updates/hello/staging", "updates/hello/downloads"])
  func theWorkAreaIsNotReachedThroughALink(name: String) throws {
    let fixture = try fixture()
    try fixture.archive("1.1")
    mkdir(fixture.outer + "/outside", 0o755)
    let place = fixture.outer + "/app/" + name
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    symlink(fixture.outer + "/outside", place)
    _ = try? fixture.update()
    _ = try? fixture.cleanup()
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.outer + "/outside") == [])
  }

  @Test(arguments: [
    "lock", "state", "downloads/hello-1.1.any.zip.part", "downloads/hello-1.1.any.zip",
  ])
  func noFileOfTheWorkAreaIsOpenedThroughALinkOrWaitedFor(name: String) throws {
    for kind in ["link", "pipe"] {
      let fixture = try fixture()
      try fixture.archive("1.1")
      write("mine", to: fixture.outer + "/mine")
      let place = fixture.outer + "/app/updates/hello/" + name
      try FileManager.default.createDirectory(
        atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      if kind == "link" { symlink(fixture.outer + "/mine", place) } else { mkfifo(place, 0o600) }
      _ = try? fixture.esky().update(from: fixture.finder, at: 1_700_000_000)
      #expect(try String(contentsOfFile: fixture.outer + "/mine", encoding: .utf8) == "mine")
    }
  }
}
