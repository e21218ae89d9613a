import TUF

/// What a targets role delegates, as it stands in its file (TUF 1.0.34 §4.5, DELEGATIONS; TAP 15).
struct DelegationList {
  /// One role that is named.
  struct Delegation {
    let role: Role
    /// The object in the list of roles.
    let json: JSONValue
    let paths: [[UInt8]]
    let prefixes: [[UInt8]]
    let isTerminating: Bool

    /// True for one that takes its paths by their hashes.
    var isBin: Bool { !prefixes.isEmpty }

    /// True when clients that look for a path come to it.
    func covers(_ path: [UInt8]) -> Bool {
      if isBin {
        let hash = Digest(.sha256, of: path).hex
        return prefixes.contains { hash.starts(with: $0) }
      }
      return paths.contains { PathPattern.matches(path, pattern: $0) }
    }
  }

  /// Bins that are written as one.
  struct Bins {
    let prefix: String
    /// From 1 to 32: there are 2 to the power of it.
    let bitLength: Int
    let json: JSONValue
  }

  /// The roles in the order in which clients search them.
  let roles: [Delegation]
  let bins: Bins?
  /// Key objects by their ids.
  let keys: JSONValue?
  /// True when the role has a list, be it an empty one: then targets belong to those it delegates to.
  let isThere: Bool

  init(_ targets: Targets) {
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
    if let succinct = value?["succinct_roles"], let prefix = succinct["name_prefix"]?.text,
      let bits = succinct["bit_length"]?.integer
    {
      bins = Bins(
        prefix: String(decoding: prefix, as: UTF8.self), bitLength: Int(bits), json: succinct)
    } else {
      bins = nil
    }
  }

  /// All roles that it delegates to, bins included.
  var allRoles: [Role] { bins.map { Self.names(of: $0) } ?? roles.map(\.role) }

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
    if let bins, Self.number(of: role, in: bins) != nil {
      return try Authority(role, listed: bins.json, keys: keys, source: source)
    }
    guard let delegation = roles.first(where: { $0.role == role }) else { return nil }
    return try Authority(role, listed: delegation.json, keys: keys, source: source)
  }

  /// The number of a bin by its name; nil for a name that is none of theirs.
  static func number(of role: Role, in bins: Bins) -> Int? {
    let digits = role.name.utf8.count - bins.prefix.utf8.count - 1
    guard role.name.hasPrefix(bins.prefix + "-"), digits == (bins.bitLength + 3) / 4,
      let number = Int(role.name.suffix(digits), radix: 16), number >> bins.bitLength == 0
    else { return nil }
    return number
  }

  /// The bin that a path belongs to.
  static func bin(of path: [UInt8], in bins: Bins) -> Role {
    let hash = Digest(.sha256, of: path).bytes
    let head = Int(hash[0]) << 24 | Int(hash[1]) << 16 | Int(hash[2]) << 8 | Int(hash[3])
    return name(head >> (32 - bins.bitLength), in: bins)
  }

  private static func name(_ number: Int, in bins: Bins) -> Role {
    let text = String(number, radix: 16)
    let zeros = String(repeating: "0", count: max(0, (bins.bitLength + 3) / 4 - text.count))
    return Role("\(bins.prefix)-\(zeros)\(text)")
  }

  /// The names of all bins, in the order of their numbers.
  static func names(of bins: Bins) -> [Role] {
    (0..<(1 << bins.bitLength)).map { name($0, in: bins) }
  }
}
