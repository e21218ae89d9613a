import Foundation
import TestKit
import Testing

/// What `init` leaves to keep a repository from expiring, run as it stands there.
struct RenewalEndToEndTests {
  private let folder: TemporaryFolder

  /// A folder whose name a shell and cron read otherwise than they should.
  init() throws { folder = try TemporaryFolder("it's 50% \"new\"") }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func make(_ more: String...) throws {
    var command = try Packager.command(
      in: folder.path, ["init", "--protection", "interactive"] + more)
    command.environment["ESKY_ONLINE_PASSPHRASE"] = "of machines"
    try command.succeed()
  }

  /// The folder that `bundle-esky` is in.
  private var tools: String {
    get throws {
      URL(fileURLWithPath: try Dist.product("bundle-esky")).deletingLastPathComponent().path
    }
  }

  // MARK: The workflow

  /// The script of a step of the workflow.
  private func script(_ step: String) throws -> String {
    let text = try #require(File.text(path("renewal/github-workflow.yml")))
    let steps = text.components(separatedBy: "      - name: ")
    let found = try #require(steps.first { $0.hasPrefix(step) }, "there is no step \(step)")
    let lines = found.components(separatedBy: "run: |\n")[1].split(separator: "\n")
    return lines.map { String($0.dropFirst(10)) }.joined(separator: "\n")
  }

  /// The words behind a colon in what the workflow says is needed.
  private func command(after words: String) throws -> String {
    let text = try #require(File.text(path("renewal/github-workflow.yml")))
    let lines = text.split(separator: "\n")
    let place = try #require(lines.firstIndex { $0.contains(words) })
    return String(lines[place + 1].drop { "# ".contains($0) })
  }

  /// Runs the workflow's steps at a number of times after now, in hours; the hours at which it was red.
  private func redRuns(hours: some Sequence<Int>) throws -> [Int] {
    let secret = try Command(
      "/bin/sh", ["-c", "cd \"$0\" && " + command(after: "ESKY_ONLINE_KEYS "), folder.path]
    ).succeed().output
    for (name, step) in [
      ("keys", "Put the online keys"), ("renew", "Renew what"), ("late", "Fail when a role"),
    ] {
      // As a runner starts them.
      try File.write(("set -e\n" + script(step)).utf8, to: path(name + ".sh"))
    }
    let list = hours.map(String.init).joined(separator: " ")
    var command = Command(
      "/bin/sh",
      [
        "-c",
        """
        sh keys.sh || exit 1
        for hour in \(list); do
          for step in renew late; do
            LD_PRELOAD=\(FakeClock.library) FAKETIME="+${hour}h" sh "$step.sh" >&2 || echo $hour
          done
        done
        """,
      ])
    command.folder = folder.path
    command.environment = [
      "PATH": try tools + ":/usr/bin:/bin", "RUNNER_TEMP": path("runner"),
      "ESKY_ONLINE_KEYS": secret, "ESKY_ONLINE_PASSPHRASE": "of machines",
    ]
    let outcome = try command.succeed(seconds: 500)
    let count = outcome.errors.components(separatedBy: "signed timestamp").count - 1
    try #require(count > 1, "nothing was renewed: \(outcome.errors)")
    return outcome.output.split(separator: "\n").compactMap { Int($0) }
  }

  @Test func aYearOfTheWorkflowHasNoRedDay() throws {
    try make()
    #expect(try redRuns(hours: stride(from: 0, through: 365 * 24, by: 24)) == [])
    // And then somebody has to sign root and targets.
    let later = try Command(
      "/bin/sh",
      [
        "-c", "LD_PRELOAD=\(FakeClock.library) FAKETIME=+390d exec \"$@\"", "sh",
        Dist.product("bundle-esky"), "status", "--fail-within", "7d", "--repository",
        path("repository"),
      ]
    ).run()
    #expect(later.status == 1)
    #expect(later.errors.contains("root expires on") && later.errors.contains("targets expires on"))
  }

  /// A period, and the hours between two runs, as the workflow has it.
  @Test(arguments: [("1d", 4), ("2d", 4), ("3d", 24), ("7d", 24), ("20d", 24)])
  func aShortPeriodHasNoRedDayEither(period: String, hours: Int) throws {
    try make("--expires", "timestamp=" + period)
    let text = try #require(File.text(path("renewal/github-workflow.yml")))
    #expect(text.contains("cron: \"17 \(hours == 4 ? "*/4" : "4") * * *\""))
    #expect(try redRuns(hours: stride(from: 0, through: hours * 30, by: hours)) == [])
  }

