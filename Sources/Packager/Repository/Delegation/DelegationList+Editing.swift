import JSON
import TUF

extension DelegationList {
  /// The roles that a name stands for: itself, or all bins whose names begin with it.
  func members(_ role: Role) -> [Role] {
    if named(role) != nil { return [role] }
    if let bins {
      if bins.names.prefix == role.name { return bins.names.all }
      if bins.names.hold(role) { return [role] }
    }
    return roles.map(\.role).filter { row(of: $0) == role.name }
  }

  /// What the names of a bin and its like begin with, before `-` and a hexadecimal number; nil for a role
  /// that is no such bin.
  func row(of role: Role) -> String? {
    if let bins { return bins.names.hold(role) ? bins.names.prefix : nil }
    guard isBin(role), let dash = role.name.lastIndex(of: "-") else { return nil }
    let digits = role.name[dash...].utf8.dropFirst()
    let isNumber = !digits.isEmpty && digits.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    let prefix = String(role.name[..<dash])
    return isNumber && named(Role(prefix)) == nil ? prefix : nil
  }

  /// The list with a delegation added, or in place of one of the same name; nil when it says so already.
  func adding(
    _ delegation: Repository.Delegation, in delegator: Role
  ) throws(RepositoryError) -> JSONBuilder? {
    let entries = delegation.entries()
    let edited: JSONBuilder
    if delegation.isSuccinct {
      // Bins that were written down one by one may become one.
      let own = Set(members(delegation.role))
      if roles.contains(where: { !own.contains($0.role) }) { throw .mixedDelegations(delegator) }
      if let bins, bins.names.prefix != delegation.role.name { throw .mixedDelegations(delegator) }
      edited = ["keys": Self.table(delegation.keys), "succinct_roles": entries[0].json]
    } else {
      if let bins, delegation.bins == nil || bins.names.prefix != delegation.role.name {
        throw .mixedDelegations(delegator)
      }
      var list = roles.map { (role: $0.role, json: JSONBuilder.verbatim($0.json)) }
      if delegation.bins != nil {
        // Fewer bins than before leave none behind.
        let all = Set(members(delegation.role))
        list.removeAll { all.contains($0.role) && $0.role != delegation.role }
        list += entries
      } else if let place = list.firstIndex(where: { $0.role == delegation.role }) {
        list[place] = entries[0]
      } else {
        list += entries
      }
      edited = object(list, adding: delegation.keys)
    }
    let what = "delegations of \(delegator.name)"
    return try json.canonical(what) == edited.canonical(what) ? nil : edited
  }

  /// The list without a role, or without all bins whose names begin with it.
  func removing(_ role: Role) -> JSONBuilder {
    if let bins, bins.names.prefix == role.name { return ["keys": [:], "roles": []] }
    let gone = Set(members(role))
    let kept = roles.filter { !gone.contains($0.role) }
    return object(kept.map { ($0.role, .verbatim($0.json)) })
  }

  /// The list with a role of another one at its end.
  func taking(_ delegation: Delegation, keys table: JSONValue?) -> JSONBuilder {
    var keys: [(name: [UInt8], value: JSONBuilder)] = Self.members(self.keys)
    for id in delegation.json["keyids"]?.elements ?? delegation.json.elements {
      guard let id = id.text, let key = table?[id] else { continue }
      keys.append((id, .verbatim(key)))
    }
    let list = roles.map { JSONBuilder.verbatim($0.json) } + [.verbatim(delegation.json)]
    return ["keys": .object(keys), "roles": .array(list)]
  }

  /// The list with other keys for some of its roles.
  func rotating(_ edited: [(role: Role, authority: Authority)]) -> JSONBuilder {
    var keys: [(name: [UInt8], value: JSONBuilder)] = []
    func remember(_ authority: Authority) {
      for key in authority.keys { keys.append((Array(key.id.utf8), key.json)) }
    }
    if let bins, let (_, authority) = edited.last {
      remember(authority)
      return ["keys": .object(keys), "succinct_roles": authority.editing(bins.json)]
    }
    var changed: [Role: Authority] = [:]
    for (role, authority) in edited {
      for member in members(role) { changed[member] = authority }
    }
    var list: [JSONBuilder] = []
    for delegation in roles {
      if let authority = changed[delegation.role] {
        remember(authority)
        list.append(authority.editing(delegation.json))
      } else {
        for id in Self.ids(delegation.json) {
          if let key = self.keys?[id] { keys.append((id, .verbatim(key))) }
        }
        list.append(.verbatim(delegation.json))
      }
    }
    return ["keys": .object(keys), "roles": .array(list)]
  }

  /// The whole object of roles, with the keys that they have and no others.
  private func object(
    _ list: [(role: Role, json: JSONBuilder)], adding new: [KeyObject] = []
  ) -> JSONBuilder {
    var keys: [(name: [UInt8], value: JSONBuilder)] = []
    for (_, json) in list {
      guard case .verbatim(let value) = json else { continue }
      for id in Self.ids(value) {
        if let key = self.keys?[id] { keys.append((id, .verbatim(key))) }
      }
    }
    for key in new { keys.append((Array(key.id.utf8), key.json)) }
    return ["keys": .object(keys), "roles": .array(list.map(\.json))]
  }

  private var json: JSONBuilder {
    if let bins {
      return ["keys": .object(Self.members(keys)), "succinct_roles": .verbatim(bins.json)]
    }
    return [
      "keys": .object(Self.members(keys)), "roles": .array(roles.map { .verbatim($0.json) }),
    ]
  }

  private static func table(_ keys: [KeyObject]) -> JSONBuilder {
    .object(keys.map { (Array($0.id.utf8), $0.json) })
  }

  private static func members(_ value: JSONValue?) -> [(name: [UInt8], value: JSONBuilder)] {
    var found: [(name: [UInt8], value: JSONBuilder)] = []
    guard let value else { return found }
    for member in value.members { found.append((Array(member.name), .verbatim(member.value))) }
    return found
  }

  private static func ids(_ role: JSONValue) -> [[UInt8]] {
    var found: [[UInt8]] = []
    guard let list = role["keyids"] else { return found }
    for id in list.elements {
      if let id = id.text { found.append(id) }
    }
    return found
  }
}
