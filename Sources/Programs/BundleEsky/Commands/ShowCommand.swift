import ArgumentParser
import Bytes
import Esky
import JSON
import Layout
import Repository
import TUF

/// `bundle-esky show`: everything that is said of a version.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that is said of a version.",
    discussion: """
      Exit status: 0 done, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky show 1.3
        bundle-esky show 1.3 --platform linux-x86_64 --json | jq -r '.[0].sha256'
      """)

  @OptionGroup var selector: ReleaseSelector
  @OptionGroup var repository: RepositoryOptions

  @Flag(help: "One JSON array for machines.")
  var json = false

  func run() throws {
    let folder = try repository.look(try Project())
    let releases = try selector.releases(in: folder)
    if json {
      let rows = releases.map { $0.json }
      return try Output.json(.array(rows))
    }
    for release in releases {
      print(release.name.text)
      var rows = [
        ("size", Size.text(release.size)), ("sha256", release.sha256),
        ("channels", release.channels), ("reaches", release.reach),
        ("required", release.terms.isRequired ? "yes" : "no"),
      ]
      if let minimum = release.terms.minimumVersion {
        rows.append(("from version", String(decoding: minimum.text, as: UTF8.self)))
      }
      if let rollOut = release.terms.rollOut {
        var text = "\(rollOut.percent) %"
        if let start = rollOut.start { text += " from \(UTCTime.text(start))" }
        if let hours = rollOut.hours { text += ", all after \(hours) hours" }
        rows.append(("roll-out", text))
      }
      for (name, value) in rows {
        Output.line("  \(name.padded(to: 13))\(value)")
      }
      if let notes = release.terms.notes {
        for line in notes.split(separator: 0x0a) {
          Output.line("  | " + String(decoding: line, as: UTF8.self))
        }
      }
    }
  }
}

extension Release {
  /// Everything for machines.
  var json: JSONBuilder {
    var row: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("name".utf8), .bytes(name.name.bytes)),
      (Array("directory".utf8), .bytes(name.bytes)),
      (Array("version".utf8), .bytes(name.version.text)),
      (Array("platform".utf8), .bytes(name.platform.tag)), (Array("size".utf8), .integer(size)),
      (Array("sha256".utf8), .text(sha256)),
      (Array("channels".utf8), .array(terms.channels.map { .bytes($0) })),
      (Array("share".utf8), .integer(terms.share(at: now))),
    ]
    if let member = terms.unreadable {
      row.append((Array("unreadable".utf8), .text(member.description)))
    }
    if let custom { row.append((Array("custom".utf8), .verbatim(custom))) }
    return .object(row)
  }
}

extension String {
  /// The text with spaces behind, as wide as a column.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
