import TUF

/// Goes through the roles that delegate, from the top-level targets on, to find one by name.
///
/// Bins delegate nothing further in what this program makes, so they are not searched: there may be tens of
/// thousands of them.
package struct Delegators {
  private let state: RepositoryState

  package init(_ state: RepositoryState) {
    self.state = state
  }

  /// A targets role's own metadata; nil when nobody delegates to it, or it was never published.
  package func targets(of role: Role) throws(RepositoryError) -> Targets? {
    if role == .targets { return state.targets }
    guard let delegator = try delegator(of: role) else { return nil }
    return try state.delegated(role, by: delegator.targets)
  }

  /// True for a role that takes paths by their hashes.
  func isBin(_ role: Role) throws(RepositoryError) -> Bool {
    guard let delegator = try delegator(of: role) else { return false }
    return DelegationList(delegator.targets).isBin(role)
  }

  /// The first role that delegates to another; nil when none does.
  func delegator(of role: Role) throws(RepositoryError) -> (role: Role, targets: Targets)? {
    var found: (role: Role, targets: Targets)?
    try visit { (candidate, targets) throws(RepositoryError) in
      if targets.keys(ofDelegated: role.bytes) == nil { return true }
      found = (candidate, targets)
      return false
    }
    return found
  }

  /// The first role that delegates to a role, or to bins whose names begin with it; nil when none does.
  func delegatorOfAll(_ role: Role) throws(RepositoryError) -> (role: Role, targets: Targets)? {
    var found: (role: Role, targets: Targets)?
    try visit { (candidate, targets) throws(RepositoryError) in
      if DelegationList(targets).members(role).isEmpty { return true }
      found = (candidate, targets)
      return false
    }
    return found
  }

  /// Calls `body` with every targets role, bins included.
  ///
  /// - Parameter start: a role to begin with, and its metadata, in place of the top-level targets.
  package func visitAll(
    from start: (role: Role, targets: Targets)? = nil,
    _ body: (Role, Targets) throws(RepositoryError) -> Void
  ) throws(RepositoryError) {
    try visit(from: start) { (role, targets) throws(RepositoryError) in
      try body(role, targets)
      for bin in DelegationList(targets).allBins {
        if let targets = try state.delegated(bin, by: targets) { try body(bin, targets) }
      }
      return true
    }
  }

  /// Calls `body` with every role that is no bin, each before those it delegates to, until it returns false.
  package func visit(
    from start: (role: Role, targets: Targets)? = nil,
    _ body: (Role, Targets) throws(RepositoryError) -> Bool
  ) throws(RepositoryError) {
    let start = start ?? (.targets, state.targets)
    var waiting = [start]
    var seen: Set<Role> = [start.role]
    while let (role, targets) = waiting.popLast() {
      if try !body(role, targets) { return }
      for delegation in DelegationList(targets).roles.reversed() where !delegation.isBin {
        guard seen.insert(delegation.role).inserted,
          let next = try state.delegated(delegation.role, by: targets)
        else { continue }
        waiting.append((delegation.role, next))
      }
    }
  }
}
