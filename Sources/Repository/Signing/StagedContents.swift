public import FileSystem
import TUF

/// What a file says that waits for signatures: for the eyes of whoever is to sign it.
///
/// It is read from the very bytes that are signed.
public struct StagedContents: Sendable {
  /// The role.
  public let role: Role
  /// Its version.
  public let version: Int64
  /// When it expires, in seconds since 1970 UTC.
  public let expires: Int64
  /// What it says, or what it says otherwise than the version before where that is at hand.
  public let lines: [String]

  /// The most targets that are named.
  private static let mostNames = 20

  init(_ draft: Draft, before: JSONValue?) throws(RepositoryError) {
    role = draft.role
    version = draft.version
    expires = draft.expires
    let value = try draft.value
    switch draft.role {
    case .root: lines = try Self.root(value, before)
    case .snapshot: lines = ["lists \(Self.count(value["meta"])) roles"]
    case .timestamp: lines = []
    default: lines = Self.targets(value, before)
    }
  }

  /// Who signs for which role from then on.
  private static func root(
    _ value: JSONValue, _ before: JSONValue?
  ) throws(RepositoryError) -> [String] {
    var lines: [String] = []
    for role in Role.topLevel {
      let authority = try Authority(role, root: value)
      var line = "\(role.name): \(text(authority))"
      if let before {
        let old = try Authority(role, root: before)
        if !old.isSame(as: authority) { line += ", before \(text(old))" }
      }
      lines.append(line)
    }
    return lines
  }

  private static func text(_ authority: Authority) -> String {
    let keys = authority.keys.map { $0.id.prefix(8) + "…" }.joined(separator: ", ")
    return "\(authority.threshold) of \(keys)"
  }

  /// The targets that come, go or change; all of them where nothing is known of before.
  private static func targets(_ value: JSONValue, _ before: JSONValue?) -> [String] {
    let new = listed(value)
    let old = before.map(listed) ?? [:]
    var changes: [String] = []
    for name in Set(new.keys).union(old.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let text = String(decoding: name, as: UTF8.self)
      switch (old[name], new[name]) {
      case (nil, _): changes.append("+ \(text)")
      case (_, nil): changes.append("- \(text)")
      case (let then?, let now?): if then != now { changes.append("~ \(text)") }
      }
    }
    var lines = [new.count == 1 ? "lists 1 target" : "lists \(new.count) targets"]
    if let delegations = value["delegations"] {
      let list = DelegationList(delegations)
      lines[0] += ", delegates to \(list.bins.map { 1 << $0.names.bits } ?? list.roles.count) roles"
    }
    lines += changes.prefix(mostNames)
    if changes.count > mostNames { lines.append("… and \(changes.count - mostNames) more") }
    return lines
  }

  /// Targets by name, with what is said of them.
  private static func listed(_ value: JSONValue) -> [[UInt8]: [UInt8]] {
    var found: [[UInt8]: [UInt8]] = [:]
    guard let targets = value["targets"] else { return found }
    for member in targets.members {
      found[Array(member.name)] = (try? CanonicalJSON.encode(member.value)) ?? []
    }
    return found
  }

  private static func count(_ value: JSONValue?) -> Int {
    guard let value else { return 0 }
    return value.members.reduce(0) { count, _ in count + 1 }
  }
}

extension RepositoryFolder {
  /// What the files say that wait for signatures, beside what is published; none when nothing waits.
  public func stagedContents() throws(RepositoryError) -> [StagedContents] {
    guard let ceremony = try staging.ceremony() else { return [] }
    let finder = Delegators(state)
    var all: [StagedContents] = []
    for entry in ceremony.entries {
      let draft = try Draft(parsing: try staging.read(entry.fileName), role: entry.role)
      let before: JSONValue?
      if entry.role.isTopLevel {
        before = state.metadata(of: entry.role).signed
      } else {
        before = try finder.targets(of: entry.role)?.metadata.signed
      }
      all.append(try StagedContents(draft, before: before))
    }
    return all
  }

  /// What the files say in a copy of a staging area.
  public static func stagedContents(copy folder: Path) throws(RepositoryError) -> [StagedContents] {
    let area = StagingArea(folder)
    guard let ceremony = try area.ceremony() else {
      throw .nothingWaits(folder: folder, role: nil)
    }
    var all: [StagedContents] = []
    for entry in ceremony.entries {
      let draft = try Draft(parsing: try area.read(entry.fileName), role: entry.role)
      all.append(try StagedContents(draft, before: nil))
    }
    return all
  }
}
