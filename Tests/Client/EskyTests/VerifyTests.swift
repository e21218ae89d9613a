import FileSystem
import Foundation
import Layout
import TUF
import Testing

@testable import Esky

/// Comparing a version with its manifest.
struct VerifyTests {
  /// An app folder whose 1.0 has a manifest of all that is in it.
  private func fixture() throws -> (AppFixture, String) {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    let version = fixture.outer + "/app/hello-1.0.any"
    try FileManager.default.createDirectory(
      atPath: version + "/lib", withIntermediateDirectories: true)
    func file(_ path: String, _ permissions: UInt32, in folder: String) throws -> (Int64, [UInt8]) {
      let place = Path(folder + "/" + path)
      return (try FileSystem.status(place).size, try Digest(.sha256, ofFile: place).hex)
    }
    var entries: [Manifest.Entry] = [
      .init(path: Array("lib".utf8), kind: .directory(permissions: 0o755)),
      .init(path: Array("link".utf8), kind: .link(target: Array("hello".utf8))),
    ]
    for (path, mode) in [("hello", 0o755), ("data", 0o644)] as [(String, UInt32)] {
      let (size, hash) = try file(path, mode, in: version)
      entries.append(
        .init(path: Array(path.utf8), kind: .file(permissions: mode, size: size, sha256: hash)))
    }
    let (size, hash) = try file("hello", 0o755, in: fixture.outer + "/app")
    entries.append(
      .init(
        path: Array("hello".utf8), kind: .bootstrap(permissions: 0o755, size: size, sha256: hash)))
    write(
      String(decoding: Manifest(entries).text, as: UTF8.self),
      to: version + "/esky-files/manifest.txt")
    return (fixture, version)
  }

  private func verify(_ fixture: AppFixture) throws -> [String] {
    try fixture.esky().verify(fixture.name("1.0")).map(\.description)
  }

  @Test func aVersionAsItWasMadeHasNoProblem() throws {
    let (fixture, version) = try fixture()
    write("", to: version + "/more")
    // As somebody unzipped it who lets nobody else look.
    chmod(version + "/data", 0o600)
    chmod(version + "/lib", 0o700)
    #expect(try verify(fixture) == [])
  }

  /// What is done to a version, and what is said of it.
  struct Harm: CustomTestStringConvertible {
    let testDescription: String
    let remark: String
    let act: @Sendable (String) throws -> Void

    static let all: [Harm] = [
      Harm(testDescription: "same size", remark: "data has been changed") {
        try Data("DATA of 1.0".utf8).write(to: URL(fileURLWithPath: $0 + "/data"))
      },
      Harm(testDescription: "longer", remark: "data has been changed") {
        try Data("data of 1.0.".utf8).write(to: URL(fileURLWithPath: $0 + "/data"))
      },
      Harm(testDescription: "gone", remark: "data is missing") { unlink($0 + "/data") },
      Harm(testDescription: "a folder now", remark: "data is missing") {
        unlink($0 + "/data")
        mkdir($0 + "/data", 0o755)
      },
      Harm(testDescription: "a link to the same", remark: "data is missing") {
        rename($0 + "/data", $0 + "/other")
        symlink("other", $0 + "/data")
      },
      Harm(testDescription: "mode", remark: "data may be executed") {
        chmod($0 + "/data", 0o755)
      },
      Harm(testDescription: "link elsewhere", remark: "link has been changed") {
        unlink($0 + "/link")
        symlink("data", $0 + "/link")
      },
      Harm(testDescription: "folder gone", remark: "lib is missing") { rmdir($0 + "/lib") },
      Harm(testDescription: "launcher", remark: "app/hello has been changed") {
        try Data("x".utf8).write(to: URL(fileURLWithPath: $0 + "/../hello"))
        chmod($0 + "/../hello", 0o755)
      },
    ]
  }

  @Test(arguments: Harm.all)
  func namesWhatDiffers(harm: Harm) throws {
    let (fixture, version) = try fixture()
    try harm.act(version)
    let problems = try verify(fixture)
    #expect(problems.count == 1)
    #expect(problems.first?.contains(harm.remark) == true)
  }

  @Test func aManifestThatCannotBeReadIsAnError() throws {
    let (fixture, version) = try fixture()
    truncate(version + "/esky-files/manifest.txt", 40)
    #expect(throws: EskyError.self) { try verify(fixture) }
    unlink(version + "/esky-files/manifest.txt")
    #expect(throws: EskyError.self) { try verify(fixture) }
  }
}
