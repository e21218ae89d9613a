import ArgumentParser
import Repository

/// `bundle-esky staged`: shows what waits for signatures, or gives it up.
struct StagedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staged", abstract: "Show what waits for signatures, or give it up.",
    discussion: """
      Exit status: 0 nothing waits, or it was given up; 12 something waits; 1 failed, 64 wrong usage.

      Examples:
        bundle-esky staged
        bundle-esky staged --json | jq -r '.[].waiting[]'
        bundle-esky staged --discard
      """)

  @Flag(help: "Give it up; what is published stays as it is.")
  var discard = false

  @Flag(help: "One JSON array for machines.")
  var json = false

  @OptionGroup var repository: RepositoryOptions

  func run() throws {
    let folder = try repository.open(try Project())
    if discard {
      try Failure.naming { try folder.discardCeremony() }
      return print("the change was given up")
    }
    let all = try Failure.naming { try folder.ceremony() } ?? []
    if json {
      let rows = all.map { status -> JSONBuilder in
        [
          "role": .text(status.role.name), "version": .integer(status.version),
          "for": .text(status.source), "threshold": .integer(Int64(status.threshold)),
          "signed-by": .array(status.signedBy.map { .text($0) }),
          "waiting": .array(status.isComplete ? [] : status.waitingFor.map { .text($0) }),
        ]
      }
      try Output.json(.array(rows))
    } else if all.isEmpty {
      print("nothing waits for signatures")
    } else {
      for status in all { print(status.description) }
    }
    if !all.isEmpty { throw Report.waiting }
  }
}
