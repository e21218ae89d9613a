import JSON
import TUF

/// What a targets role delegates, as it stands in its file (TUF 1.0.34 §4.5, DELEGATIONS; TAP 15).
package struct DelegationList {
  /// One role that is named.
  package struct Delegation {
    let role: Role
    /// The object in the list of roles.
    let json: JSONValue
    package let paths: [[UInt8]]
    package let prefixes: [[UInt8]]
    let isTerminating: Bool

    /// True for one that takes its paths by their hashes.
    var isBin: Bool { !prefixes.isEmpty }

    /// True when one of its patterns matches a path.
    package func matches(_ path: [UInt8]) -> Bool {
      paths.contains { PathPattern.matches(path, pattern: $0) }
    }
  }

  /// Bins that are written as one.
  package struct Bins {
    let names: BinNames
    let json: JSONValue
  }

  /// The roles in the order in which clients search them.
  package let roles: [Delegation]
  package let bins: Bins?
  /// Key objects by their ids.
  let keys: JSONValue?
  /// True when the role has a list, be it an empty one: then targets belong to those it delegates to.
  package let isThere: Bool
  /// Where each role stands in the list.
  private let places: [Role: Int]

  package init(_ targets: Targets) {
    self.init(targets.metadata.signed["delegations"])
  }

  init(_ value: JSONValue?) {
    isThere = value != nil
    keys = value?["keys"]
    var roles: [Delegation] = []
    if let list = value?["roles"] {
      for entry in list.elements {
        guard let name = entry["name"]?.text else { continue }
        roles.append(
          Delegation(
            role: Role(String(decoding: name, as: UTF8.self)), json: entry,
            paths: Self.texts(entry["paths"]), prefixes: Self.texts(entry["path_hash_prefixes"]),
            isTerminating: entry["terminating"]?.boolean ?? false))
      }
    }
    self.roles = roles
    places = Dictionary(
      roles.enumerated().map { ($1.role, $0) }, uniquingKeysWith: { first, _ in first })
    if let succinct = value?["succinct_roles"], let prefix = succinct["name_prefix"]?.text,
      let bits = succinct["bit_length"]?.integer
    {
      bins = Bins(
        names: BinNames(prefix: String(decoding: prefix, as: UTF8.self), bits: Int(bits)),
        json: succinct)
    } else {
      bins = nil
    }
  }

  /// All roles that it delegates to, bins included.
  package var allRoles: [Role] { bins?.names.all ?? roles.map(\.role) }

  /// Those of them that take paths by their hashes.
  var allBins: [Role] { bins?.names.all ?? roles.filter(\.isBin).map(\.role) }

  /// A role that is named; nil for any other, and for succinct bins.
  func named(_ role: Role) -> Delegation? { places[role].map { roles[$0] } }

  /// True for a role that takes its paths by their hashes.
  func isBin(_ role: Role) -> Bool {
    if let bins { return bins.names.hold(role) }
    return named(role)?.isBin ?? false
  }

  private static func texts(_ value: JSONValue?) -> [[UInt8]] {
    guard let value else { return [] }
    var all: [[UInt8]] = []
    for element in value.elements {
      if let text = element.text { all.append(text) }
    }
    return all
  }

  /// Who may sign for a role by this list; nil when it does not name it.
  func authority(of role: Role, source: String) throws(RepositoryError) -> Authority? {
    if let bins, bins.names.hold(role) {
      return try Authority(role, listed: bins.json, keys: keys, source: source)
    }
    guard let delegation = named(role) else { return nil }
    return try Authority(role, listed: delegation.json, keys: keys, source: source)
  }
}