  @Test func theFilesFollowAPeriodThatChanges() throws {
    try make()
    let words = ["refresh", "--expires", "timestamp=1d"]
    var command = try Packager.command(in: folder.path, words)
    command.environment["ESKY_ONLINE_PASSPHRASE"] = "of machines"
    let said = try command.succeed().output
    for name in ["crontab", "github-workflow.yml"] {
      #expect(said.contains("renewal/\(name) fits the new periods"))
      #expect(File.text(path("renewal/" + name))?.contains("refresh --within 16h ") == true)
    }
    #expect(File.text(path("renewal/crontab"))?.contains("\n17 */4 * * * cd ") == true)
    #expect(try script("Fail when a role").contains("--fail-within 8h"))
    #expect(try redRuns(hours: stride(from: 0, through: 4 * 20, by: 4)) == [])
    #expect(try command.run().output.contains("fits") == false)
  }

  @Test func whatIsValidForAShortTimeIsNotDueAtOnce() throws {
    try make("--expires", "timestamp=3d", "--expires", "snapshot=3d", "--expires", "targets=6d")
    for (hours, due, verdict) in [
      (0, false, "fresh"), (23, false, "fresh"), (25, true, "fresh"),
      (49, true, "about to run out"),
    ] {
      func run(_ words: String...) throws -> Outcome {
        var command = Command(
          "/bin/sh",
          ["-c", "LD_PRELOAD=\(FakeClock.library) FAKETIME=+\(hours)h exec \"$@\"", "sh"]
            + [try Dist.product("bundle-esky")] + words)
        command.folder = folder.path
        return try command.run()
      }
      #expect(try run("status").output.hasPrefix("repository: \(verdict);"), "\(hours) hours")
      // What is due and can't be signed without a passphrase is named.
      #expect(try run("refresh", "snapshot", "timestamp").status == (due ? 12 : 10))
    }
  }

