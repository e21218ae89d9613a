import Bytes
import FileSystem
import Repository

/// Files that keep a repository from expiring: a line for cron and a workflow for CI.
struct Renewal {
  let repository: Path
  let keys: Path
  let expiries: Expiries

  static let folder: Path = "renewal"

  /// Writes what is not there yet.
  ///
  /// - Returns: what each file is for, in a sentence; or why there is none.
  func write() throws -> [String] {
    let folder = Self.folder
    try FileSystem.makeDirectories(folder)
    let cron = try Self.write(Array(crontab.utf8), "crontab")
    var lines = ["\(cron.text): a line for cron, to renew what is about to expire"]
    guard let place = try WorkTree.path(of: repository) else {
      return lines + [
        "no workflow for CI: it would check out this git work tree, and \(repository.text) is not in it"
      ]
    }
    let path = try Self.write(Array(workflow(place).utf8), "github-workflow.yml")
    lines.append(
      "\(path.text): the same as a workflow; copy it to .github/workflows/, at the top of the work tree"
    )
    return lines
  }

  /// Lets files that are there fit other periods; what else was changed in them stays.
  ///
  /// - Returns: a sentence for each file that was changed, or could not be.
  func adapt(from old: Renewal) throws -> [String] {
    guard within != old.within || late != old.late || schedule != old.schedule else { return [] }
    return try Self.edit(of: repository) { path, text in
      // All at once: what one becomes may be what the other was.
      let parts = text.split(
        separator: "within \(old.late)", omittingEmptySubsequences: false
      ).map { part in
        part.replacing("within \(old.within)", with: "within \(within)")
          .replacing(old.schedule, with: schedule)
      }
      let adapted = parts.joined(separator: "within \(late)")
      if adapted == text {
        return (text, "\(path.text) says nothing of \(old.within); have it renew within \(within)")
      }
      return (adapted, "\(path.text) fits the new periods; put it again where it is used")
    }
  }

  /// Changes the files that are there for a repository.
  ///
  /// - Parameter change: gives a file's new text, and a sentence that says what is new; nil for nothing.
  /// - Returns: the sentences.
  static func edit(
    of repository: Path, _ change: (Path, String) throws -> (text: String, sentence: String)?
  ) throws -> [String] {
    guard try FileSystem.exists(folder) else { return [] }
    let known = try [repository, WorkTree.path(of: repository) ?? repository].map(quoted)
    var lines: [String] = []
    for entry in try FileSystem.list(folder) {
      let path = folder.appending(entry.name)
      let isOurs = ["crontab", "github-workflow.yml"].contains {
        entry.name.suffix($0.utf8.count).elementsEqual($0.utf8)
      }
      guard isOurs, try FileSystem.status(path).kind == .regular else { continue }
      let text = String(decoding: try FileSystem.read(path, limit: 1 << 20), as: UTF8.self)
      guard known.contains(where: { text.contains("--repository \($0) ") }),
        let (changed, sentence) = try change(path, text)
      else { continue }
      if changed != text { try FileSystem.writeAtomically(Array(changed.utf8), to: path) }
      lines.append(sentence)
    }
    return lines
  }

  /// Writes a file; beside one of that name that is for another repository, with a number before its name.
  private static func write(_ text: [UInt8], _ name: String) throws -> Path {
    var path = folder.appending(name)
    var number = 2
    while try FileSystem.exists(path) {
      if try FileSystem.read(path, limit: 1 << 20) == text { return path }
      path = folder.appending("\(number)-\(name)")
      number += 1
    }
    try FileSystem.writeAtomically(text, to: path)
    return path
  }

  // MARK: When

  /// For how many days the file is valid that runs out first.
  private var shortest: Int { min(expiries.snapshot, expiries.timestamp) }

  /// What expires within this time is renewed.
  private var within: String { Self.time(Expiries.renewal(ofDays: shortest)) }

  /// Within this time nobody has renewed it, and a person is told.
  private var late: String { Self.time(Expiries.warning(ofDays: shortest)) }

  /// Seconds as a number of days, or of hours, which a third of a day is too.
  static func time(_ seconds: Int64) -> String {
    seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : "\(seconds / 3600)h"
  }

