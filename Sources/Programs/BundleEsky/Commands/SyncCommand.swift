import ArgumentParser
import FileSystem
import Layout
import Repository
import TUF

/// `bundle-esky sync`: follows a list of targets that are kept elsewhere, as a mirror does.
struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "List exactly the targets of an index whose files are elsewhere.",
    discussion: """
      Adds what is new, replaces what has changed and removes what is gone, in one change; only the roles and \
      bins in which something differs are signed anew. The list is that of add --listed. With --under, only \
      names below a folder are its business; published versions of apps never are. Files of what is gone stay \
      for clients in the middle of a download, until tidy removes them.

      Exit status: 0 done, or nothing differed; 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky sync index.jsonl
        mirror-index | bundle-esky sync - --under packages
      """)

  @Argument(help: "The list; - for standard input.")
  var list: String

  @Option(
    help: ArgumentHelp("Leave names alone that are not below this folder.", valueName: "folder"))
  var under: String?

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    let wanted = try TargetList(Path(list)).all()
    let prefix = under.map { Array(($0.hasSuffix("/") ? $0 : $0 + "/").utf8) } ?? []
    for addition in wanted {
      if !addition.name.bytes.starts(with: prefix) {
        throw Failure("\(addition.name.text) in \(list) is not below \(under ?? "")")
      }
      if Release.name(ofTarget: addition.name.bytes) != nil {
        throw Failure(
          "\(addition.name.text) in \(list) is named as a version of an app; publish checks those")
      }
    }
    let ring = try keys.ring(project)
    let result = try Failure.naming {
      try folder.syncTargets(
        wanted,
        isInScope: { $0.starts(with: prefix) && Release.name(ofTarget: $0) == nil }, keys: ring,
        now: now)
    }
    print("added \(result.added), replaced \(result.replaced), removed \(result.removed)")
    try Report.publication(result.publication)
  }
}
