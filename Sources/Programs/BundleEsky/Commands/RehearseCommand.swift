import ArgumentParser
import FileSystem
import JSON
import Rehearsal
import Repository

/// `bundle-esky rehearse`: plays bad days on a repository before they come.
struct RehearseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Play bad days with real clients, and say what must be done.",
    discussion: """
      Every key lost in turn, expiry, a botched rotation, freeze, replay, mix and match, a stale CDN, endless \
      data. What needs no signatures is played with the repository's own metadata; the rest on a twin of the \
      same roles, thresholds and shared keys, with throwaway keys. No key and no passphrase is needed, and nothing of the \
      repository changes.

      Exit status: 0 clients survive every day that can be prepared for, 1 one of them leaves clients without \
      updates for ever, or it failed; 64 wrong usage.

      Examples:
        bundle-esky rehearse
        bundle-esky rehearse --json | jq -r '.[] | select(.outcome == "stuck") | .event'
      """)

  @Flag(help: "One JSON array for machines.")
  var json = false

  @OptionGroup var repository: RepositoryOptions

  func run() throws {
    let folder = try repository.look(try Project())
    let sandbox = try Self.sandbox()
    defer { try? FileSystem.removeTree(sandbox) }
    let days = try Failure.naming { try BadDays(folder, in: sandbox, now: now).days }
    if json {
      let rows = days.map { day -> JSONBuilder in
        [
          "event": .text(day.event), "outcome": .text(day.outcome.rawValue),
          "seen": .text(day.seen), "remedy": .text(day.remedy),
          "beyond-help": .boolean(day.isBeyondHelp),
        ]
      }
      try Output.json(.array(rows))
    } else {
      for day in days {
        for line in Self.lines(day) {
          Output.line(line)
        }
      }
    }
    // What nobody can prepare for is told, and does not count.
    if days.count == 1 {
      Diagnostics.error(
        "bundle-esky: nothing more can be played while clients refuse what is there")
      throw ExitCode(1)
    }
    let stuck = days.filter { $0.outcome == .stuck && !$0.isBeyondHelp }
    if stuck.isEmpty { return }
    Diagnostics.error(
      "bundle-esky: \(stuck.count) of \(days.count) days leave clients without updates for ever")
    throw ExitCode(1)
  }

  private static func lines(_ day: BadDay) -> [String] {
    var lines = [
      "\(day.outcome.rawValue.padded(to: 9)) \(day.event)", "          seen: \(day.seen)",
    ]
    if !day.remedy.isEmpty { lines.append("          do:   \(day.remedy)") }
    return lines
  }

  private static func sandbox() throws -> Path {
    let place = ProcessEnvironment.temporaryFolder
    do throws(FileError) {
      return try FileSystem.makeTemporaryDirectory(in: place, prefix: "esky-rehearsal-")
    } catch {
      throw Failure("can't make a folder in \(place.text): \(error.cause.description)")
    }
  }
}
