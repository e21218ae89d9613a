import ArgumentParser
import FileSystem
import JSON
import Repository

/// `bundle-esky staged`: shows what waits for signatures, or gives it up.
struct StagedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staged", abstract: "Show what waits for signatures, or give it up.",
    discussion: """
      Shows what each file says that waits, beside what is published: + for what comes, - for what goes, ~ for \
      what changes; then whose signatures it has and lacks. With --copy it reads a copy of the folder staging/, \
      on the machine where it is to be signed.

      Exit status: 0 nothing waits, or it was given up; 12 something waits; 1 failed, 64 wrong usage.

      Examples:
        bundle-esky staged
        bundle-esky staged --copy /media/usb/staging
        bundle-esky staged --json | jq -r '.[].waiting[]'
        bundle-esky staged --discard
      """)

  @Flag(help: "Give it up; what is published stays as it is.")
  var discard = false

  @Option(
    help: ArgumentHelp("Look at a copy of the folder staging/ instead.", valueName: "folder"))
  var copy: String?

  @Flag(help: "One JSON array for machines.")
  var json = false

  @OptionGroup var repository: RepositoryOptions

  func validate() throws {
    if discard, copy != nil { throw ValidationError("--discard is for the repository itself") }
  }

  func run() throws {
    if let copy {
      let (all, contents) = try Failure.naming {
        (
          try RepositoryFolder.ceremony(copy: Path(copy)),
          try RepositoryFolder.stagedContents(copy: Path(copy))
        )
      }
      return try show(all, contents)
    }
    let project = try Project()
    if discard {
      try Failure.naming { try RepositoryFolder.discardChange(in: repository.path(project)) }
      return print("the change was given up")
    }
    let folder = try repository.look(project)
    let (all, contents) = try Failure.naming {
      (try folder.ceremony() ?? [], try folder.stagedContents())
    }
    try show(all, contents)
  }

  private func show(_ all: [CeremonyStatus], _ contents: [StagedContents]) throws {
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
      Report.contents(contents)
      for status in all { print(status.description) }
    }
    if !all.isEmpty { throw Report.waiting }
  }
}
