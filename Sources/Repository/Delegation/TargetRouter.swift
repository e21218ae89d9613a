import TUF

/// Finds the role that a target belongs to, the way clients search: pre-order and depth first.
///
/// It keeps what it has read, but for bins, of which there may be tens of thousands.
final class TargetRouter {
  private let state: RepositoryState
  private var nodes: [Role: Node] = [:]

  /// One role with what it delegates, prepared to be asked often.
  private struct Node {
    let targets: Targets
    let list: DelegationList
    /// The targets that it lists itself; empty for a bin, which is not asked often.
    let names: Set<[UInt8]>
    /// Roles that take paths by their hashes: by the number of digits, then by the digits.
    let bins: [Int: [[UInt8]: [Role]]]
    let places: [Role: Int]
    /// The places of those that take them by patterns.
    let patterned: [Int]

    /// Who may sign for a role that this one delegates to.
    func authority(of role: Role, _ name: Role) throws(RepositoryError) -> Authority? {
      let source = "\(name.name) \(targets.version)"
      if let place = places[role] {
        return try Authority(
          role, listed: list.roles[place].json, keys: list.keys, source: source)
      }
      return try list.authority(of: role, source: source)
    }

    /// True for a role that is one of many bins; the list's own answer takes a time that grows with it.
    func isBin(_ role: Role) -> Bool {
      if let bins = list.bins { return bins.names.hold(role) }
      return places[role].map { list.roles[$0].isBin } ?? false
    }
  }

  init(_ state: RepositoryState) {
    self.state = state
  }

  /// The role that a new target should go to.
  ///
  /// It is the first that may speak for the path and delegates nothing further; where there is none, the
  /// top-level targets.
  ///
  /// - Returns: that role, and one on the way to it that lists the path itself, where clients stop.
  func destination(
    of path: [UInt8]
  ) throws(RepositoryError) -> (role: Role, holder: Role?) {
    var holder: Role?
    let role = try destination(of: path, in: .targets, depth: 0, &holder) ?? .targets
    return (role, holder == role ? nil : holder)
  }

  private func destination(
    of path: [UInt8], in role: Role, depth: Int, _ holder: inout Role?
  ) throws(RepositoryError) -> Role? {
    guard depth <= Limits().delegations, let node = try node(role) else { return nil }
    if holder == nil, node.names.contains(path) { holder = role }
    if !node.list.isThere { return role }
    for next in delegated(path, node) {
      parents[next.role] = role
      if node.isBin(next.role) { return next.role }
      if let found = try destination(of: path, in: next.role, depth: depth + 1, &holder) {
        return found
      }
      if next.isTerminating { return nil }
    }
    return nil
  }

  /// All roles that list a target, in the order in which clients come to them.
  func holders(of path: [UInt8]) throws(RepositoryError) -> [Role] {
    var found: [Role] = []
    _ = try walk(path) { (role, targets) throws(RepositoryError) in
      if targets.metadata.signed["targets"]?[path] != nil { found.append(role) }
      return false
    }
    return found
  }

  /// The first role in which a client finds a target; nil when it finds none.
  func holder(of path: [UInt8]) throws(RepositoryError) -> Role? {
    try walk(path) { (role, targets) throws(RepositoryError) in
      targets.metadata.signed["targets"]?[path] != nil
    }
  }

  /// True when a client that looks for a path comes to a role, with no role before it that lists the path.
  func leads(_ path: [UInt8], to wanted: Role) throws(RepositoryError) -> Bool {
    try walk(path) { (role, targets) throws(RepositoryError) in
      role == wanted || targets.metadata.signed["targets"]?[path] != nil
    } == wanted
  }

  /// Visits roles as a client does until `body` is true for one (TUF 1.0.34 §5.6.7).
  private func walk(
    _ path: [UInt8], _ body: (Role, Targets) throws(RepositoryError) -> Bool
  ) throws(RepositoryError) -> Role? {
    var waiting: [Role] = [.targets]
    var visited: Set<Role> = []
    while let role = waiting.popLast() {
      guard visited.insert(role).inserted, let node = try node(role) else { continue }
      if try body(role, node.targets) { return role }
      var further: [Role] = []
      for next in delegated(path, node) {
        further.append(next.role)
        parents[next.role] = role
        if next.isTerminating {
          waiting = []
          break
        }
      }
      waiting += further.reversed()
    }
    return nil
  }

  /// Who led to a role.
  private var parents: [Role: Role] = [:]

  /// A role's own metadata; nil when it was never published.
  func targets(of role: Role) throws(RepositoryError) -> Targets? { try node(role)?.targets }

  /// Who may sign for a role that ``destination(of:)`` gave, and who delegates to it.
  func edit(
    _ role: Role, contents: @escaping () throws(RepositoryError) -> JSONBuilder
  ) throws(RepositoryError) -> RoleEdit {
    if role == .targets { return RoleEdit(role: role, contents: contents) }
    guard let parent = try parent(of: role), let node = try node(parent),
      let authority = try node.authority(of: role, parent)
    else { throw .noRole(role) }
    return RoleEdit(
      role: role, delegator: parent, needed: [authority],
      isListedByVersion: node.isBin(role), contents: contents)
  }

  private func parent(of role: Role) throws(RepositoryError) -> Role? {
    if let parent = parents[role] { return parent }
    guard let found = try Delegators(state).delegator(of: role) else { return nil }
    // Whoever asks for one bin may ask for all.
    if let bins = DelegationList(found.targets).bins {
      for bin in bins.names.all { parents[bin] = found.role }
    }
    parents[role] = found.role
    return found.role
  }

  private func node(_ role: Role) throws(RepositoryError) -> Node? {
    if let node = nodes[role] { return node }
    let targets: Targets
    var isBin = false
    if role == .targets {
      targets = state.targets
    } else {
      guard let parent = try parent(of: role), let above = try node(parent),
        let found = try state.delegated(role, by: above.targets)
      else { return nil }
      targets = found
      isBin = above.isBin(role)
    }
    let list = DelegationList(targets)
    var bins: [Int: [[UInt8]: [Role]]] = [:]
    var places: [Role: Int] = [:]
    for (place, delegation) in list.roles.enumerated() {
      places[delegation.role] = place
      for prefix in delegation.prefixes {
        bins[prefix.count, default: [:]][prefix, default: []].append(delegation.role)
      }
    }
    let patterned = list.roles.indices.filter { !list.roles[$0].paths.isEmpty }
    let names = isBin ? [] : Set(targets.paths)
    let node = Node(
      targets: targets, list: list, names: names, bins: bins, places: places,
      patterned: patterned)
    if !isBin { nodes[role] = node }
    return node
  }

  /// The roles that a role delegates a path to, in their order.
  private func delegated(
    _ path: [UInt8], _ node: Node
  ) -> [(role: Role, isTerminating: Bool)] {
    if node.list.bins != nil {
      return node.targets.delegatedRoles(for: path).map {
        (Role(String(decoding: $0.name, as: UTF8.self)), true)
      }
    }
    var found: [Int] = []
    if !node.bins.isEmpty {
      let hash = Digest(.sha256, of: path).hex
      for (length, roles) in node.bins {
        for role in roles[Array(hash.prefix(length))] ?? [] {
          if let place = node.places[role], !found.contains(place) { found.append(place) }
        }
      }
    }
    for place in node.patterned {
      let patterns = node.list.roles[place].paths
      if patterns.contains(where: { PathPattern.matches(path, pattern: $0) }) {
        found.append(place)
      }
    }
    return found.sorted().map { (node.list.roles[$0].role, node.list.roles[$0].isTerminating) }
  }
}