  /// The five fields of cron: daily, or every four hours where a day may be all that there is.
  private var schedule: String { shortest < 3 ? "17 */4 * * *" : "17 4 * * *" }

  // MARK: What

  /// A path as a shell takes it for one word.
  static func quoted(_ path: Path) -> String {
    "'" + path.text.replacing("'", with: "'\\''") + "'"
  }

  /// A name as a shell takes it for one word; as it is where it needs nothing.
  static func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-_./".utf8.contains($0) }
    return isPlain ? name : quoted(Path(name))
  }

  private func refresh(_ program: String, of repository: Path, keys: String) -> String {
    "\(program) refresh --within \(within) \(Online().roles.joined(separator: " ")) --repository \(Self.quoted(repository)) "
      + "--keys \(keys)"
  }

  /// Where cron finds the passphrase of the online keys: in their folder, which only its owner may read.
  private var passphrase: String { Self.quoted(keys.appending("online/passphrase.txt")) }

  private var crontab: String {
    let project = Self.quoted(FileSystem.workingDirectory() ?? ".")
    // Cron's own PATH leads to little.
    let program = FileSystem.executable().map(Self.quoted) ?? "bundle-esky"
    let words = refresh(program, of: repository, keys: Self.quoted(keys.appending("online")))
    let line =
      "cd \(project) && \(words) --passphrase-fd 3 3< \(passphrase) >/dev/null || [ $? -eq 10 ]"
    return """
      # Renews snapshot and timestamp when they expire within \(within). Cron mails what goes wrong, and nothing else:
      # exit status 10 means that nothing was due. Give it the passphrase of the online keys first. This waits for
      # a line, and puts it where only you can read it:
      #
      #   cd \(project) && (umask 077; head -n 1 > \(passphrase))
      #
      # Then add this line with crontab -e:
      \(schedule) \(line.replacing("%", with: "\\%"))

      """
  }

  /// - Parameter repository: where it is in the git work tree.
  private func workflow(_ repository: Path) -> String {
    """
    # Renews snapshot and timestamp, and turns red when a role expires within \(late): then renewing has failed for a
    # while, or root or targets have to be renewed by hand.
    #
    # Needs: the repository's metadata in this git repository, bundle-esky on the runner's PATH, and two secrets:
    #   ESKY_ONLINE_PASSPHRASE  the passphrase of the online keys
    #   ESKY_ONLINE_KEYS        what this prints, on one line:
    #     \(Self.archiving)\(Self.quoted(keys)) \(Online().files.joined(separator: " ")) | base64 -w 0
    # No key belongs into git.
    name: Renew metadata
    on:
      schedule:
        - cron: "\(schedule)"
      workflow_dispatch:
    concurrency: renew-metadata
    permissions:
      contents: write
    jobs:
      renew:
        runs-on: ubuntu-latest
        env:
          ESKY_ONLINE_PASSPHRASE: ${{ secrets.ESKY_ONLINE_PASSPHRASE }}
        steps:
          - uses: actions/checkout@v4
          - name: Put the online keys in place
            env:
              ESKY_ONLINE_KEYS: ${{ secrets.ESKY_ONLINE_KEYS }}
            run: |
              mkdir -p "$RUNNER_TEMP/keys"
              printf %s "$ESKY_ONLINE_KEYS" | base64 -d | tar -x -C "$RUNNER_TEMP/keys"
          - name: Renew what expires within \(within)
            id: renew
            # What was signed is published, also where a key was missing for the rest.
            continue-on-error: true
            run: |
              status=0
              \(refresh("bundle-esky", of: repository, keys: "\"$RUNNER_TEMP/keys\"")) || status=$?
              # 10: nothing was due
              [ "$status" -eq 0 ] || [ "$status" -eq 10 ]
          - name: Publish the change
            run: |
              git config user.name renewal
              git config user.email renewal@localhost
              git add \(Self.quoted(repository))
              git diff --cached --quiet || { git commit -m "Renew metadata" && git push; }
          - name: Fail when something could not be renewed
            if: steps.renew.outcome == 'failure'
            run: exit 1
          - name: Fail when a role expires within \(late)
            if: always()
            run: |
              bundle-esky status --repository \(Self.quoted(repository)) --fail-within \(late)

    """
  }
}
