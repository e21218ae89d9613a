import FileSystem

/// The roles that a targets role hands some of its paths to (TUF 1.0.34 §4.5, DELEGATIONS).
struct Delegations: Sendable {
  let roles: [DelegatedRole]
  let bins: SuccinctRoles?
  /// The places of the roles in the order of their names: there may be many, asked for one by one.
  private let byName: [Int]

  init(_ value: JSONValue, _ reader: Reader) throws(TUFError) {
    let keys = JSONIndex(try reader.object(value, "keys"))
    var roles: [DelegatedRole] = []
    if let list = value["roles"] {
      guard list.isArray else { throw reader.missing("roles", "an array") }
      for entry in list.elements {
        roles.append(try DelegatedRole(entry, keys: keys, reader))
      }
    }
    self.roles = roles
    byName = roles.indices.sorted { roles[$0].name.precedes(roles[$1].name) }
    for (place, next) in zip(byName, byName.dropFirst())
    where roles[place].name == roles[next].name {
      let name = String(decoding: roles[place].name, as: UTF8.self)
      // A name stands for one role, or nobody could say whose keys its file needs.
      throw .malformed(file: reader.file, reason: "the role \"\(name)\" is delegated to twice")
    }
    if let succinct = value["succinct_roles"] {
      guard value["roles"] == nil else {
        throw .malformed(
          file: reader.file, reason: "\"roles\" and \"succinct_roles\" exclude each other")
      }
      bins = try SuccinctRoles(succinct, keys: keys, reader)
    } else {
      guard value["roles"] != nil else { throw reader.missing("roles", "an array") }
      bins = nil
    }
  }

  /// The roles that may speak for a path, in order of appearance, and whether each ends the search.
  func roles(for path: [UInt8]) -> [(name: [UInt8], keys: RoleKeys, terminating: Bool)] {
    if let bins { return [(bins.role(for: path), bins.keys, true)] }
    var matching: [(name: [UInt8], keys: RoleKeys, terminating: Bool)] = []
    let hash = Digest(.sha256, of: path).hex
    for role in roles where role.matches(path, hash: hash) {
      matching.append((role.name, role.keys, role.terminating))
    }
    return matching
  }

  /// The keys of a role by its name; nil when nothing is delegated to it.
  func keys(of name: [UInt8]) -> RoleKeys? {
    if let bins { return bins.holds(name) ? bins.keys : nil }
    var low = 0
    var high = byName.count
    while low < high {
      let middle = (low + high) / 2
      let role = roles[byName[middle]]
      if role.name == name { return role.keys }
      if role.name.precedes(name) { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}

/// One delegated role, with the paths that it may speak for.
struct DelegatedRole: Sendable {
  let name: [UInt8]
  let keys: RoleKeys
  let terminating: Bool
  private let paths: JSONValue
  private let areHashPrefixes: Bool

  init(_ value: JSONValue, keys: JSONIndex, _ reader: Reader) throws(TUFError) {
    name = try reader.text(value, "name")
    if SuccinctRoles.topLevel(name) {
      throw .malformed(file: reader.file, reason: "a delegated role has a top-level role's name")
    }
    self.keys = try RoleKeys(value, keys: keys, reader)
    guard let terminating = value["terminating"]?.boolean else {
      throw reader.missing("terminating", "true or false")
    }
    self.terminating = terminating
    switch (value["paths"], value["path_hash_prefixes"]) {
    case (let list?, nil): (paths, areHashPrefixes) = (list, false)
    case (nil, let list?): (paths, areHashPrefixes) = (list, true)
    default:
      throw .malformed(
        file: reader.file,
        reason: "a delegated role needs either \"paths\" or \"path_hash_prefixes\"")
    }
    guard paths.isArray else {
      throw .malformed(file: reader.file, reason: "the paths of a delegated role are no array")
    }
    for element in paths.elements where !element.isText {
      throw .malformed(file: reader.file, reason: "a path of a delegated role is no text")
    }
  }

  /// True when the role may speak for a path, whose SHA-256 in lower-case digits is `hash`.
  func matches(_ path: [UInt8], hash: [UInt8]) -> Bool {
    for element in paths.elements {
      guard let text = element.text else { continue }
      if areHashPrefixes ? hash.starts(with: text) : PathPattern.matches(path, pattern: text) {
        return true
      }
    }
    return false
  }
}
