import JSON
import TUF

extension RepositoryFolder {
  /// Tells the roles that can be signed with the keys at hand from those that can't; unlocks keys for that.
  ///
  /// New targets need a new snapshot, and that a new timestamp: without the keys of what has
  /// to follow, a role can't be signed either.
  ///
  /// - Returns: both in the order given; for the latter what is missing, as an error that nobody threw.
  public func split(
    _ roles: [Role], bySignersIn ring: KeyRing
  ) throws(RepositoryError) -> (able: [Role], missing: [RepositoryError]) {
    var able: [Role] = []
    var missing: [RepositoryError] = []
    let router = TargetRouter(state)
    for role in roles {
      var gap: RepositoryError?
      for needed in role.followers where gap == nil {
        if needed.isTopLevel {
          gap = try Authority(needed, root: state.root.signed).gapWhenUnlocked(in: ring)
        } else {
          let edit = try router.edit(needed) { () throws(RepositoryError) in [:] }
          for authority in edit.needed where gap == nil {
            gap = try authority.gapWhenUnlocked(in: ring)
          }
        }
      }
      if let gap { missing.append(gap) } else { able.append(role) }
    }
    return (able, missing)
  }
}

extension Role {
  /// The roles that are signed when this one is, itself first.
  var followers: [Role] {
    switch self {
    case .root, .timestamp: [self]
    case .snapshot: [self, .timestamp]
    default: [self, .snapshot, .timestamp]
    }
  }
}
