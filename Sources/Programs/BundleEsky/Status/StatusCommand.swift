import ArgumentParser
import Bytes
import FileSystem
import Repository
import TUF

/// `bundle-esky status`: roles, keys and days to expiry.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show roles, keys, days to expiry, and what is published.",
    discussion: """
      --html writes a page that needs nothing else: no script, no network. With --fail-within the exit \
      status is 1 when a role runs out within that time, or has: for CI.

      Exit status: 0 done, 1 a role runs out within the time given, or it failed; 64 wrong usage.

      Examples:
        bundle-esky status
        bundle-esky status --fail-within 7d
        bundle-esky status --html status.html
        bundle-esky status --json | jq '.roles[] | select(."days-left" < 7)'
      """)

  @OptionGroup var repository: RepositoryOptions

  @Option(help: "Fail when a role expires within this time: a number with m, h, d or w behind.")
  var failWithin: Duration?

  @Option(help: ArgumentHelp("Write a page to look at in a browser.", valueName: "file"))
  var html: String?

  @Flag(help: "One JSON object for machines.")
  var json = false

  func run() throws {
    let folder = try repository.look(try Project())
    let report = try StatusReport(folder, margin: failWithin?.seconds)
    if let html {
      let page = StatusPage(report).html
      try Failure.naming {
        try FileSystem.writeAtomically(Array(page.utf8), to: Path(html))
      }
    }
    if json {
      try Output.json(report.json)
    } else {
      for line in report.lines {
        Output.line(line)
      }
      if let html { print("wrote \(html)") }
    }
    guard failWithin != nil, !report.runningOut.isEmpty else { return }
    for (name, expires, period) in report.runningOut {
      let verb = expires <= report.made ? "expired" : "expires"
      Diagnostics.error(
        "bundle-esky: \(name) \(verb) on \(UTCTime.text(expires)); "
          + remedy(name, expires, period, report))
    }
    throw ExitCode(1)
  }

  /// What helps a role that is about to run out, by the time given.
  private func remedy(
    _ name: String, _ expires: Int64, _ period: Int, _ report: StatusReport
  ) -> String {
    // Signed anew, it would be no better.
    if let failWithin, expires > report.made, failWithin.seconds >= Int64(period) * 86_400 {
      return
        "it is never valid for longer than \(period)d, so give a --fail-within of \(Renewal.time(Expiries.warning(ofDays: period)))"
    }
    // What is not due by itself yet is signed for whoever names it.
    let isDue = expires - report.made <= Expiries.renewal(ofDays: period)
    return report.remedy + (isDue ? "" : " --force \(name)")
  }
}
