import Foundation
import Testing

/// Archives that the right keys signed, and that still must not be unpacked or installed.
struct HostileArchiveEndToEndTests {
  struct Hostile: CustomTestStringConvertible {
    let testDescription: String
    let remark: String
    var dropped: [String] = []
    var added: [Forger.Entry] = []

    init(
      _ name: String, _ remark: String, without dropped: [String] = [],
      adding added: Forger.Entry...
    ) {
      testDescription = name
      self.remark = remark
      self.dropped = dropped
      self.added = added
    }

    static let all: [Hostile] = [
      Hostile("absolute", "the path is absolute", adding: .init(name: "/tmp/esky-evil")),
      Hostile("parent", "component . or ..", adding: .init(name: "../esky-evil")),
      Hostile("parent inside", "component . or ..", adding: .init(name: "VERSION/../../esky-evil")),
      Hostile("backslash", "has a backslash", adding: .init(name: "VERSION/..\\esky-evil")),
      Hostile(
        "absolute link", "is absolute",
        adding: .init(name: "VERSION/link", text: "/tmp", mode: 0o120777)),
      Hostile(
        "link that leads out", "leads out of the top folder",
        adding: .init(name: "VERSION/link", text: "../..", mode: 0o120777)),
      Hostile(
        "link in the app folder", "is a link in the app folder",
        adding: .init(name: "link", text: "VERSION", mode: 0o120777)),
      Hostile(
        "write through a link", "it is no folder",
        adding: .init(name: "VERSION/link", text: "esky-files", mode: 0o120777),
        .init(name: "VERSION/link/evil")),
      Hostile(
        "device", "neither file, folder nor", adding: .init(name: "VERSION/null", mode: 0o020666)),
      Hostile(
        "pipe", "neither file, folder nor", adding: .init(name: "VERSION/pipe", mode: 0o010666)),
      Hostile("setuid", "a setuid", adding: .init(name: "VERSION/suid", mode: 0o104755)),
      Hostile("named twice", "two entries of this path", adding: .init(name: "VERSION/hello")),
      Hostile(
        "link that is a twin by case", "in case alone",
        adding: .init(name: "VERSION/HELLO", text: "esky-files", mode: 0o120777)),
      Hostile(
        "the installer's folder", "has a name that only installing makes",
        adding: .init(name: "VERSION/esky-bootstrap/evil")),
      Hostile(
        "the work area", "updates/x is neither of its version", adding: .init(name: "updates/x")),
      Hostile("the off switch", "updates-off is neither", adding: .init(name: "updates-off")),
      Hostile(
        "another version", "is neither of its version",
        adding: .init(name: "hello-9.9.\(AppBuilder.platform)/esky-bootstrap.txt")),
      Hostile(
        "another app's version", "is neither of its version", adding: .init(name: "other-1.0.any/x")
      ),
      Hostile(
        "a file for the app folder that is not listed", "does not list evil",
        adding: .init(name: "evil")),
      Hostile(
        "a nested one that is not listed", "does not list bin/evil", adding: .init(name: "bin/evil")
      ),
      Hostile(
        "no list", "has no esky-bootstrap.txt", without: ["VERSION/esky-bootstrap.txt"]),
      Hostile(
        "a list cut short", "its esky-bootstrap.txt is damaged",
        without: ["VERSION/esky-bootstrap.txt"],
        adding: .init(name: "VERSION/esky-bootstrap.txt", text: "esky-bootstrap 1\nprogram hello\n")
      ),
      Hostile(
        "no programs", "it has no program", without: ["VERSION/esky-bootstrap.txt", "hello"],
        adding: .init(name: "VERSION/esky-bootstrap.txt", text: "esky-bootstrap 1\nend\n")),
      Hostile(
        "a list that leads out", "its esky-bootstrap.txt is damaged",
        without: ["VERSION/esky-bootstrap.txt"],
        adding: .init(
          name: "VERSION/esky-bootstrap.txt",
          text: "esky-bootstrap 1\nprogram hello\nfile ../../evil\nend\n")),
      Hostile("program missing", "its program hello is missing", without: ["VERSION/hello"]),
      Hostile(
        "program not executable", "its program hello may not be executed",
        without: ["VERSION/hello"],
        adding: .init(name: "VERSION/hello", text: "#!/bin/sh\n")),
      Hostile(
        "interpreter missing", "without /no/such/interpreter", without: ["VERSION/hello"],
        adding: .init(name: "VERSION/hello", text: "#!/no/such/interpreter\n", mode: 0o100755)),
      Hostile("launcher missing", "hello is listed for the app", without: ["hello"]),
      Hostile(
        "no settings", "it has no esky-files/settings.txt",
        without: ["VERSION/esky-files/settings.txt"]),
    ]
  }

  @Test(arguments: Hostile.all)
  func isRefusedAndNothingIsInstalled(hostile: Hostile) throws {
    let story = try Story(ready: ())
    let archive = story.packager.archive("1.1")
    let forger = Forger(packager: story.packager)
    let forged = story.packager.path("forged.zip")
    try forger.rewrite(
      archive, to: forged, version: "1.1", without: hostile.dropped, adding: hostile.added)
    try forger.publish(forged, as: story.packager.archiveName("1.1"))
    let before = try story.user.installed()
    let outside = try FileManager.default.contentsOfDirectory(atPath: story.user.root + "/..")
    let outcome = try story.user.esky("update")
    try UpdateRefusalEndToEndTests.expectRefusal(outcome, hostile.remark)
    #expect(outcome.errors.contains(story.packager.archiveName("1.1")))
    #expect(try story.user.installed() == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: story.user.root + "/..") == outside)
    #expect(!File.exists("/tmp/esky-evil"))
    #expect(try story.user.run("x").output == "1.0|x\n")
    // A good version after it is taken, and nothing of the bad one stays.
    try story.publish("1.2")
    #expect(try story.user.esky("update").status == 11)
    #expect(try story.user.run("x").output == "1.2|x\n")
    try story.user.esky("cleanup").expectSuccess()
    #expect(try story.user.leftovers() == [])
  }

  @Test func whatIsNoArchiveIsRefused() throws {
    let story = try Story(ready: ())
    try File.write("no zip at all".utf8, to: story.packager.path("forged"))
    let forger = Forger(packager: story.packager)
    try forger.publish(
      story.packager.path("forged"), as: story.packager.archiveName("1.1"))
    let before = try story.user.installed()
    try UpdateRefusalEndToEndTests.expectRefusal(
      try story.user.esky("update"), "no zip end record")
    #expect(try story.user.installed() == before)
    #expect(try story.user.run("x").output == "1.0|x\n")
  }
}
