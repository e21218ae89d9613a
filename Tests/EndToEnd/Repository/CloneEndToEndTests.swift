import Foundation
import LoopbackServer
import Testing

/// A copy of a repository that somebody else serves.
struct CloneEndToEndTests {
  private let packager: Packager
  private let mirror: Mirror

  init() throws {
    packager = try Packager()
    mirror = try Mirror(packager.repository)
    try packager.release("1.0", url: mirror.url)
    try packager.command(["key", "new", "keys/online/more.key", "--protection", "interactive"])
      .succeed()
    for words in [
      ["docs", "--path", "docs/*"], ["late", "--path", "late/*"],
      ["bins", "--bins", "8", "--explicit"],
    ] {
      try packager.command(["delegate"] + words + ["--key", "keys/online/more.key"]).succeed()
    }
    try File.write("text".utf8, to: packager.path("a b"))
    for words in [["a b"], ["a b", "--under", "docs"], ["a b", "--name", "late/é x"]] {
      try packager.command(["add"] + words).succeed()
    }
    try packager.command(["refresh", "--force", "root"]).succeed()
  }

  private func clone(_ words: String...) throws -> Outcome {
    try packager.command(
      ["clone", mirror.url, "--root", "repository/metadata/1.root.json", "--repository", "copy"]
        + words
    ).run()
  }

  @Test func theCopyIsWholeAndGoesOn() throws {
    let outcome = try clone()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix(", 4 targets\n"))
    #expect(
      try packager.command(["check", "--deep", "--repository", "copy"]).run().output
        == "all is sound\n")
    #expect(try packager.command(["list", "--repository", "copy"]).run().output.contains("1.0"))
    // With the keys it is a repository like any other.
    try packager.command(["add", "a b", "--name", "new", "--repository", "copy"]).succeed()
    try packager.command(["refresh", "--force", "--repository", "copy"]).succeed()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: packager.path("copy")).sorted()
        == ["lock", "metadata", "targets"])
    #expect(try clone().errors.contains("copy exists already"))
  }

  @Test func aNewerRootWillDoAsWell() throws {
    let outcome = try packager.command(
      [
        "clone", mirror.url, "--root", "repository/metadata/2.root.json", "--repository", "copy",
        "--metadata-only",
      ]
    ).run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(File.exists(packager.path("copy/metadata/1.root.json")))
    #expect(
      try packager.command(["check", "--metadata-only", "--repository", "copy"]).run().status == 0)
  }

  /// What the server changes, and what is said of it.
  @Test(arguments: [
    (".zip", "has 5 bytes, but"), ("timestamp.json", "timestamp.json"), (".docs.json", "docs.json"),
    (".bins-3.json", "bins-3.json"),
  ])
  func whatIsNotSoundIsNotKept(file: String, reason: String) throws {
    mirror.answer { request in request.path.hasSuffix(file) ? .body(Array("other".utf8)) : nil }
    let outcome = try clone()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(!File.exists(packager.path("copy")))
    mirror.answer(nil)
    #expect(try clone().status == 0)
  }
}
