import JSON
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
      if try finder.isBin(delegator) { throw .badScope(role: delegator, reason: Self.binsEnd) }
      let list = DelegationList(parent)
      let own = Set(list.members(delegation.role))
      try list.refuseCrowd(delegation)
      // A name that the snapshot knows, and that is none of ours, may be another's.
      for role in delegation.roles where !own.contains(role) && repository.state.listed(role) != nil
      {
        if let holder = try finder.delegator(of: role) {
          throw .delegatedElsewhere(role, by: holder.role)
        }
      }
      // Bins whose number changes share their targets anew.
      let isSpread = delegation.bins != nil && !own.isEmpty && own != Set(delegation.roles)
      let spread = isSpread ? try repository.spread(own, of: parent, over: delegation) : [:]
      var change = Change()
      if let edited = try list.adding(delegation, in: delegator) {
        try repository.refuseHiding([delegator: edited], spread: isSpread ? own : [])
        change.roles.append(
          try repository.edit(
            delegator, ["delegations": edited], of: parent, finder: finder))
      }
      let authority = Authority(
        RoleAssignment(delegation.role, keys: delegation.keys, threshold: delegation.threshold))
      for role in delegation.roles {
        if isSpread {
          let targets = spread[role] ?? []
          change.roles.append(
            RoleEdit(
              role: role, delegator: delegator, needed: [authority], isListedByVersion: true
            ) { () throws(RepositoryError) in delegation.contents(targets) })
        } else if let edit = try repository.edit(
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
      let list = DelegationList(parent.targets)
      if let bins = list.bins, bins.names.prefix != role.name {
        throw .badScope(role: role, reason: Self.succinct(bins))
      }
      let edited = list.removing(role)
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
      guard let entry = source.named(role) else {
        throw .badScope(
          role: role, reason: "succinct bins move together, by delegating to them anew")
      }
      guard let target = try finder.targets(of: destination) else { throw .noRole(destination) }
      let list = DelegationList(target)
      if list.bins != nil { throw .mixedDelegations(destination) }
      var above = destination
      while above != .targets {
        if above == role {
          throw .badScope(role: role, reason: "\(destination.name) is below it already")
        }
        guard let next = try finder.delegator(of: above) else { throw .noRole(above) }
        above = next.role
      }
      let without = source.removing(role)
      let with = list.taking(entry, keys: source.keys)
      try repository.refuseHiding([parent.role: without, destination: with])
      return Change(roles: [
        try repository.edit(
          parent.role, ["delegations": without], of: parent.targets, finder: finder),
        try repository.edit(
          destination, ["delegations": with], of: target,
          finder: finder),
      ])
    }
  }

  private static func succinct(_ bins: DelegationList.Bins) -> String {
    "succinct bins are one delegation; name them all by \(bins.names.prefix)"
  }

  /// Whoever looks after a repository would have to read every bin to find what it delegates.
  static let binsEnd = "roles that take paths by their hashes delegate nothing further"

  /// The targets of bins by the bins that they belong to from now on.
  private func spread(
    _ bins: Set<Role>, of parent: Targets, over delegation: Delegation
  ) throws(RepositoryError) -> [Role: [(name: [UInt8], value: JSONBuilder)]] {
    var found: [Role: [(name: [UInt8], value: JSONBuilder)]] = [:]
    for bin in bins {
      guard let targets = try state.delegated(bin, by: parent),
        let listed = targets.metadata.signed["targets"]
      else { continue }
      for member in listed.members {
        let name = Array(member.name)
        guard let role = delegation.bins?.role(for: name) else { continue }
        found[role, default: []].append((name, .verbatim(member.value)))
      }
    }
    return found
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
    var edit = RoleEdit(role: role) { () throws(RepositoryError) in delegation.contents() }
    if state.listed(role) != nil {
      // Revoked once, it begins anew.
      if let old = try list.authority(of: role, source: ""),
        let current = try state.delegated(role, by: parent.targets)
      {
        let isRekeyed = !old.isSame(as: authority)
        guard delegation.editing(current.metadata.signed, isRekeyed: isRekeyed) != nil else {
          return nil
        }
        let signed = signed(role, by: parent.targets)
        edit = RoleEdit(role: role) { () throws(RepositoryError) in
          delegation.editing(try signed(), isRekeyed: true) ?? delegation.contents()
        }
      }
    }
    edit.delegator = parent.role
    edit.needed = [authority]
    edit.isListedByVersion = delegation.bins != nil
    return edit
  }

  /// Reads a delegated role's signed object when it is needed: there may be too many to keep.
  private func signed(
    _ role: Role, by delegator: Targets
  ) -> () throws(RepositoryError) -> JSONValue {
    let state = state
    return { () throws(RepositoryError) in
      guard let targets = try state.delegated(role, by: delegator) else { throw .noRole(role) }
      return targets.metadata.signed
    }
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
      if let bins = list.bins, bins.names.prefix != role.name {
        throw .badScope(role: role, reason: Self.succinct(bins))
      }
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
        let signed = signed(member, by: parent.targets)
        change.roles.append(
          RoleEdit(
            role: member, delegator: parent.role, needed: [new],
            isListedByVersion: list.isBin(member)
          ) { () throws(RepositoryError) in .editing(try signed(), [:]) })
      }
    }
    for (role, (targets, edited)) in lists.sorted(by: { $0.key.name < $1.key.name }) {
      let delegations = DelegationList(targets).rotating(edited)
      var new = try edit(role, ["delegations": delegations], of: targets, finder: finder)
      // Its own keys may change in the same step.
      if let place = change.roles.firstIndex(where: { $0.role == role }) {
        new.needed = change.roles[place].needed
        change.roles.remove(at: place)
      }
      change.roles.insert(new, at: 0)
    }
  }
}
