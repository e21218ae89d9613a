import Bytes
import FileSystem
import JSON

/// The roles that a targets role hands some of its paths to (TUF 1.0.34 §4.5, DELEGATIONS).
///
/// There may be many, of which few are asked for: they are checked when the file is read, and taken out of it
/// when they are wanted.
struct Delegations: Sendable {
  /// One delegated role by its path rules.
  typealias Role = (name: [UInt8], keys: RoleKeys, terminating: Bool)

  private let document: JSONDocument
  private let keys: JSONIndex
  /// In the order of the file.
  private let roles: [DelegatedRole]
  private let bins: SuccinctRoles?
  /// The places of the roles in the order of their names.
  private let byName: [UInt32]

  init(_ value: JSONValue, _ reader: Reader) throws(TUFError) {
    document = value.document
    keys = JSONIndex(try reader.object(value, "keys"))
    var roles: [DelegatedRole] = []
    if let list = value["roles"] {
      guard list.isArray else { throw reader.missing("roles", "an array") }
      var count = 0
      for _ in list.elements { count += 1 }
      roles.reserveCapacity(count)
      for entry in list.elements {
        roles.append(try DelegatedRole(entry, keys: keys, reader))
      }
    }
    self.roles = roles
    byName = Self.order(roles, document)
    for (place, next) in zip(byName, byName.dropFirst()) {
      let name = document.name(of: roles[Int(place)])
      guard name == document.name(of: roles[Int(next)]) else { continue }
      // A name stands for one role, or nobody could say whose keys its file needs.
      throw .malformed(
        file: reader.file,
        reason: "the role \"\(String(decoding: name, as: UTF8.self))\" is delegated to twice")
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

  private static func order(_ roles: [DelegatedRole], _ document: JSONDocument) -> [UInt32] {
    var order: [UInt32] = []
    order.reserveCapacity(roles.count)
    for place in roles.indices { order.append(UInt32(truncatingIfNeeded: place)) }
    order.sort { document.precedes(roles[Int($0)].name, roles[Int($1)].name) }
    return order
  }

  /// The roles that may speak for a path, in order of appearance, and whether each ends the search.
  ///
  /// - Parameter most: how many of them are wanted at the most.
  func roles(for path: [UInt8], atMost most: Int = .max) -> [Role] {
    if let bins { return [(bins.role(for: path), bins.keys, true)] }
    var matching: [Role] = []
    let hash = Digest(.sha256, of: path).hex
    for role in roles where matching.count < most && role.matches(path, hash: hash, document) {
      matching.append(
        (document.name(of: role), role.keys(document, keys), role.isTerminating(document)))
    }
    return matching
  }

  /// The keys of a role by its name; nil when nothing is delegated to it.
  func keys(of name: [UInt8]) -> RoleKeys? {
    if let bins { return bins.holds(name) ? bins.keys : nil }
    let place = byName.partitioningIndex { !document.name(of: roles[Int($0)]).precedes(name) }
    guard place < byName.count else { return nil }
    let role = roles[Int(byName[place])]
    return document.name(of: role) == name ? role.keys(document, keys) : nil
  }
}

/// Where one delegated role stands in its document: 12 bytes, because hostile metadata has many.
private struct DelegatedRole {
  /// The places of its object, of its name, and of the list of its paths.
  let object: UInt32
  let name: UInt32
  let paths: UInt32

  /// Checks a role and notes where it stands.
  init(_ value: JSONValue, keys: JSONIndex, _ reader: Reader) throws(TUFError) {
    if SuccinctRoles.topLevel(try reader.text(value, "name")) {
      throw .malformed(file: reader.file, reason: "a delegated role has a top-level role's name")
    }
    _ = try RoleKeys(value, keys: keys, reader)
    guard let name = value["name"], value["terminating"]?.boolean != nil else {
      throw reader.missing("terminating", "true or false")
    }
    let paths: JSONValue
    switch (value["paths"], value["path_hash_prefixes"]) {
    case (let list?, nil), (nil, let list?): paths = list
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
    object = value.place
    self.name = name.place
    self.paths = paths.place
  }

  /// True when the role may speak for a path, whose SHA-256 in lower-case digits is `hash`.
  func matches(_ path: [UInt8], hash: [UInt8], _ document: JSONDocument) -> Bool {
    let areHashPrefixes =
      document.name(ofValueAt: paths).elementsEqual("path_hash_prefixes".utf8)
    for element in document.value(at: paths).elements {
      guard let text = element.text else { continue }
      if areHashPrefixes ? hash.starts(with: text) : PathPattern.matches(path, pattern: text) {
        return true
      }
    }
    return false
  }

  func keys(_ document: JSONDocument, _ keys: JSONIndex) -> RoleKeys {
    RoleKeys(checked: document.value(at: object), keys: keys)
  }

  func isTerminating(_ document: JSONDocument) -> Bool {
    document.value(at: object)["terminating"]?.boolean ?? true
  }
}

extension JSONDocument {
  fileprivate func name(of role: DelegatedRole) -> [UInt8] {
    value(at: role.name).text ?? []
  }
}
