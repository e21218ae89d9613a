public import FileSystem
import JSON
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
  /// Version and expiry of what is published; nil where that is not at hand.
  public let before: (version: Int64, expires: Int64)?
  /// True where what should be the version before is at hand, and is not what was published.
  public let isBeforeForged: Bool
  /// What it says, with what it says otherwise than the version before where that is at hand.
  public let lines: [String]

  /// The most targets that are named.
  private static let mostNames = 20
  /// The most places, beside targets, of which old and new value are shown.
  private static let mostPlaces = 60

  /// True where something was published before, and what that said can't be shown.
  public var isBeforeUnseen: Bool { before == nil && version > 1 }

  init(
    _ draft: Draft, before: SignedMetadata?, isBeforeForged: Bool = false
  ) throws(RepositoryError) {
    self.isBeforeForged = isBeforeForged
    role = draft.role
    version = draft.version
    expires = draft.expires
    self.before = before.map { ($0.version, $0.expires) }
    if let before, before.version >= draft.version {
      // What was published meanwhile stays.
      lines = ["out of date: before it is signed it is made anew, from version \(before.version)"]
      return
    }
    let value = try draft.value
    switch draft.role {
    case .root: lines = try Self.root(value, before?.signed)
    case .snapshot: lines = ["lists \(Self.count(value["meta"])) roles"]
    case .timestamp: lines = []
    default: lines = Self.targets(value, before?.signed)
    }
  }

  /// Who signs for which role from then on, and whatever else is different.
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
    guard let before else { return lines }
    // A key that comes or goes is named above; another key under an old id is not.
    let ids = Set(
      before["keys"]?.members.map { "keys." + String(decoding: $0.name, as: UTF8.self) } ?? [])
    let kept = ids.filter { id in value["keys"]?[Array(id.utf8.dropFirst(5))] != nil }
    let other = JSONDifference.lines(before, value) { path in
      if isHead(path) || path.hasSuffix(".keyids") || path.hasSuffix(".threshold") { return false }
      guard path.hasPrefix("keys.") else { return true }
      return kept.contains { path == $0 || path.hasPrefix($0 + ".") }
    }
    return lines + limited(other, to: mostPlaces)
  }

  /// True for what the first line says of a file.
  private static func isHead(_ path: String) -> Bool { path == "version" || path == "expires" }

  private static func limited(_ lines: [String], to most: Int) -> [String] {
    lines.count <= most ? lines : lines.prefix(most) + ["… and \(lines.count - most) more"]
  }

  private static func text(_ authority: Authority) -> String {
    let keys = authority.keys.map { $0.id.prefix(8) + "…" }.joined(separator: ", ")
    return "\(authority.threshold) of \(keys)"
  }

  /// The targets that come, go or change, and all else that does; all targets where nothing is known of before.
  private static func targets(_ value: JSONValue, _ before: JSONValue?) -> [String] {
    let new = listed(value)
    let old = before.map(listed) ?? [:]
    var lines = [new.count == 1 ? "lists 1 target" : "lists \(new.count) targets"]
    if let delegations = value["delegations"] {
      let list = DelegationList(delegations)
      lines[0] += ", delegates to \(list.bins.map { 1 << $0.names.bits } ?? list.roles.count) roles"
    }
    if let before {
      let other = JSONDifference.lines(before, value) { !isHead($0) && $0 != "targets" }
      lines += limited(other, to: mostPlaces)
    }
    var changes: [String] = []
    for name in Set(new.keys).union(old.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let text = String(decoding: name, as: UTF8.self)
      switch (old[name], new[name]) {
      case (nil, _): changes.append("+ \(text)")
      case (_, nil): changes.append("- \(text)")
      case (let then?, let now?):
        let places = JSONDifference.lines(then, now)
        if !places.isEmpty { changes.append("~ \(text): " + places.joined(separator: "; ")) }
      }
    }
    return lines + limited(changes, to: mostNames)
  }

  /// Targets by name, with what is said of them.
  private static func listed(_ value: JSONValue) -> [[UInt8]: JSONValue] {
    var found: [[UInt8]: JSONValue] = [:]
    guard let targets = value["targets"] else { return found }
    for member in targets.members { found[Array(member.name)] = member.value }
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
      let before =
        entry.role.isTopLevel
        ? state.metadata(of: entry.role) : try finder.targets(of: entry.role)?.metadata
      all.append(try StagedContents(draft, before: before))
    }
    return all
  }

  /// What the files say in a copy of a staging area, beside what was published when it was made.
  public static func stagedContents(copy folder: Path) throws(RepositoryError) -> [StagedContents] {
    let area = StagingArea(folder)
    guard let ceremony = try area.ceremony() else {
      throw .nothingWaits(folder: folder, role: nil)
    }
    var all: [StagedContents] = []
    for entry in ceremony.entries {
      let draft = try Draft(parsing: try area.read(entry.fileName), role: entry.role)
      let before = try area.signedBefore(entry)
      let isThere = try area.before(entry.role) != nil
      all.append(
        try StagedContents(draft, before: before, isBeforeForged: before == nil && isThere))
    }
    return all
  }
}

extension StagingArea {
  /// The version that an entry takes the place of, as the copy has it; nil where it has none, or one that
  /// those who sign the new one did not sign, or that is not the very one before.
  fileprivate func signedBefore(
    _ entry: Ceremony.Entry
  ) throws(RepositoryError) -> SignedMetadata? {
    guard let bytes = try before(entry.role) else { return nil }
    let file: SignedMetadata
    do throws(TUFError) {
      file = try SignedMetadata(parsing: bytes, as: entry.role.type, file: entry.role.plainFileName)
    } catch {
      // Whoever is to sign hears of it as of any other that was not published.
      return nil
    }
    guard file.version == entry.version - 1 else { return nil }
    var authorities = entry.needed + entry.wanted
    if entry.role == .root { authorities = [try Authority(.root, root: file.signed)] }
    return authorities.contains(where: { $0.isMet(by: file) }) ? file : nil
  }
}
