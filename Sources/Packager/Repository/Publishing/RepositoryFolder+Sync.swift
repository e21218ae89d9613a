import TUF

/// What a synchronisation came to.
public struct Synchronisation: Sendable {
  /// What was signed, or what the change waits for.
  public var publication = Publication()
  /// How many targets are listed now that were not.
  public var added = 0
  /// How many stand for other bytes or other data now.
  public var replaced = 0
  /// How many are not listed any more.
  public var removed = 0
}

extension RepositoryFolder {
  /// Makes the repository list these targets and no others, in one change that touches only the roles in
  /// which something differs.
  ///
  /// Every role is read, so this takes a time that grows with all that is listed.
  ///
  /// - Parameters:
  ///   - wanted: all targets that should be there.
  ///   - isInScope: false for names that are none of this list's business; they stay as they are.
  ///   - keys: the keys to sign with; what they lack, the change waits for.
  ///   - now: seconds since 1970 UTC.
  public mutating func syncTargets(
    _ wanted: [TargetAddition], isInScope: ([UInt8]) -> Bool, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Synchronisation {
    var result = Synchronisation()
    result.publication = try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      // Once more where a key had to be unlocked first.
      result = Synchronisation()
      let router = TargetRouter(repository.state)
      var groups: [Role: [TargetAddition]] = [:]
      var seen: Set<TargetName> = []
      for addition in wanted where !seen.insert(addition.name).inserted {
        throw .targetNamedTwice(addition.name)
      }
      for (role, places) in try router.groups(TargetAdditions(wanted), nil) {
        groups[role] = places.map { wanted[Int($0)] }
      }
      var change = Change()
      func follow(_ role: Role, _ targets: Targets?) throws(RepositoryError) {
        let group = groups.removeValue(forKey: role) ?? []
        var before = Self.listed(targets).filter { isInScope($0.key) }
        var entries: [(name: TargetName, entry: TargetEntry)] = []
        for addition in group {
          let entry = try repository.entry(addition, &change)
          if let known = before.removeValue(forKey: addition.name.bytes) {
            if entry.isListed(as: known) { continue }
            result.replaced += 1
          } else {
            result.added += 1
          }
          entries.append((addition.name, entry))
        }
        result.removed += before.count
        if entries.isEmpty, before.isEmpty { return }
        let gone = Set(before.keys)
        change.roles.append(
          try router.edit(role) { () throws(RepositoryError) in
            // Read again: there may be too many roles to keep.
            let signed = try router.targets(of: role)?.metadata.signed
            return Self.contents(signed, removing: gone, adding: entries)
          })
      }
      try Delegators(repository.state).visitAll { (role, targets) throws(RepositoryError) in
        try follow(role, targets)
      }
      // Those that nothing was ever published for.
      for role in groups.keys.sorted(by: { $0.name < $1.name }) { try follow(role, nil) }
      return change
    }
    return result
  }
}
