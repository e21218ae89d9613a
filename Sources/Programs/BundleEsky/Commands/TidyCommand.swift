import ArgumentParser
import Audit
import FileSystem
import Repository

/// `bundle-esky tidy`: removes what nobody can ask for any more.
struct TidyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tidy",
    abstract: "Remove metadata that was superseded long ago, and files that nothing lists.",
    discussion: """
      Each change leaves the version before it, for clients in the middle of an update. Made for cron: what is \
      younger than the time given stays, and so do all roots for ever. Needs no keys. Where check finds \
      something wrong with the metadata, nothing is removed.

      Exit status: 0 done, or nothing to do; 1 failed, 64 wrong usage.

      Examples:
        bundle-esky tidy
        bundle-esky tidy --older-than 2d --dry-run
      """)

  @Option(help: "What was changed longer ago may go: a number with m, h, d or w behind.")
  var olderThan = Duration(argument: "7d")!

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var repository: RepositoryOptions

  func run() throws {
    let folder = try repository.open(try Project(), isSigning: false)
    let gone = try Failure.naming {
      try folder.tidy(olderThan: olderThan.seconds, now: now, isTrial: dryRun)
    }
    if dryRun {
      for path in gone {
        Output.line("would remove \(path.text)")
      }
    }
    let what = gone.count == 1 ? "1 file" : "\(gone.count) files"
    print(gone.isEmpty ? "nothing to tidy" : dryRun ? "\(what) in all" : "removed \(what)")
  }
}
