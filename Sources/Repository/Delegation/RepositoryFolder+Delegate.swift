import TUF

extension RepositoryFolder {
  /// Delegates paths, or everything by its hash, to a role or a row of bins.
  ///
  /// What was delegated to it before is replaced. Nothing is signed anew whose paths and keys stay the same.
  ///
  /// - Parameter delegator: the role that delegates: the top-level targets, or one below them.
  public mutating func delegate(
    _ delegation: Delegation, from delegator: Role = .targets, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try delegation.validate()
    return try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      let finder = Delegators(repository.state)
      guard let parent = try finder.targets(of: delegator) else { throw .noRole(delegator) }
      for role in delegation.roles.prefix(1) {
        if let holder = try finder.delegator(of: role), holder.role != delegator {
          throw .delegatedElsewhere(role, by: holder.role)
        }
      }
      let list = DelegationList(parent)
      guard let edited = try list.adding(delegation, in: delegator) else { return Change() }
      var change = Change()
      change.roles.append(
        try repository.edit(
          delegator, ["delegations": edited], of: parent, finder: finder))
      let authority = Authority(
        RoleAssignment(delegation.role, keys: delegation.keys, threshold: delegation.threshold))
      for role in delegation.roles {
        if let edit = try repository.edit(
          of: role, in: delegation, authority, list, (delegator, parent))
        {
          change.roles.append(edit)
        }
      }
      return change
    }
  }

  /// Takes a role out of the list of the one that delegates to it: clients find its targets no more.
  ///
  /// Its last metadata stays in the snapshot, from where nothing may disappear.
  public mutating func revokeDelegation(
    of role: Role, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      let finder = Delegators(repository.state)
      guard let parent = try finder.delegatorOfAll(role) else { throw .noRole(role) }
      let edited = DelegationList(parent.targets).removing(role)
      return Change(roles: [
        try repository.edit(
          parent.role, ["delegations": edited], of: parent.targets, finder: finder)
      ])
    }
  }

  /// Moves a role from one that delegates to it to another, with its keys and paths.
  ///
  /// Its own metadata stays as it is. Both lists change in one step.
  public mutating func move(
    _ role: Role, to destination: Role, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      let finder = Delegators(repository.state)
      guard let parent = try finder.delegator(of: role) else { throw .noRole(role) }
      if parent.role == destination { return Change() }
      let source = DelegationList(parent.targets)
      guard let entry = source.roles.first(where: { $0.role == role }) else { throw .noRole(role) }
      guard let target = try finder.targets(of: destination) else { throw .noRole(destination) }
      let list = DelegationList(target)
      if list.bins != nil { throw .mixedDelegations(destination) }
      return Change(roles: [
        try repository.edit(
          parent.role, ["delegations": source.removing(role)], of: parent.targets, finder: finder),
        try repository.edit(
          destination, ["delegations": list.taking(entry, keys: source.keys)], of: target,
          finder: finder),
      ])
    }
  }

  // MARK: Edits

  /// New contents for a role that is published already.
  func edit(
    _ role: Role, _ changes: KeyValuePairs<String, JSONBuilder>, of targets: Targets,
    finder: Delegators
  ) throws(RepositoryError) -> RoleEdit {
    let signed = targets.metadata.signed
    let contents = { () throws(RepositoryError) in JSONBuilder.editing(signed, changes) }
    return try edit(role, finder: finder, contents: contents)
  }

  /// New contents for a role, to be signed by whom its delegator names.
  func edit(
    _ role: Role, finder: Delegators, contents: @escaping () throws(RepositoryError) -> JSONBuilder
  ) throws(RepositoryError) -> RoleEdit {
    if role == .targets { return RoleEdit(role: role, contents: contents) }
    guard let parent = try finder.delegator(of: role) else { throw .noRole(role) }
    let list = DelegationList(parent.targets)
    let source = "\(parent.role.name) \(parent.targets.version)"
    guard let authority = try list.authority(of: role, source: source) else {
      throw .noRole(role)
    }
    return RoleEdit(
      role: role, delegator: parent.role, needed: [authority],
      isListedByVersion: list.isBin(role), contents: contents)
  }

  /// The metadata of a role that is delegated to: its first, or one with the signatures of new keys; nil
  /// when what is there will do.
  private func edit(
    of role: Role, in delegation: Delegation, _ authority: Authority, _ list: DelegationList,
    _ parent: (role: Role, targets: Targets)
  ) throws(RepositoryError) -> RoleEdit? {
    var edit = RoleEdit(role: role) { () throws(RepositoryError) in delegation.firstContents }
    if state.listed(role) != nil {
      // Revoked once, it begins anew.
      if let old = try list.authority(of: role, source: ""),
        let current = try state.delegated(role, by: parent.targets)
      {
        if old.isSame(as: authority) { return nil }
        let signed = current.metadata.signed
        edit = RoleEdit(role: role) { () throws(RepositoryError) in .editing(signed, [:]) }
      }
    }
    edit.delegator = parent.role
    edit.needed = [authority]
    edit.isListedByVersion = delegation.isBins
    return edit
  }

  /// Changes the keys of delegated roles; see ``rotate(_:keys:now:)``.
  func rotateDelegated(
    _ rotations: [(role: Role, rotation: KeyRotation)], _ change: inout Change
  ) throws(RepositoryError) {
    let finder = Delegators(state)
    var lists: [Role: (targets: Targets, edited: [(role: Role, authority: Authority)])] = [:]
    for (role, rotation) in rotations {
      guard let parent = try finder.delegatorOfAll(role) else { throw .noRole(role) }
      let list = DelegationList(parent.targets)
      let members = list.members(role)
      guard
        let old = try list.authority(
          of: members.first ?? role, source: "\(parent.role.name) \(parent.targets.version + 1)")
      else { throw .noRole(role) }
      let new = try old.rotated(rotation)
      if new.isSame(as: old) { continue }
      lists[parent.role, default: (parent.targets, [])].edited.append((role, new))
      for member in members {
        guard let current = try state.delegated(member, by: parent.targets) else { continue }
        if new.isMet(by: current.metadata) { continue }
        let signed = current.metadata.signed
        change.roles.append(
          RoleEdit(
            role: member, delegator: parent.role, needed: [new],
            isListedByVersion: list.isBin(member)
          ) { () throws(RepositoryError) in .editing(signed, [:]) })
      }
    }
    for (role, (targets, edited)) in lists.sorted(by: { $0.key.name < $1.key.name }) {
      let delegations = DelegationList(targets).rotating(edited)
      change.roles.insert(
        try edit(role, ["delegations": delegations], of: targets, finder: finder), at: 0)
    }
  }
}
