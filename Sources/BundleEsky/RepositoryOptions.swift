import ArgumentParser
import CPosix
import FileSystem
import Repository
import TUF

/// The options of every command that works on a repository.
struct RepositoryOptions: ParsableArguments {
  @Option(help: "The repository's folder: what a web server serves. (default: repository)")
  var repository: String?

  func path(_ project: Project) -> Path { Path(repository ?? project.repository ?? "repository") }

  func open(_ project: Project) throws -> RepositoryFolder {
    try Failure.naming { try RepositoryFolder(path(project)) }
  }
}

/// The options of every command that signs.
struct KeyOptions: ParsableArguments {
  @Option(help: "The folder of the private keys. (default: keys)")
  var keys: String?

  @Option(
    help: ArgumentHelp(
      "Read the passphrase from an open file descriptor; else from ESKY_PASSPHRASE or the terminal.",
      valueName: "n"))
  var passphraseFd: Int32?

  func folder(_ project: Project) -> Path { Path(keys ?? project.keys ?? "keys") }

  var passphrase: Passphrase { Passphrase(descriptor: passphraseFd) }

  /// The keys in the folder, to be unlocked with one passphrase that is asked for at most once.
  func ring(_ project: Project) throws -> KeyRing {
    let secret = try passphrase.existing()
    return try Failure.naming {
      try KeyRing(folder: folder(project)) { (_) throws(RepositoryError) in secret }
    }
  }
}

/// The clock of the packager's tools, in seconds since 1970 UTC.
var now: Int64 { Int64(time(nil)) }
