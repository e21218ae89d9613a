extension Client {
  /// §5.6.7: Searches the trusted roles for a target, pre-order and depth first.
  ///
  /// Call it after ``refresh()``. Only the roles on the way are fetched.
  ///
  /// - Returns: nil when no role that is trusted for the path lists it.
  public func target(_ path: [UInt8]) throws(TUFError) -> TargetFile? {
    // What earlier searches left is a help, and no more: this one may need the memory.
    if trusted.delegatedMemory > limits.memory / 4 { forgetDelegated() }
    if let found = indexed(path) { return found }
    let top = try topLevelTargets()
    if let found = try entry(path, in: top, MetadataType.targets.role) { return found }
    var visited = [MetadataType.targets.role]
    // The roles still to visit, the next one last.
    var waiting = pending(top, path, behind: visited.count).roles
    while let next = waiting.popLast() {
      if visited.contains(next.name) { continue }
      if visited.count > limits.delegations {
        throw .tooManyDelegations(
          path: String(decoding: path, as: UTF8.self), limit: limits.delegations)
      }
      visited.append(next.name)
      let targets = try delegated(next.name, keys: next.keys)
      if let found = try entry(path, in: targets, next.name) { return found }
      let further = pending(targets, path, behind: visited.count)
      // It is the delegation that ends the search, also when its role has been visited another way.
      if further.terminated { waiting = [] }
      waiting.append(contentsOf: further.roles)
    }
    return nil
  }

  /// The roles that a role delegates a path to, the first of them last, up to a terminating one.
  ///
  /// Of these no more are taken than can still be visited: the others would only wait, and there may be many.
  private func pending(
    _ targets: Targets, _ path: [UInt8], behind visited: Int
  ) -> (roles: [(name: [UInt8], keys: RoleKeys)], terminated: Bool) {
    var roles: [(name: [UInt8], keys: RoleKeys)] = []
    let most = visited + limits.delegations + 1
    for role in targets.delegations?.roles(for: path, atMost: most) ?? [] {
      roles.append((role.name, role.keys))
      if role.terminating { return (roles.reversed(), true) }
    }
    return (roles.reversed(), false)
  }

  /// What a role says of a target; nil when it does not list it.
  private func entry(
    _ path: [UInt8], in targets: Targets, _ role: [UInt8]
  ) throws(TUFError) -> TargetFile? {
    try blaming(url(of: role, targets.version), step: "5.6.7") { () throws(TUFError) in
      try targets.target(path)
    }
  }

  /// A delegated role, verified against the keys of the one that led there, each time.
  private func delegated(_ role: [UInt8], keys: RoleKeys) throws(TUFError) -> Targets {
    for cached in delegated where cached.role == role {
      try blaming(url(of: role, cached.targets.version)) { () throws(TUFError) in
        try cached.targets.metadata.verify(keys)
      }
      return cached.targets
    }
    let targets = try targetsRole(role, keys: keys)
    keep(role, targets)
    return targets
  }
}
