import ArgumentParser
import Bytes
import FileSystem
import JSON
import Layout
import Repository
import TUF

/// `bundle-esky list`: the published versions.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show the published versions, or all targets.",
    discussion: """
      Exit status: 0 done, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky list
        bundle-esky list --targets
        bundle-esky list --json | jq -r '.[0].version'
      """)

  @OptionGroup var repository: RepositoryOptions

  @Flag(help: "Every target by its name, be it a version or not.")
  var targets = false

  @Flag(help: "One JSON array for machines.")
  var json = false

  func run() throws {
    if targets { return try listTargets() }
    let releases = try Release.all(in: try repository.look(try Project()))
    if json {
      let rows = releases.map(\.json)
      try Output.json(.array(rows))
      return
    }
    if releases.isEmpty {
      print("nothing is published yet; bundle-esky publish adds a version")
      return
    }
    var table = Table(
      ["APP", "VERSION", "PLATFORM", "SIZE", "CHANNELS", "REACHES", "SHA-256"], numbers: [3])
    for release in releases {
      table.add([
        String(decoding: release.name.name.bytes, as: UTF8.self),
        String(decoding: release.name.version.text, as: UTF8.self),
        String(decoding: release.name.platform.tag, as: UTF8.self),
        Size.text(release.size), release.channels, release.reach,
        String(release.sha256.prefix(12)) + "…",
      ])
    }
    for line in table.lines { print(line) }
  }

  private func listTargets() throws {
    let folder = try repository.look(try Project())
    let all = try Failure.naming { try folder.allTargets() }.sorted {
      $0.path.lexicographicallyPrecedes($1.path)
    }
    func digest(_ target: TargetFile) -> String {
      let found = target.hashes.first { $0.algorithm == .sha256 }
      return found.map { String(decoding: $0.hex, as: UTF8.self) } ?? ""
    }
    if json {
      let rows: [JSONBuilder] = all.map { target in
        var row: [(name: [UInt8], value: JSONBuilder)] = [
          (Array("name".utf8), .text(String(decoding: target.path, as: UTF8.self))),
          (Array("size".utf8), .integer(target.length)),
          (Array("sha256".utf8), .text(digest(target))),
        ]
        if let custom = target.custom { row.append((Array("custom".utf8), .verbatim(custom))) }
        return .object(row)
      }
      return try Output.json(.array(rows))
    }
    var table = Table(["TARGET", "SIZE", "SHA-256"], numbers: [1])
    for target in all {
      let name = PrintableText.escape(String(decoding: target.path, as: UTF8.self))
      table.add([
        String(decoding: name, as: UTF8.self), Size.text(target.length),
        String(digest(target).prefix(12)) + "…",
      ])
    }
    for line in table.lines { print(line) }
  }
}
