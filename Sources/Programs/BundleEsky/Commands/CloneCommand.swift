import ArgumentParser
import FileSystem
import Repository
import TUF
import Transfer

/// `bundle-esky clone`: a verified copy of a repository that is served somewhere.
struct CloneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clone",
    abstract: "Make a verified copy of a repository that is served somewhere.",
    discussion: """
      Begins with a root that you trust, fetches all metadata and all targets, verifies every byte as a client \
      does, and leaves a folder that any web server can serve: a mirror, a backup, or a repository to go on with \
      where its keys are at hand. The copy appears under its name when it is whole. Works with every TUF \
      repository that has consistent snapshots.

      Exit status: 0 done, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky clone https://example.org/hello --root root.json
        bundle-esky clone https://example.org/hello --root root.json --repository mirror
        bundle-esky clone https://tuf.example.org --root root.json --metadata-only
      """)

  @Argument(help: "The URL of the folder that holds metadata/ and targets/.")
  var url: String

  @Option(help: ArgumentHelp("The root to begin with, from where you trust.", valueName: "file"))
  var root: String

  @Option(
    help: ArgumentHelp("Where metadata is, if not in metadata/ below the URL.", valueName: "url"))
  var metadataURL: String?

  @Option(
    help: ArgumentHelp("Where targets are, if not in targets/ below the URL.", valueName: "url"))
  var targetsURL: String?

  @Flag(help: "Leave the targets out.")
  var metadataOnly = false

  @OptionGroup var repository: RepositoryOptions

  func run() throws {
    let folder = repository.path(try Project())
    let clone = Clone(
      metadataURL: metadataURL ?? RequestPath.join(url, "metadata"),
      targetsURL: targetsURL ?? RequestPath.join(url, "targets"))
    let count = try Failure.naming {
      if try FileSystem.exists(folder) { throw Failure("\(folder.text) exists already") }
      let trusted = try FileSystem.read(Path(root), limit: Int(Limits().rootLength))
      let partial = folder.appendingSuffix(".cloning")
      try FileSystem.removeTree(partial)
      try FileSystem.makeDirectories(partial)
      let count = try clone.run(from: trusted, into: partial, withTargets: !metadataOnly)
      try FileSystem.rename(partial, to: folder)
      try FileSystem.syncDirectory(folder.parent)
      return count
    }
    print("cloned \(folder.text)/: \(count.metadata) files of metadata, \(count.targets) targets")
    if count.oldestRoot > 1 {
      Diagnostics.error(
        "bundle-esky: roots before \(count.oldestRoot) are not served any more; clients that trust one can't follow"
      )
    }
  }
}
