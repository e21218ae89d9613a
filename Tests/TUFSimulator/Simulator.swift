import Foundation

/// The cases that `generate.py` beside this file makes with python-tuf: several hundred repositories, each
/// attack and each legal change, with the verdict that is right and the one that python-tuf's client came to.
///
/// They are made once for each run of the tests, with new keys.
public final class Simulator: Sendable {
  /// All cases.
  public let cases: [SimulatedCase]
  private let folder: URL

  /// The cases of this run, or why they could not be made.
  public static let shared = Result { try Simulator() }

  /// The kinds of cases; none when they could not be made, which a test of its own notices.
  public static var kinds: [String] {
    Set(((try? shared.get().cases) ?? []).map(\.kind)).sorted()
  }

  /// The bytes of a blob.
  public func blob(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent("blobs/" + name)))
  }

  /// What went wrong while making the cases.
  public struct Failure: Error, CustomStringConvertible {
    /// What happened.
    public let description: String
  }

  private init() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let build = here.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(".build")
    let venv = ProcessInfo.processInfo.environment["ESKY_TEST_VENV"] ?? build.path + "/test-venv"
    let python = venv + "/bin/python"
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw Failure(description: "there is no \(python); scripts/test makes it")
    }
    folder = build.appendingPathComponent("tuf-cases")
    try? FileManager.default.removeItem(at: folder)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [here.appendingPathComponent("generate.py").path, folder.path]
    process.standardOutput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "generate.py failed: " + String(decoding: said, as: UTF8.self))
    }
    struct Cases: Decodable { let cases: [SimulatedCase] }
    let text = try Data(contentsOf: folder.appendingPathComponent("cases.json"))
    cases = try JSONDecoder().decode(Cases.self, from: text).cases
  }
}
