import Bytes
import FileSystem
import Foundation
import JSON
import LoopbackServer
import TUFSimulator
import Testing

@testable import TUF

/// `tuf-client` as it ships, Embedded, over a real server: everything that python-tuf's simulator makes.
struct TUFSimulatorEndToEndTests {
  private let program: String
  init() throws { program = try Dist.product("embedded/tuf-client") }

  @Test func theClockCanBeSet() throws {
    var date = Command("/bin/date", ["-u", "+%s"])
    date.environment["LD_PRELOAD"] = FakeClock.library
    date.environment["FAKETIME"] = "@2030-01-01 00:00:00"
    date.environment["TZ"] = "UTC"
    #expect(try date.run().output.hasPrefix("18934"))
  }

  @Test(arguments: Simulator.kinds)
  func comesToTheVerdictThatIsRight(ofCasesOf kind: String) throws {
    let simulator = try Simulator.shared.get()
    for life in simulator.cases where life.kind == kind { try play(life, simulator) }
  }

  private func play(_ life: SimulatedCase, _ simulator: Simulator) throws {
    let work = try TemporaryFolder("client")
    let root = work.path + "/root-file.json"
    try File.write(simulator.blob(life.root), to: root)
    let begun = try client(["init", root], work, now: life.steps[0].now)
    for (index, step) in life.steps.enumerated() {
      // No argument of a program can hold a NUL.
      if step.targets.contains(where: { $0.utf8.contains(0) }) { break }
      let place = Comment(rawValue: "\(life.name), step \(index + 1): \(life.why)")
      let outcome = begun.status == 0 ? try play(step, simulator, work) : begun
      #expect(outcome.status == (step.verdict == "ok" ? 0 : 1), place)
      #expect(outcome.errors.isEmpty == (step.verdict == "ok"), place)
      #expect(try stored(work) == step.trustedVersions, place)
    }
  }

  private func play(
    _ step: SimulatedStep, _ simulator: Simulator, _ work: TemporaryFolder
  ) throws -> Outcome {
    let files = try step.files.mapValues { try simulator.blob($0) }
    let server = try LoopbackServer { request in
      if let status = step.statuses?[request.path] { return .body([], status: status) }
      if step.endless?.contains(request.path) == true { return .endless() }
      return files[request.path].map { .resource($0) } ?? .body([], status: 404)
    }
    defer { server.stop() }
    var words = ["--metadata-url", server.url + "/metadata"]
    if step.targets.isEmpty {
      words.append("refresh")
    } else {
      words += ["download", "--target-dir", work.path + "/targets"]
      words += ["--target-base-url", server.url + "/targets"]
      words += step.targets.map { "--target-name=" + $0 }
    }
    let outcome = try client(words, work, now: step.now)
    if let requests = step.requests { #expect(server.requests.map(\.target) == requests) }
    return outcome
  }

  private func client(_ words: [String], _ work: TemporaryFolder, now: Int64) throws -> Outcome {
    var command = Command(program, ["--metadata-dir", work.path + "/trusted"] + words)
    command.environment["LD_PRELOAD"] = FakeClock.library
    command.environment["FAKETIME"] = "@" + date(now)
    command.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
    command.environment["TZ"] = "UTC"
    return try command.run()
  }

  private func date(_ seconds: Int64) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return format.string(from: Foundation.Date(timeIntervalSince1970: TimeInterval(seconds)))
  }

  /// The versions of the stored roles, by their names as the folder has them, decoded.
  private func stored(_ work: TemporaryFolder) throws -> [[UInt8]: Int64] {
    let folder = Path(work.path + "/trusted")
    var versions: [[UInt8]: Int64] = [:]
    guard try FileSystem.exists(folder) else { return versions }
    for entry in try FileSystem.list(folder) where entry.name.suffix(5) == Array(".json".utf8)[...]
    {
      let bytes = try FileSystem.read(folder.appending(entry.name), limit: 1 << 24)
      let role = PercentEncoding.decode(entry.name.dropLast(5)) ?? entry.name
      versions[role] = try JSONDocument(parsing: bytes).root["signed"]?["version"]?.integer
    }
    return versions
  }
}
