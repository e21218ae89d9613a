import ArgumentParser
import Repository

/// `bundle-esky remove`: takes targets out of the repository.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take targets out of the repository.",
    discussion: """
      Their roles no longer list them. The files stay for clients in the middle of a download, until tidy \
      removes them. Names that are not listed are refused before anything changes. For versions of apps \
      there are withdraw and prune.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky remove docs/2026/handbook.pdf
        bundle-esky remove secret.txt --delete-files
      """)

  @Argument(help: "The targets' names; list --targets shows them.")
  var name: [String]

  @Flag(help: "Remove the files at once, not when tidy does.")
  var deleteFiles = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    let names = try Failure.naming { try name.map { try TargetName($0) } }
    for name in names where Release.name(ofTarget: name.bytes) != nil {
      throw Failure(
        "\(name.text) is a version of an app: withdraw takes it back, prune keeps the newest ones")
    }
    let ring = try keys.ring(project)
    let publication = try Failure.naming {
      try folder.removeTargets(names, keepingFiles: !deleteFiles, keys: ring, now: now)
    }
    if !publication.waiting.isEmpty { return try Report.publication(publication) }
    for name in names { print("removed \(name.text)") }
  }
}
