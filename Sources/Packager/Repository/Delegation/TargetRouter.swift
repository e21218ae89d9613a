import JSON
import TUF

/// Finds the role that a target belongs to, the way clients search: pre-order and depth first.
///
/// It keeps what it has read, but for bins, of which there may be tens of thousands.
package final class TargetRouter {
  private let state: RepositoryState
  /// Lists that are about to take the place of those that are published.
  private let pending: [Role: DelegationList]
  private var nodes: [Role: Node] = [:]
  /// The bin that was asked for last.
  private var bin: (role: Role, node: Node)?
  /// Who led to a role.
  private var parents: [Role: Role] = [:]

  /// One role with what it delegates, prepared to be asked often.
  private final class Node {
    let targets: Targets
    let list: DelegationList
    let index: DelegationIndex
    /// The targets that it lists itself.
    private(set) lazy var names = Set(targets.paths)

    init(_ targets: Targets, _ list: DelegationList) {
      self.targets = targets
      self.list = list
      index = DelegationIndex(list)
    }
  }

  /// Goes by what is published, and by lists that are to be published in place of theirs.
  package init(_ state: RepositoryState, pending: [Role: DelegationList] = [:]) {
    self.state = state
    self.pending = pending
  }

  // MARK: Searching

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
    let found = try search(path) { (role, isBin) throws(RepositoryError) in
      if isBin { return true }
      guard let node = try node(role) else { return false }
      if holder == nil, node.names.contains(path) { holder = role }
      return !node.list.isThere
    }
    let role = found ?? .targets
    return (role, holder == role ? nil : holder)
  }

  /// All roles that list a target, in the order in which clients come to them.
  func holders(of path: [UInt8]) throws(RepositoryError) -> [Role] {
    var found: [Role] = []
    _ = try walk(path) { (role, _) throws(RepositoryError) in
      if try lists(role, path) { found.append(role) }
      return false
    }
    return found
  }

  /// True when clients give up before they have asked every role that may speak for a path.
  package func losesClients(onTheWayTo path: [UInt8]) throws(RepositoryError) -> Bool {
    let end = try walk(path) { (_, _) throws(RepositoryError) in false }
    if case .givenUp = end { return true }
    return false
  }

  /// The first role in which a client finds a target; nil when it finds none.
  func holder(of path: [UInt8]) throws(RepositoryError) -> Role? {
    try search(path) { (role, _) throws(RepositoryError) in try lists(role, path) }
  }

  /// True when a client that looks for a path comes to a role, with no role before it that lists the path.
  func leads(_ path: [UInt8], to wanted: Role) throws(RepositoryError) -> Bool {
    try search(path) { (role, _) throws(RepositoryError) in
      if role == wanted { return true }
      return try lists(role, path)
    } == wanted
  }

  /// True when a client that looks for a path comes to a role, if none before it lists the path.
  package func reaches(_ path: [UInt8], _ wanted: Role) throws(RepositoryError) -> Bool {
    let found = try search(path) { (role, _) throws(RepositoryError) in role == wanted }
    return found == wanted
  }

  private func lists(_ role: Role, _ path: [UInt8]) throws(RepositoryError) -> Bool {
    try node(role)?.names.contains(path) ?? false
  }

  /// The first role that a client visits for which `body` is true.
  private func search(
    _ path: [UInt8], _ body: (Role, _ isBin: Bool) throws(RepositoryError) -> Bool
  ) throws(RepositoryError) -> Role? {
    guard case .found(let role) = try walk(path, body) else { return nil }
    return role
  }

  /// How a search ends.
  private enum End {
    case found(Role), exhausted, givenUp
  }

  /// Visits roles as a client does until `body` is true for one (TUF 1.0.34 §5.6.7).
  private func walk(
    _ path: [UInt8], _ body: (Role, _ isBin: Bool) throws(RepositoryError) -> Bool
  ) throws(RepositoryError) -> End {
    var waiting: [(role: Role, isBin: Bool)] = [(.targets, false)]
    var visited: Set<Role> = []
    while let (role, isBin) = waiting.popLast() {
      if visited.contains(role) { continue }
      if visited.count > Limits().delegations { return .givenUp }
      visited.insert(role)
      if try body(role, isBin) { return .found(role) }
      guard let node = try node(role) else { continue }
      var further: [(role: Role, isBin: Bool)] = []
      for next in node.index.roles(for: path) {
        further.append((next.role, next.isBin))
        if pending.isEmpty, parents[next.role] == nil { parents[next.role] = role }
        if next.isTerminating {
          waiting = []
          break
        }
      }
      waiting += further.reversed()
    }
    return .exhausted
  }

  // MARK: Roles

  /// A role's own metadata; nil when it was never published.
  func targets(of role: Role) throws(RepositoryError) -> Targets? { try node(role)?.targets }

  /// New contents for a role, and who must sign it.
  func edit(
    _ role: Role, contents: @escaping () throws(RepositoryError) -> JSONBuilder?
  ) throws(RepositoryError) -> RoleEdit {
    if role == .targets { return RoleEdit(role: role, contents: contents) }
    guard let parent = try parent(of: role), let node = try node(parent) else {
      throw .noRole(role)
    }
    let source = "\(parent.name) \(node.targets.version)"
    guard let authority = try node.list.authority(of: role, source: source) else {
      throw .noRole(role)
    }
    return RoleEdit(
      role: role, delegator: parent, needed: [authority],
      isListedByVersion: node.list.isBin(role), contents: contents)
  }

  private func parent(of role: Role) throws(RepositoryError) -> Role? {
    if let parent = parents[role] { return parent }
    guard let found = try Delegators(state).delegator(of: role) else { return nil }
    // Whoever asks for one bin may ask for all.
    for bin in DelegationList(found.targets).allBins { parents[bin] = found.role }
    parents[role] = found.role
    return found.role
  }

  private func node(_ role: Role) throws(RepositoryError) -> Node? {
    if let node = nodes[role] { return node }
    if let bin, bin.role == role { return bin.node }
    let targets: Targets
    var isBin = false
    if role == .targets {
      targets = state.targets
    } else {
      guard let parent = try parent(of: role), let above = try node(parent),
        let found = try state.delegated(role, by: above.targets)
      else { return nil }
      targets = found
      isBin = above.list.isBin(role)
    }
    let node = Node(targets, pending[role] ?? DelegationList(targets))
    if isBin { bin = (role, node) } else { nodes[role] = node }
    return node
  }
}
