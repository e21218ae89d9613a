import FileSystem

/// Files that keep a repository from expiring: a line for cron and a workflow for CI.
struct Renewal {
  let repository: Path
  let keys: Path

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

  private var words: String {
    "bundle-esky refresh --within 7d snapshot timestamp --repository \(Self.quoted(repository)) "
      + "--keys \(Self.quoted(keys.appending("online")))"
  }

  /// A path as a shell takes it for one word.
  private static func quoted(_ path: Path) -> String {
    "'" + path.text.replacing("'", with: "'\\''") + "'"
  }

  private var crontab: String {
    """
    # Renews snapshot and timestamp when fewer than 7 days are left; says nothing while nothing is due.
    # Install with: crontab -e. Put the passphrase of the online keys into the file named below, mode 600,
    # and the project's folder in place of /path/to/project. Exit status 10 means that nothing was due.
    17 4 * * *  cd /path/to/project && \(words.replacing("%", with: "\\%")) --passphrase-fd 3 3< ~/.esky-online-passphrase >/dev/null || [ $? -eq 10 ]

    """
  }

  private var workflow: String {
    """
    # Renews snapshot and timestamp, and says in time when root or targets have to be renewed by hand.
    # Needs: the repository's metadata and keys/online in this git repository, bundle-esky on the runner's PATH, and
    # the secret ESKY_ONLINE_PASSPHRASE. keys/offline and keys/recovery do not belong here.
    name: Renew metadata
    on:
      schedule:
        - cron: "17 4 * * *"
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
          - name: Renew what expires within 7 days
            id: renew
            # What was signed is published, also where a key was missing for the rest.
            continue-on-error: true
            run: |
              status=0
              \(words) || status=$?
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
          - name: Fail when a role runs out within 14 days
            if: always()
            run: |
              bundle-esky status --repository \(Self.quoted(repository)) --fail-within 14d

    """
  }
}
