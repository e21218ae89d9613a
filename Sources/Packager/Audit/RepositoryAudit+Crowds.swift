import Repository
import TUF

extension RepositoryAudit {
  /// Paths that more roles may speak for than clients ask: they give up then, with an error.
  mutating func checkCrowds(
    _ state: RepositoryState, _ router: TargetRouter
  ) throws(RepositoryError) {
    try Delegators(state).visit { (role, targets) throws(RepositoryError) in
      let list = DelegationList(targets)
      let crowded =
        try list.crowdedPatterns { (path) throws(RepositoryError) in
          try router.losesClients(onTheWayTo: path)
        } + list.crowdedPrefixes(over: limits.delegations)
      if let first = crowded.first {
        find(
          "metadata/" + role.fileName(targets.version),
          "clients give up before they have asked all roles for \(first)"
            + (crowded.count > 1 ? " and \(crowded.count - 1) like it" : "")
            + ": they ask \(limits.delegations); delegate to fewer, or to bins")
      }
      return true
    }
  }
}

extension DelegationList {
  /// The patterns whose paths lose clients, each once, in their order.
  fileprivate func crowdedPatterns(
    _ losesClients: ([UInt8]) throws(RepositoryError) -> Bool
  ) throws(RepositoryError) -> [String] {
    var seen: Set<[UInt8]> = []
    var crowded: [String] = []
    for delegation in roles {
      for pattern in delegation.paths where seen.insert(pattern).inserted {
        let path = Self.leastPath(pattern)
        if delegation.matches(path), try losesClients(path) {
          crowded.append(String(decoding: pattern, as: UTF8.self))
        }
      }
    }
    return crowded
  }

  /// The beginnings of hashes for which more roles than `limit` may speak.
  fileprivate func crowdedPrefixes(over limit: Int) -> [String] {
    var counts: [[UInt8]: Int] = [:]
    for delegation in roles {
      for prefix in Set(delegation.prefixes) { counts[prefix, default: 0] += 1 }
    }
    return counts.keys.sorted { $0.lexicographicallyPrecedes($1) }.filter { prefix in
      let roles = (0...prefix.count).reduce(0) { $0 + (counts[Array(prefix.prefix($1))] ?? 0) }
      return roles > limit
    }.map { "hashes that begin with " + String(decoding: $0, as: UTF8.self) }
  }
}