  @Test func aRepositoryBelowTheTopOfTheWorkTreeIsRenewedFromThere() throws {
    let project = path("apps/hello")
    try FileManager.default.createDirectory(
      atPath: project, withIntermediateDirectories: true)
    var git = Command("/usr/bin/git", ["init", "--quiet", folder.path])
    git.environment["HOME"] = folder.path
    try git.succeed()
    func make(_ more: [String]) throws -> Outcome {
      var command = try Packager.command(
        in: project, ["init", "--protection", "interactive"] + more)
      command.environment["ESKY_ONLINE_PASSPHRASE"] = "of machines"
      return try command.succeed()
    }
    _ = try make([])
    let text = try #require(File.text(project + "/renewal/github-workflow.yml"))
    #expect(text.contains("--repository 'apps/hello/repository' "))
    #expect(text.contains("git add 'apps/hello/repository'"))
    #expect(text.contains("status --repository 'apps/hello/repository' "))
    #expect(
      File.text(project + "/renewal/crontab")?.contains("--repository 'repository' ") == true)
    // One that no checkout would bring.
    let other = try TemporaryFolder("elsewhere")
    let said = try make([
      "--repository", other.path + "/repository", "--keys", other.path + "/keys",
    ]).output
    #expect(said.contains("no workflow for CI"))
    #expect(!File.exists(project + "/renewal/2-github-workflow.yml"))
  }

  @Test func theDefaultsAreTheSameEverywhere() throws {
    try make()
    let readme = try #require(
      File.text(
        Checkout.path + "/README.md"))
    #expect(readme.contains("within 14 days is renewed, and what expires within 7 is shown red"))
    let help = try Packager.command(in: folder.path, ["refresh", "--help"]).run().output
    #expect(help.contains("(default: 14d, or two thirds of"))
    for name in ["crontab", "github-workflow.yml"] {
      #expect(File.text(path("renewal/" + name))?.contains("refresh --within 14d ") == true)
    }
    // Seven days before the end, and the day before that.
    for (hours, word) in [(13 * 24 + 23, "fresh"), (14 * 24 + 1, "about to run out")] {
      let words = [
        "-c", "LD_PRELOAD=\(FakeClock.library) FAKETIME=+\(hours)h exec \"$@\"", "sh",
        try Dist.product("bundle-esky"), "status", "--html", "status.html",
      ]
      var command = Command("/bin/sh", words)
      command.folder = folder.path
      #expect(try command.succeed().output.hasPrefix("repository: \(word);"))
      #expect(File.text(path("status.html"))?.contains("7 days: renew") == true)
    }
  }

  // MARK: The line for cron

  /// The lines of the file that are to be run, as a shell gets them.
  private func crontab() throws -> (preparation: String, line: String) {
    let lines = try #require(File.text(path("renewal/crontab"))).split(separator: "\n")
    let preparation = try #require(lines.first { $0.contains("head -n 1") })
    let line = try #require(lines.first { !$0.hasPrefix("#") })
    // Cron takes five fields off, and reads \% as %.
    let words = String(line.split(separator: " ", maxSplits: 5)[5]).replacing("\\%", with: "%")
    return (String(preparation.drop { "# ".contains($0) }), words)
  }

  /// Runs the line as cron does: from the home folder, with little in the environment.
  private func cron(days: Int) throws -> Outcome {
    var command = Command("/bin/sh", ["-c", try crontab().line])
    command.environment = [
      "HOME": "/", "LOGNAME": "root", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin",
      "LD_PRELOAD": FakeClock.library, "FAKETIME": "+\(days)d",
    ]
    return try command.run()
  }

  @Test func theCronLineWorksAsWritten() throws {
    try make()
    // Whoever forgets the passphrase is told.
    let forgotten = try cron(days: 8)
    #expect(forgotten.status != 0)
    #expect(forgotten.errors.contains("keys/online/passphrase.txt"))
    try File.write("of machines\n".utf8, to: path("typed"))
    var preparation = Command("/bin/sh", ["-c", try crontab().preparation])
    preparation.input = .file(path("typed"))
    try preparation.succeed()
    let mode =
      try FileManager.default.attributesOfItem(
        atPath: path("keys/online/passphrase.txt"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
    for (days, version) in [(0, 1), (6, 1), (8, 2), (9, 2), (16, 3)] {
      let outcome = try cron(days: days)
      #expect(outcome.status == 0)
      #expect(outcome.output + outcome.errors == "", "cron would send a mail")
      let status = try Packager.command(in: folder.path, ["status", "--json"]).run().json()
      let timestamp = (status["roles"] as? [[String: Any]])?[1]
      #expect(timestamp?["version"] as? Int == version, "day \(days)")
    }
  }

  // MARK: git

  @Test func keysAndPhraseStayOutOfGit() throws {
    func git(_ words: String...) throws -> String {
      var command = Command("/usr/bin/git", words)
      command.folder = folder.path
      command.environment["HOME"] = folder.path
      return try command.succeed().output
    }
    _ = try git("init", "--quiet")
    try make()
    try File.write("secret\n".utf8, to: path("keys/online/passphrase.txt"))
    _ = try git("add", "--all")
    let files = try git("ls-files").split(separator: "\n")
    #expect(files.contains("repository/metadata/1.root.json"))
    #expect(files.filter { $0.hasPrefix("keys") } == [])
    #expect(!files.contains("repository/lock"))
    // Keys that are made elsewhere, too; where other things lie as well, a person is told.
    for place in ["other/x.key", "keys/offline/y.key"] {
      let made = try Packager.command(in: folder.path, ["key", "new", place]).run()
      #expect(made.status == 0 && made.errors == "", "\(made.errors)")
    }
    let told = try Packager.command(in: folder.path, ["key", "new", "x.key"]).run()
    #expect(told.status == 0)
    #expect(told.errors.contains("x.key lies in a git work tree, and nothing keeps it out of git"))
    try FileManager.default.removeItem(atPath: path("x.key"))
    try File.write("*.key\n".utf8, to: path(".gitignore"))
    #expect(
      try Packager.command(in: folder.path, ["key", "new", "x.key"]).run().errors == "")
    _ = try git("add", "--all")
    #expect(try !git("ls-files").contains(".key"))
    // What was there before stays.
    let other = try TemporaryFolder("other")
    try File.write("mine\n".utf8, to: other.path + "/keys/.gitignore")
    try Packager.command(in: other.path, ["init", "--protection", "interactive"]).succeed()
    let text = try #require(File.text(other.path + "/keys/.gitignore"))
    #expect(text.hasPrefix("mine\n") && text.contains("\n/recovery/\n"))
  }
}
