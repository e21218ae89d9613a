import FileSystem
import Repository

/// Files that keep a repository from expiring: a line for cron and a workflow for CI.
struct Renewal {
  let repository: Path
  let keys: Path
  let expiries: Expiries

  private static let folder: Path = "renewal"

  /// Writes what is not there yet.
  ///
  /// - Returns: what each file is for, in a sentence.
  func write() throws -> [String] {
    let folder = Self.folder
    try FileSystem.makeDirectories(folder)
    var lines: [String] = []
    for (name, text, purpose) in [
      ("crontab", crontab, "a line for cron, to renew what is about to expire"),
      ("github-workflow.yml", workflow, "the same as a workflow; copy it to .github/workflows/"),
    ] {
      let path = try Self.write(Array(text.utf8), name)
      lines.append("\(path.text): \(purpose)")
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

  /// True for the periods that the defaults are made for.
  private var isUsual: Bool { shortest >= Expiries.onlineDays }

  /// What expires within this time is renewed: two thirds of the period, where that is short.
  private var within: String { isUsual ? "\(Expiries.renewalDays)d" : "\(shortest * 16)h" }

  /// Within this time nobody has renewed it, and a person is told: one third.
  private var late: String { isUsual ? "\(Expiries.warningDays)d" : "\(shortest * 8)h" }

  /// The five fields of cron: daily, or every four hours where a day may be all that there is.
  private var schedule: String { shortest < 3 ? "17 */4 * * *" : "17 4 * * *" }

  // MARK: What

  /// A path as a shell takes it for one word.
  private static func quoted(_ path: Path) -> String {
    "'" + path.text.replacing("'", with: "'\\''") + "'"
  }

  private func refresh(_ program: String, keys: String) -> String {
    "\(program) refresh --within \(within) snapshot timestamp --repository \(Self.quoted(repository)) "
      + "--keys \(keys)"
  }

  /// Where cron finds the passphrase of the online keys: in their folder, which only its owner may read.
  private var passphrase: String { Self.quoted(keys.appending("online/passphrase.txt")) }

  private var crontab: String {
    let project = Self.quoted(FileSystem.workingDirectory() ?? ".")
    // Cron's own PATH leads to little.
    let program = FileSystem.executable().map(Self.quoted) ?? "bundle-esky"
    let words = refresh(program, keys: Self.quoted(keys.appending("online")))
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

  private var workflow: String {
    """
    # Renews snapshot and timestamp, and turns red when a role expires within \(late): then renewing has failed for a
    # while, or root or targets have to be renewed by hand.
    #
    # Needs: the repository's metadata in this git repository, bundle-esky on the runner's PATH, and two secrets:
    #   ESKY_ONLINE_PASSPHRASE  the passphrase of the online keys
    #   ESKY_ONLINE_KEYS        what this prints, on one line:
    #     tar -c -C \(Self.quoted(keys)) online/snapshot.key online/timestamp.key | base64 -w 0
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
              \(refresh("bundle-esky", keys: "\"$RUNNER_TEMP/keys\"")) || status=$?
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
