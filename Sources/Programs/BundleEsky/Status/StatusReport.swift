import Bytes
import FileSystem
import JSON
import Layout
import Repository
import TUF

/// How a repository stands, gathered once for text, JSON and HTML.
struct StatusReport {
  /// Many bins as one.
  struct Bins {
    let name: String
    let delegator: String
    var count = 0
    var targets = 0
    /// Of the one that runs out first, in seconds since 1970 UTC.
    var expires: Int64
    var daysLeft: Int
    /// For how many days that one is valid.
    var period: Int
    let threshold: Int
    let keyIDs: [String]
    /// How many lack signatures.
    var unsigned = 0
  }

  let repository: String
  let made: Int64
  /// Below this many seconds, a role is about to run out; nil for what its period wants.
  private let margin: Int64?
  /// Top-level roles in the order of trust, then delegated ones.
  let roles: [RoleStatus]
  let bins: [Bins]
  let releases: [Release]
  let withdrawn: [String]
  let waiting: [CeremonyStatus]
  /// What renews a role that is about to run out.
  let remedy: String

  init(_ folder: RepositoryFolder, margin: Int64?) throws {
    repository = folder.directory.text
    made = now
    self.margin = margin
    let (top, delegated, waiting) = try Failure.naming {
      (
        try folder.status(now: now), try folder.delegatedStatus(now: now),
        try folder.ceremony() ?? []
      )
    }
    remedy =
      folder.isConsistent
      ? "run bundle-esky refresh" : "renew it with the program that made it, or finish adopt"
    roles = top + delegated.filter { $0.bins == nil }
    bins = Self.bins(delegated)
    releases = try Release.all(in: folder)
    withdrawn = try Release.withdrawn(in: folder)
    self.waiting = waiting
  }

  private static func bins(_ all: [RoleStatus]) -> [Bins] {
    var found: [Bins] = []
    for status in all {
      guard let name = status.bins else { continue }
      if found.last?.name != name {
        found.append(
          Bins(
            name: name, delegator: status.delegator?.name ?? "", expires: status.expires,
            daysLeft: status.daysLeft, period: status.period, threshold: status.threshold,
            keyIDs: status.keyIDs))
      }
      let last = found.count - 1
      found[last].count += 1
      found[last].targets += status.targets
      if status.expires < found[last].expires {
        found[last].expires = status.expires
        found[last].daysLeft = status.daysLeft
        found[last].period = status.period
      }
      if status.signedBy.count < status.threshold { found[last].unsigned += 1 }
    }
    return found
  }

  /// The size of all versions in bytes.
  var total: Int64 { releases.reduce(0) { $0 + $1.size } }

  /// The roles that run out within the margin, and when, in seconds since 1970 UTC.
  var runningOut: [(name: String, expires: Int64, period: Int)] {
    let all =
      roles.map { ($0.role.name, $0.expires, $0.period) }
      + bins.map { ($0.name, $0.expires, $0.period) }
    return all.filter { isRunningOut($0.1, period: $0.2) }
  }

  /// True when something that expires then, and is valid for so many days, is about to run out.
  func isRunningOut(_ expires: Int64, period: Int) -> Bool {
    expires - made <= margin ?? Expiries.warning(ofDays: period)
  }

  /// The margin of what is valid for long, in seconds.
  var widestMargin: Int64 { margin ?? Expiries.warning(ofDays: .max) }

  /// Whether clients are served, in a word or two.
  var verdict: Verdict {
    if runningOut.contains(where: { $0.expires <= made }) { return .expired }
    if !runningOut.isEmpty { return .runningOut }
    return waiting.isEmpty ? .fresh : .waiting
  }

  enum Verdict: String {
    case expired, runningOut = "running-out", waiting, fresh

    var text: String {
      switch self {
      case .expired: "expired: clients refuse updates"
      case .runningOut: "about to run out"
      case .waiting: "fresh; a change waits for signatures"
      case .fresh: "fresh"
      }
    }
  }

  // MARK: JSON

  var json: JSONBuilder {
    let rows = roles.map { role -> JSONBuilder in
      var members: [(name: [UInt8], value: JSONBuilder)] = [
        (Array("role".utf8), .text(role.role.name)),
        (Array("version".utf8), .integer(role.version)),
        (Array("expires".utf8), .text(UTCTime.text(role.expires))),
        (Array("days-left".utf8), .integer(Int64(role.daysLeft))),
        (Array("threshold".utf8), .integer(Int64(role.threshold))),
        (Array("keys".utf8), .array(role.keyIDs.map { .text($0) })),
        (Array("signed-by".utf8), .array(role.signedBy.map { .text($0) })),
      ]
      if let delegator = role.delegator {
        members.append((Array("delegator".utf8), .text(delegator.name)))
        members.append((Array("targets".utf8), .integer(Int64(role.targets))))
      }
      return .object(members)
    }
    let binRows = bins.map { bins -> JSONBuilder in
      [
        "bins": .text(bins.name), "delegator": .text(bins.delegator),
        "count": .integer(Int64(bins.count)), "targets": .integer(Int64(bins.targets)),
        "expires": .text(UTCTime.text(bins.expires)), "days-left": .integer(Int64(bins.daysLeft)),
        "threshold": .integer(Int64(bins.threshold)),
        "keys": .array(bins.keyIDs.map { .text($0) }), "unsigned": .integer(Int64(bins.unsigned)),
      ]
    }
    return [
      "verdict": .text(verdict.rawValue), "roles": .array(rows), "bins": .array(binRows),
      "versions": .integer(Int64(releases.count)), "bytes": .integer(total),
      "withdrawn": .array(withdrawn.map { .text($0) }),
      "waiting": .array(waiting.filter { !$0.isComplete }.map { .text($0.description) }),
    ]
  }

  // MARK: Text

  var lines: [String] {
    var lines = [
      "\(repository): \(verdict.text); \(releases.count) \(releases.count == 1 ? "version" : "versions"), \(Size.text(total))"
    ]
    var table = Table(
      ["ROLE", "VERSION", "EXPIRES", "DAYS LEFT", "SIGNED", "KEYS"], numbers: [1, 3])
    for role in roles {
      table.add([
        role.role.name, String(role.version), String(UTCTime.text(role.expires).prefix(10)),
        Self.days(role.daysLeft), "\(role.signedBy.count) of \(role.threshold)",
        Self.short(role.keyIDs),
      ])
    }
    for bins in bins {
      table.add([
        "\(bins.name)-* (\(bins.count))", "-", String(UTCTime.text(bins.expires).prefix(10)),
        Self.days(bins.daysLeft),
        bins.unsigned == 0 ? "all" : "\(bins.count - bins.unsigned) of \(bins.count)",
        Self.short(bins.keyIDs),
      ])
    }
    lines += table.lines
    let open = waiting.filter { !$0.isComplete }
    if !open.isEmpty {
      lines.append("a change waits for signatures:")
      lines += open.map { "  " + $0.description }
    }
    return lines
  }

  static func days(_ left: Int) -> String { left < 0 ? "expired" : String(left) }

  static func short(_ ids: [String]) -> String {
    ids.map { String($0.prefix(8)) }.joined(separator: " ")
  }
}
