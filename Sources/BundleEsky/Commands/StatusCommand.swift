import ArgumentParser
import Repository
import TUF

/// `bundle-esky status`: roles, keys and days to expiry.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show roles, keys, days to expiry, and what is published.",
    discussion: """
      Examples:
        bundle-esky status
        bundle-esky status --json | jq '.roles[] | select(."days-left" < 7)'
      """)

  @OptionGroup var repository: RepositoryOptions

  @Flag(help: "One JSON object for machines.")
  var json = false

  func run() throws {
    let project = try Project()
    let folder = try repository.open(project)
    let roles = try Failure.naming { try folder.status(now: now) }
    let releases = try Release.all(in: folder)
    let total = releases.reduce(0) { $0 + $1.size }
    if json {
      let rows: [JSONBuilder] = roles.map { role in
        [
          "role": .text(role.role.name),
          "version": .integer(role.version),
          "expires": .text(Date.text(role.expires)),
          "days-left": .integer(Int64(role.daysLeft)),
          "threshold": .integer(Int64(role.threshold)),
          "keys": .array(role.keyIDs.map { .text($0) }),
          "signed-by": .array(role.signedBy.map { .text($0) }),
        ]
      }
      let status: JSONBuilder = [
        "roles": .array(rows), "versions": .integer(Int64(releases.count)),
        "bytes": .integer(total),
      ]
      print(String(decoding: try Failure.naming { try status.canonical() }, as: UTF8.self))
      return
    }
    print(
      "\(repository.path(project).text): \(releases.count) \(releases.count == 1 ? "version" : "versions"), \(Size.text(total))"
    )
    var table = Table(
      ["ROLE", "VERSION", "EXPIRES", "DAYS LEFT", "SIGNED", "KEYS"], numbers: [1, 3])
    for role in roles {
      let days = role.daysLeft < 0 ? "expired" : String(role.daysLeft)
      table.add([
        role.role.name, String(role.version), String(Date.text(role.expires).prefix(10)), days,
        "\(role.signedBy.count) of \(role.threshold)",
        role.keyIDs.map { String($0.prefix(8)) }.joined(separator: " "),
      ])
    }
    for line in table.lines { print(line) }
  }
}
