import TUF

/// Answers fast which roles a list delegates a path to, however long the list is.
struct DelegationIndex {
  private let list: DelegationList
  /// The places of roles that take paths by their hashes: by the number of digits, then by the digits.
  private var hashed: [Int: [[UInt8]: [Int]]] = [:]
  /// The places of patterns whose first component stands for itself, by that.
  private var rooted: [[UInt8]: [Int]] = [:]
  /// The places of all other patterns.
  private var others: [Int] = []

  init(_ list: DelegationList) {
    self.list = list
    for (place, delegation) in list.roles.enumerated() {
      for prefix in delegation.prefixes {
        hashed[prefix.count, default: [:]][prefix, default: []].append(place)
      }
      for pattern in delegation.paths {
        let first = Self.first(pattern)
        if first.contains(where: { "*?[".utf8.contains($0) }) {
          others.append(place)
        } else {
          rooted[first, default: []].append(place)
        }
      }
    }
  }

  private static func first(_ path: [UInt8]) -> [UInt8] {
    Array(path.prefix { $0 != UInt8(ascii: "/") })
  }

  /// The roles that may speak for a path, in the order in which clients search them.
  func roles(for path: [UInt8]) -> [(role: Role, isBin: Bool, isTerminating: Bool)] {
    if let bins = list.bins { return [(bins.names.role(for: path), true, true)] }
    var places: Set<Int> = []
    if !hashed.isEmpty {
      let hash = Digest(.sha256, of: path).hex
      for (length, roles) in hashed { places.formUnion(roles[Array(hash.prefix(length))] ?? []) }
    }
    for place in rooted[Self.first(path)] ?? [] where list.roles[place].matches(path) {
      places.insert(place)
    }
    for place in others where list.roles[place].matches(path) { places.insert(place) }
    return places.sorted().map { place in
      let delegation = list.roles[place]
      return (delegation.role, delegation.isBin, delegation.isTerminating)
    }
  }
}
