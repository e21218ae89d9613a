import ArgumentParser
import Bytes
import Repository
import TUF

/// How the tools tell what a change came to.
enum Report {
  /// Something waits for signatures, or keys were missing.
  static let waiting = ExitCode(12)

  /// Tells what was signed, or what the change waits for; the latter ends with exit status 12.
  static func publication(_ publication: Publication) throws {
    if !publication.versions.isEmpty {
      print("signed \(signed(publication))")
    }
    if !publication.waiting.isEmpty {
      if !publication.remade.isEmpty {
        let names = publication.remade.map(\.name).joined(separator: " and ")
        print(
          "\(names): refreshed or expired meanwhile, and made anew; copy staging/ again to sign")
      }
      print("nothing is published yet; the change waits for signatures:")
      for status in publication.waiting { print("  \(status.description)") }
      print("add them with bundle-esky sign, here or on a copy of the folder staging/")
    }
    locked(publication.locked)
    if !publication.waiting.isEmpty { throw waiting }
  }

  /// Warns of top-level roles that have expired: nothing reaches clients before they are signed anew.
  static func expired(_ folder: RepositoryFolder) {
    guard let all = try? folder.status(now: now) else { return }
    for status in all where status.expires <= now {
      Diagnostics.error(
        "bundle-esky: \(status.role.name) expired on \(UTCTime.text(status.expires)), and clients take nothing until it is signed anew: bundle-esky refresh \(status.role.name)"
      )
    }
  }

  /// The most files of a change that are shown one by one.
  private static let mostFiles = 12

  /// Shows what files say that wait for signatures.
  static func contents(_ files: [StagedContents]) {
    for file in files.prefix(mostFiles) {
      var line = "\(file.role.name) \(file.version), until \(UTCTime.text(file.expires))"
      if let before = file.before {
        line += "; before \(before.version), until \(UTCTime.text(before.expires))"
      } else if file.isBeforeForged {
        line += "; what the copy has as the version before is not what was published"
      } else if file.isBeforeUnseen, !isFollower(file.role) {
        line += "; what was before is not at hand"
      }
      Output.line(line)
      for line in file.lines { Output.line("  \(line)") }
    }
    if files.count > mostFiles { print("… and \(files.count - mostFiles) more files") }
  }

  /// True for what follows from all the rest, and says nothing by itself.
  static func isFollower(_ role: Role) -> Bool { role == .snapshot || role == .timestamp }

  /// Says why keys did not sign that were put away for bad days.
  static func locked(_ reasons: [RepositoryError]) {
    for reason in reasons { Diagnostics.error("bundle-esky: \(reason.description)") }
  }

  /// Roles with their versions; many bins in a few words.
  private static func signed(_ publication: Publication) -> String {
    let all = publication.versions.map { "\($0.role.name) \($0.version)" }
    if all.count <= 12 { return all.joined(separator: ", ") }
    return "\(all.count) roles, the last of them \(all.suffix(3).joined(separator: ", "))"
  }
}
