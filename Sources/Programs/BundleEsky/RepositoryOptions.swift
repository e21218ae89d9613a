import ArgumentParser
import Bytes
import FileSystem
import Repository

/// The options of every command that works on a repository.
struct RepositoryOptions: ParsableArguments {
  @Option(help: "The repository's folder: what a web server serves. (default: repository)")
  var repository: String?

  func validate() throws {
    // Most likely an unset variable; it would be the current folder.
    if repository == "" { throw ValidationError("--repository is empty") }
  }

  func path(_ project: Project) -> Path { Path(repository ?? project.repository ?? "repository") }

  /// Opens the repository to change it.
  ///
  /// - Parameter isSigning: false for what signs nothing, whatever the clock says.
  func open(_ project: Project, isSigning: Bool = true) throws -> RepositoryFolder {
    try Failure.naming {
      let folder = try RepositoryFolder(path(project))
      if isSigning { try refuseClockBehind(folder) }
      return folder
    }
  }

  /// Refuses to sign with a clock that stands before the last change was published: what is signed would expire before
  /// what is there.
  private func refuseClockBehind(_ folder: RepositoryFolder) throws {
    let timestamp = folder.directory.appending("metadata/timestamp.json")
    let published = try FileSystem.status(timestamp).modified
    // Clocks of two machines may differ by hours, where one of them knows nothing of time zones.
    guard now < published - 86_400 else { return }
    throw Failure(
      "this machine's clock says \(UTCTime.text(now)), but \(timestamp.text) was written on \(UTCTime.text(published)): what is signed now would expire too early. Set the clock; if it is right, touch that file"
    )
  }

  /// Opens the repository to look at it, and changes nothing.
  func look(_ project: Project) throws -> RepositoryFolder {
    let folder = try Failure.naming { try RepositoryFolder(looking: path(project)) }
    if folder.isUndone {
      Diagnostics.error(
        "bundle-esky: a change was decided on and is not in place yet; this is what clients get until the next command that publishes finishes it (bundle-esky check says more)"
      )
    }
    return folder
  }

  /// For how many seconds a change is worked out anew, where others are always faster.
  private static let patience = 5 * Int64(RepositoryFolder.usualPatience)

  /// Makes a change that is worked out from what is published; works it out anew where somebody else has
  /// published meanwhile.
  func change<Result>(
    _ project: Project, _ body: (inout RepositoryFolder) throws -> Result
  ) throws -> Result {
    let start = now
    return try Failure.naming {
      while true {
        var folder = try RepositoryFolder(path(project))
        try refuseClockBehind(folder)
        do {
          let result = try body(&folder)
          Report.expired(folder)
          return result
        } catch RepositoryError.changedMeanwhile where now - start < Self.patience {
          continue
        }
      }
    }
  }
}

/// The options of every command that signs.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder with private keys; it and the folders right in it are searched. Repeatable. (default: keys)",
      valueName: "folder"))
  var keys: [String] = []

  @Option(
    help: ArgumentHelp(
      "Read passphrases, one a line, from an open file descriptor; else they come from ESKY_PASSPHRASE, ESKY_ONLINE_PASSPHRASE and ESKY_RECOVERY_PASSPHRASE, or from the terminal.",
      valueName: "n"))
  var passphraseFd: Int32?

  /// The folders to search: those given, else those of the project.
  func folders(_ project: Project) -> [Path] {
    if !keys.isEmpty { return keys.map { Path($0) } }
    return project.keys.isEmpty ? [Path("keys")] : project.keys.map { Path($0) }
  }

  func validate() throws {
    if keys.contains("") { throw ValidationError("--keys is empty") }
  }

  var passphrase: Passphrase { Passphrase(descriptor: passphraseFd) }

  /// The keys in the folders, each to be unlocked when it first signs.
  func ring(_ project: Project) throws -> KeyRing {
    for folder in keys where !FileSystem.isFolder(Path(folder)) {
      throw Failure("there is no folder \(folder), given as --keys")
    }
    let passphrase = passphrase
    let ring = try Failure.naming {
      try KeyRing(folders: folders(project)) { (file) throws(RepositoryError) in
        try passphrase.unlock(file)
      }
    }
    for reason in ring.passedOver {
      Diagnostics.error("bundle-esky: passed over: \(reason.description)")
    }
    return ring
  }
}

extension FileSystem {
  /// True when there is a folder under a name.
  fileprivate static func isFolder(_ path: Path) -> Bool {
    (try? status(path).kind) == .directory
  }
}

/// The clock of the packager's tools, in seconds since 1970 UTC.
var now: Int64 { SystemClock.now }
