import JSON
import TUF

extension RepositoryFolder {
  /// Refuses other lists of delegated roles after which clients would not find all that they find now.
  ///
  /// - Parameters:
  ///   - edited: the lists that are to be published, by whose they are.
  ///   - spread: bins whose targets are shared anew.
  /// - Throws: ``RepositoryError/wouldHide(target:role:count:)``.
  func refuseHiding(
    _ edited: [Role: JSONBuilder], spread: Set<Role> = []
  ) throws(RepositoryError) {
    let finder = Delegators(state)
    var pending: [Role: DelegationList] = [:]
    var touched: [(role: Role, targets: Targets)] = []
    var isWide = false
    for (delegator, contents) in edited {
      guard let targets = try finder.targets(of: delegator) else { throw .noRole(delegator) }
      let before = DelegationList(targets)
      let after = try DelegationList(contents, of: delegator)
      pending[delegator] = after
      if after.endsSearches(notIn: before) { isWide = true }
      for role in before.allRoles where !after.says(of: role, as: before) && !spread.contains(role)
      {
        if let below = try state.delegated(role, by: targets) { touched.append((role, below)) }
      }
    }
    // What ends searches may stop clients on their way to anything.
    if isWide { touched = [(.targets, state.targets)] }
    for start in touched { try refuseHiding(pending, below: start, spread: spread) }
  }

  /// Looks for every target of a role, and of those below it, as clients do now and as they will.
  private func refuseHiding(
    _ pending: [Role: DelegationList], below start: (role: Role, targets: Targets),
    spread: Set<Role>
  ) throws(RepositoryError) {
    let now = TargetRouter(state)
    let then = TargetRouter(state, pending: pending)
    try Delegators(state).visitAll(from: start) { (role, targets) throws(RepositoryError) in
      if spread.contains(role) { return }
      var hidden: [[UInt8]] = []
      for path in targets.paths {
        if try now.leads(path, to: role), try !then.leads(path, to: role) { hidden.append(path) }
      }
      if let first = hidden.first {
        throw .wouldHide(
          target: String(decoding: first, as: UTF8.self), role: role, count: hidden.count)
      }
    }
  }
}

extension DelegationList {
  /// A list that is yet to be signed.
  fileprivate init(_ contents: JSONBuilder, of delegator: Role) throws(RepositoryError) {
    let what = "delegations of \(delegator.name)"
    let bytes = try contents.text(what)
    do throws(JSONError) {
      self.init(try JSONDocument(parsing: bytes).root)
    } catch {
      throw .notCanonical(what: what, error)
    }
  }

  /// True when this list gives a role the same paths as another one does.
  fileprivate func says(of role: Role, as other: DelegationList) -> Bool {
    if let bins, let others = other.bins { return bins.names == others.names }
    guard let entry = named(role), let old = other.named(role) else { return false }
    return entry.paths == old.paths && entry.prefixes == old.prefixes
      && entry.isTerminating == old.isTerminating
  }

  /// True when it ends searches which another one lets go on.
  fileprivate func endsSearches(notIn other: DelegationList) -> Bool {
    if bins != nil { return other.bins == nil }
    return roles.contains { $0.isTerminating && !says(of: $0.role, as: other) }
  }
}
