import JSON
import TUF

/// New metadata in the staging area, and who must still sign it.
package struct Ceremony: Sendable {
  /// One file.
  struct Entry: Sendable {
    let role: Role
    let version: Int64
    /// Who must sign it, each to their threshold: for a root the old keys and the new ones.
    let needed: [Authority]
    /// Who should sign it as well where their keys are at hand: those who clients with the old root ask for.
    let wanted: [Authority]
    /// Who delegates to the role; nil for a top-level one.
    let delegator: Role?
    /// True to list it in the snapshot by its version alone.
    var isListedByVersion: Bool
    /// True for what says the same as the version before, and waits only because others sign it now.
    var isRenewal = false

    var fileName: String { role.fileName(version) }
  }

  /// The files, in the order in which they were made.
  var entries: [Entry] = []
  /// True when the snapshot is to be signed anew whatever else changes.
  var snapshot = false
  /// True when the timestamp is.
  var timestamp = false
  /// For how many days top-level roles are valid from now on, where that changes.
  var days: [Role: Int] = [:]
  /// Files that become targets, by their paths in the staging area and in the repository.
  var files: [(from: [UInt8], to: [UInt8])] = []
  /// Files to remove once the change is in place, by their paths in the repository.
  var removals: [[UInt8]] = []

  init() {}

  /// True when it is about the root, and about nothing that others may not change meanwhile: what follows
  /// from the root is made anew where it was overtaken.
  var isOfRoot: Bool {
    files.isEmpty && removals.isEmpty && entries.contains { $0.role == .root }
      && entries.allSatisfy { entry in
        entry.isRenewal || [.root, .snapshot, .timestamp].contains(entry.role)
      }
  }

  /// True for a file that another one of these lists by its hash: one more signature would change that.
  func isFixed(_ entry: Entry) -> Bool {
    switch entry.role {
    case .root, .timestamp: false
    case .snapshot: entries.contains { $0.role == .timestamp }
    default: !entry.isListedByVersion && entries.contains { $0.role == .snapshot }
    }
  }

  /// Reads `ceremony.json`; nil when it is of another format.
  init?(_ value: JSONValue) throws(RepositoryError) {
    guard let format = value["format"]?.text, format.elementsEqual("esky-ceremony".utf8),
      value["version"]?.integer == 1, let list = value["files"]
    else { return nil }
    for file in list.elements {
      guard let name = file["role"]?.text, let version = file["version"]?.integer else {
        return nil
      }
      let role = Role(String(decoding: name, as: UTF8.self))
      func authorities(_ name: StaticString) throws(RepositoryError) -> [Authority] {
        var found: [Authority] = []
        for entry in file[name]?.elements ?? file.elements {
          let source = entry["source"]?.text ?? []
          found.append(
            try Authority(
              role, listed: entry, keys: entry["keys"],
              source: String(decoding: source, as: UTF8.self)))
        }
        return found
      }
      entries.append(
        Entry(
          role: role, version: version, needed: try authorities("needed"),
          wanted: try authorities("wanted"),
          delegator: file["delegator"]?.text.map { Role(String(decoding: $0, as: UTF8.self)) },
          isListedByVersion: file["listed-by-version"]?.boolean ?? false,
          isRenewal: file["renewal"]?.boolean ?? false))
    }
    for role in Role.topLevel {
      if let count = value["days"]?[role.bytes]?.integer { days[role] = Int(clamping: count) }
    }
    snapshot = value["snapshot"]?.boolean ?? false
    timestamp = value["timestamp"]?.boolean ?? false
    guard let moves = Placement.pairs(value["moves"]),
      let removals = Placement.paths(value["removals"])
    else { return nil }
    files = moves
    self.removals = removals
  }

  var json: JSONBuilder {
    let list = entries.map { entry -> JSONBuilder in
      var members: [(name: [UInt8], value: JSONBuilder)] = [
        (Array("file".utf8), .text(entry.fileName)), (Array("role".utf8), .text(entry.role.name)),
        (Array("version".utf8), .integer(entry.version)),
        (Array("needed".utf8), .array(entry.needed.map(\.json))),
        (Array("wanted".utf8), .array(entry.wanted.map(\.json))),
        (Array("listed-by-version".utf8), .boolean(entry.isListedByVersion)),
        (Array("renewal".utf8), .boolean(entry.isRenewal)),
      ]
      if let delegator = entry.delegator {
        members.append((Array("delegator".utf8), .text(delegator.name)))
      }
      return .object(members)
    }
    return [
      "format": "esky-ceremony", "version": 1, "files": .array(list),
      "snapshot": .boolean(snapshot), "timestamp": .boolean(timestamp),
      "days": .object(days.map { ($0.bytes, .integer(Int64($1))) }),
      "moves": Placement.list(files), "removals": .array(removals.map { .bytes($0) }),
    ]
  }
}

extension Authority {
  /// The role with its keys, as a ceremony carries it to another machine.
  fileprivate var json: JSONBuilder {
    [
      "source": .text(source), "threshold": .integer(Int64(threshold)),
      "keyids": .array(keys.map { .text($0.id) }),
      "keys": .object(keys.map { (Array($0.id.utf8), $0.json) }),
    ]
  }
}

/// How far the signing of one file has come, by one of those who must sign it.
public struct CeremonyStatus: Sendable {
  /// The role.
  public let role: Role
  /// The version that is being signed.
  public let version: Int64
  /// The metadata that asks for these signatures: a new root needs those of the old root, too.
  public let source: String
  /// How many signatures it needs.
  public let threshold: Int
  /// The ids of the keys that have signed.
  public let signedBy: [String]
  /// The ids of the keys that may still sign.
  public let waitingFor: [String]

  /// True when it needs no more.
  public var isComplete: Bool { signedBy.count >= threshold }

  /// The state in a line: `root 3: 1 of 2, waiting for keys a1…, b2…`.
  public var description: String {
    let count = "\(role.name) \(version): \(signedBy.count) of \(threshold)"
    if isComplete { return count }
    let keys = waitingFor.map { $0.prefix(8) + "…" }.joined(separator: ", ")
    return "\(count), waiting for \(waitingFor.count == 1 ? "key" : "keys") \(keys) (\(source))"
  }
}
