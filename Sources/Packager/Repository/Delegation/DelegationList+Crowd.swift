import TUF

extension DelegationList {
  /// Refuses a role more for the same paths than clients ask: they would give up before they come to all of them.
  ///
  /// What other roles on the way take is for ``RepositoryAudit`` to see.
  func refuseCrowd(_ new: Repository.Delegation) throws(RepositoryError) {
    let others = roles.filter { $0.role != new.role }
    switch new.scope {
    case .paths(let patterns):
      let mine = patterns.map { Array($0.utf8) }
      for pattern in mine + others.flatMap(\.paths) {
        let path = Self.leastPath(pattern)
        guard mine.contains(where: { PathPattern.matches(path, pattern: $0) }) else { continue }
        try Self.refuse(
          others.filter { $0.matches(path) }.count, String(decoding: pattern, as: UTF8.self), new)
      }
    case .hashPrefixes(let prefixes):
      let mine = prefixes.map { Array($0.utf8) }
      for prefix in mine + others.flatMap(\.prefixes) {
        guard mine.contains(where: { prefix.starts(with: $0) }) else { continue }
        try Self.refuse(
          others.filter { $0.prefixes.contains { prefix.starts(with: $0) } }.count,
          "hashes that begin with " + String(decoding: prefix, as: UTF8.self), new)
      }
    // They share all hashes, each of which is one bin's.
    case .bins: return
    }
  }

  private static func refuse(
    _ others: Int, _ scope: String, _ new: Repository.Delegation
  ) throws(RepositoryError) {
    let most = Limits().delegations
    if others < most { return }
    throw .badScope(
      role: new.role,
      reason:
        "\(others) roles have \(scope) already, and clients ask \(most) at the most; delegate to fewer, or to bins"
    )
  }

  /// The least path that a pattern of the kinds that are usual matches.
  package static func leastPath(_ pattern: [UInt8]) -> [UInt8] {
    pattern.map { "*?".utf8.contains($0) ? UInt8(ascii: "x") : $0 }
  }
}
