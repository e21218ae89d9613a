import ArgumentParser
import Repository

/// `bundle-esky remove`: takes targets out of the repository.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take targets out of the repository.",
    discussion: """
      A new targets.json no longer lists them; then their files go. With --keep-files clients that are \
      in the middle of a download still get them. Names that are not listed are refused before \
      anything changes.

      Examples:
        bundle-esky remove docs/2026/handbook.pdf
        bundle-esky remove hello-1.0.linux-x86_64.zip --keep-files
      """)

  @Argument(help: "The targets' names; list --targets shows them.")
  var name: [String]

  @Flag(help: "Leave the files where they are.")
  var keepFiles = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    let names = try Failure.naming { try name.map { try TargetName($0) } }
    let ring = try keys.ring(project)
    let publication = try Failure.naming {
      try folder.removeTargets(names, keepingFiles: keepFiles, keys: ring, now: now)
    }
    if !publication.waiting.isEmpty { return try Report.publication(publication) }
    for name in names { print("removed \(name.text)") }
  }
}
