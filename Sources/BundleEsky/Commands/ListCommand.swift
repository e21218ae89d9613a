import ArgumentParser
import Layout
import Repository

/// `bundle-esky list`: the published versions.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show the published versions.",
    discussion: """
      Examples:
        bundle-esky list
        bundle-esky list --json | jq -r '.[0].version'
      """)

  @OptionGroup var repository: RepositoryOptions

  @Flag(help: "One JSON array for machines.")
  var json = false

  func run() throws {
    let releases = try Release.all(in: try repository.open(try Project()))
    if json {
      let rows: [JSONBuilder] = releases.map { release in
        [
          "name": .text(String(decoding: release.name.name.bytes, as: UTF8.self)),
          "version": .text(String(decoding: release.name.version.text, as: UTF8.self)),
          "platform": .text(String(decoding: release.name.platform.tag, as: UTF8.self)),
          "size": .integer(release.size),
          "sha256": .text(release.sha256),
        ]
      }
      print(
        String(
          decoding: try Failure.naming { try JSONBuilder.array(rows).canonical() }, as: UTF8.self))
      return
    }
    if releases.isEmpty {
      print("nothing is published yet; bundle-esky publish adds a version")
      return
    }
    var table = Table(["APP", "VERSION", "PLATFORM", "SIZE", "SHA-256"], numbers: [3])
    for release in releases {
      table.add([
        String(decoding: release.name.name.bytes, as: UTF8.self),
        String(decoding: release.name.version.text, as: UTF8.self),
        String(decoding: release.name.platform.tag, as: UTF8.self),
        Size.text(release.size), String(release.sha256.prefix(12)) + "…",
      ])
    }
    for line in table.lines { print(line) }
  }
}
