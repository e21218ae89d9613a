import ArgumentParser
import Audit
import FileSystem
import JSON
import Repository

/// `bundle-esky check`: the repository against itself.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check metadata and files against each other.",
    discussion: """
      Follows the metadata from the first root as a client that has never updated would, then looks at \
      every file: signatures, thresholds, versions, hashes, lengths, dates, what is missing and what \
      nothing refers to, delegated roles and compressed copies included. Needs no keys and changes nothing. \
      With --deep, every version is judged as clients judge it before they install it, too. \
      Without it, the files of targets are compared by their lengths alone and earlier versions of \
      metadata are not read; with --metadata-only, targets are kept elsewhere and not looked at. What is found \
      while somebody publishes is looked at again when they are done.

      Exit status: 0 all is sound, 1 something is not, 2 it could not be checked, 64 wrong usage.

      Examples:
        bundle-esky check
        bundle-esky check --deep --repository /srv/hello
        bundle-esky check --json | jq -r '.findings[].file'
      """)

  @Flag(help: "Read every target and compare its hash; read earlier versions of metadata, too.")
  var deep = false

  @Flag(help: "Leave the files of targets out.")
  var metadataOnly = false

  @Option(
    help: ArgumentHelp(
      "The oldest root that clients may have: a repository that was taken over may have none for older ones. Where one was founded again with init --keep-keys, those are a remark.",
      valueName: "version"))
  var oldestRoot: Int64 = 1

  @Flag(help: "One JSON object for machines.")
  var json = false

  @OptionGroup var repository: RepositoryOptions

  static let unchecked = ExitCode(2)

  func validate() throws {
    if deep, metadataOnly { throw ValidationError("--deep and --metadata-only exclude each other") }
  }

  func run() throws {
    let audit: RepositoryAudit
    var findings: [Finding]
    do {
      let path = repository.path(try Project())
      audit = try Failure.naming {
        try RepositoryAudit.settled(
          path, now: now, files: metadataOnly ? .elsewhere : deep ? .contents : .lengths,
          oldestRoot: oldestRoot)
      }
      findings = audit.findings
      if deep { findings += try Self.unusable(path, beside: findings) }
    } catch let failure as Failure {
      Diagnostics.error("bundle-esky: \(failure.description)")
      throw Self.unchecked
    }
    for remark in audit.remarks {
      Diagnostics.error("bundle-esky: \(remark.file): \(remark.fault)")
    }
    if json {
      let report: JSONBuilder = [
        "sound": .boolean(findings.isEmpty), "deep": .boolean(deep),
        "findings": Self.rows(findings), "remarks": Self.rows(audit.remarks),
      ]
      try Output.json(report)
    } else if findings.isEmpty {
      let hint = deep || metadataOnly ? "" : "; --deep reads the files of targets, too"
      print("all is sound\(hint)")
    } else {
      for finding in findings {
        Output.line("\(finding.file): \(finding.fault)")
      }
      let missing = findings.filter { $0.file.hasPrefix("targets/") }.count
      if missing > 20 {
        Diagnostics.error(
          "bundle-esky: \(missing) of these are about files of targets; where those are kept elsewhere, give --metadata-only"
        )
      }
    }
    if !findings.isEmpty { throw ExitCode(1) }
  }

  /// Versions that every client would refuse, though they are listed as they are.
  private static func unusable(_ path: Path, beside known: [Finding]) throws -> [Finding] {
    // What is wrong with the repository itself was said already.
    guard let folder = try? RepositoryFolder(looking: path),
      let releases = try? Release.all(in: folder)
    else { return [] }
    var found: [Finding] = []
    for release in releases {
      let names = ["\(release.sha256).\(release.name.text).zip", "\(release.name.text).zip"]
      for name in names.map({ "targets/" + $0 })
      where !known.contains(where: { $0.file == name })
        && (try? FileSystem.exists(path.appending(name))) == true
      {
        do {
          _ = try BundleReview.examine(
            path.appending(name), as: release.name, readingContents: true)
        } catch let failure as Failure {
          found.append(Finding(name, failure.description))
        }
      }
    }
    return found
  }

  private static func rows(_ findings: [Finding]) -> JSONBuilder {
    .array(findings.map { ["file": .text($0.file), "fault": .text($0.fault)] })
  }
}
