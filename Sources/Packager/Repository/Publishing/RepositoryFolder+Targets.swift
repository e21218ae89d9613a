import FileSystem
import JSON
import TUF

extension RepositoryFolder {
  /// Publishes files: copies them, and signs new versions of the roles that list them, of snapshot and timestamp.
  ///
  /// A target goes to the first role that may speak for its name and delegates nothing further, in the
  /// order in which clients search; where there is none, to the top-level targets. One that is listed on the
  /// way there stays where it is. A file that is listed already with the same bytes and the same data is put
  /// in place again and reported as unchanged; when all are, nothing is signed.
  ///
  /// - Parameters:
  ///   - role: the role for all of them; nil to choose as above.
  ///   - replacing: true to let a name stand for other bytes or other data from now on.
  ///   - basis: the version of targets that the additions were worked out from; nil where none counts.
  ///   - keys: the keys to sign with; what they lack, the change waits for.
  ///   - now: seconds since 1970 UTC.
  /// - Throws: ``RepositoryError``; clients see a state then that is valid.
  @discardableResult
  public mutating func addTargets(
    _ additions: [TargetAddition], to role: Role? = nil, replacing: Bool = false,
    basis: Int64? = nil, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try addTargets(
      TargetAdditions(additions), to: role, replacing: replacing, basis: basis, keys: keys,
      now: now)
  }

  /// The same for targets that are made one by one; of those whose files are elsewhere no more are held than
  /// one role lists.
  @discardableResult
  public mutating func addTargets(
    _ additions: TargetAdditions, to role: Role? = nil, replacing: Bool = false,
    basis: Int64? = nil, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    var unchanged: [TargetName] = []
    var publication = try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      // Once more where a key had to be unlocked first.
      unchanged = []
      if let basis { try repository.refuseOther(basis) }
      let router = TargetRouter(repository.state)
      var change = Change()
      /// What is new of those at some places; with what the role lists now.
      func new(
        _ places: [Int32], _ targets: Targets?, _ change: inout Change
      ) throws(RepositoryError) -> [(name: TargetName, entry: TargetEntry)] {
        let current = Self.listed(targets)
        var seen: Set<TargetName> = []
        var entries: [(name: TargetName, entry: TargetEntry)] = []
        for place in places {
          let addition = try additions.at(place)
          // Equal names go to the same role.
          if !seen.insert(addition.name).inserted { throw .targetNamedTwice(addition.name) }
          let entry = try repository.entry(addition, &change)
          if let listed = current[addition.name.bytes] {
            if entry.isListed(as: listed) {
              unchanged.append(addition.name)
              continue
            }
            if !replacing { throw .targetExists(addition.name) }
          }
          entries.append((addition.name, entry))
        }
        return entries
      }
      for (role, places) in try router.groups(additions, role) {
        if additions.areElsewhere {
          change.roles.append(
            try router.edit(role) { () throws(RepositoryError) in
              let targets = try router.targets(of: role)
              var none = Change()
              let entries = try new(places, targets, &none)
              if entries.isEmpty { return nil }
              return Self.contents(targets?.metadata.signed, adding: entries)
            })
          continue
        }
        let entries = try new(places, try router.targets(of: role), &change)
        if entries.isEmpty { continue }
        change.roles.append(
          try router.edit(role) { () throws(RepositoryError) in
            // Read again: there may be too many roles to keep.
            let signed = try router.targets(of: role)?.metadata.signed
            return Self.contents(signed, adding: entries)
          })
      }
      return change
    }
    publication.unchanged = unchanged
    return publication
  }

  /// What metadata says of an addition; a file is copied on the way.
  func entry(
    _ addition: TargetAddition, _ change: inout Change
  ) throws(RepositoryError) -> TargetEntry {
    let name = addition.name
    if let custom = try addition.custom?.canonical("the data for the target \(name.text)"),
      custom.first != UInt8(ascii: "{")
    {
      throw .badTargetData(name)
    }
    switch addition.source {
    case .elsewhere(let length, let sha256):
      return TargetEntry(length: length, sha256: sha256, custom: addition.custom)
    case .file(let source):
      let file = Array("files/\(change.files.count)".utf8)
      let copy = try TargetCopy.copy(source, to: building.folder.appending(file))
      change.files.append(
        (file, Array("targets/".utf8) + name.path(sha256: copy.sha256.hex)))
      return TargetEntry(length: copy.length, sha256: copy.sha256, custom: addition.custom)
    }
  }

  /// Takes targets out of the metadata, all in one version of each role, then their files out of the folder.
  ///
  /// - Parameter keepingFiles: true for clients that are in the middle of fetching one.
  /// - Throws: ``RepositoryError/noTarget(_:)`` for a name that is not listed; nothing has changed then.
  @discardableResult
  public mutating func removeTargets(
    _ names: [TargetName], keepingFiles: Bool = false, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      let router = TargetRouter(repository.state)
      var change = Change()
      var order: [Role] = []
      var groups: [Role: [TargetName]] = [:]
      for name in names {
        // From all that clients come to: what one lists behind another would come to light.
        let holders = try router.holders(of: name.bytes)
        if holders.isEmpty { throw .noTarget(name) }
        for role in holders {
          if groups[role] == nil { order.append(role) }
          groups[role, default: []].append(name)
        }
      }
      for role in order {
        let names = groups[role] ?? []
        let listed = keepingFiles ? [:] : Self.listed(try router.targets(of: role))
        for name in names { change.removals += name.files(listed[name.bytes]) }
        let gone = Set(names.map(\.bytes))
        change.roles.append(
          try router.edit(role) { () throws(RepositoryError) in
            let signed = try router.targets(of: role)?.metadata.signed
            return Self.contents(signed, removing: gone)
          })
      }
      return change
    }
  }

  /// Signs roles anew with the same contents, to extend their expiry; what has to follow is signed as well.
  ///
  /// New targets need a new snapshot, and that a new timestamp. Snapshot and timestamp may be signed while
  /// another change waits for signatures.
  ///
  /// - Parameter days: for how many days top-level roles of these are valid from now on, where that changes.
  @discardableResult
  public mutating func refresh(
    _ roles: [Role], days: [Role: Int] = [:], keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    let isBeside = roles.allSatisfy { $0 == .snapshot || $0 == .timestamp }
    return try change(keys: keys, now: now, besideCeremony: isBeside) {
      (repository) throws(RepositoryError) in
      var change = Change()
      change.days = days
      let router = TargetRouter(repository.state)
      for role in roles {
        switch role {
        case .root: change.root = .editing(repository.state.root.signed, [:])
        case .snapshot: change.snapshot = true
        case .timestamp: change.timestamp = true
        default:
          change.roles.append(
            try router.edit(role) { () throws(RepositoryError) in
              guard let targets = try router.targets(of: role) else { throw .noRole(role) }
              return .editing(targets.metadata.signed, [:])
            })
        }
      }
      return change
    }
  }

  // MARK: Contents of a targets role

  /// What a role lists, by name; nothing for one that begins.
  static func listed(_ targets: Targets?) -> [[UInt8]: JSONValue] {
    var found: [[UInt8]: JSONValue] = [:]
    guard let targets = targets?.metadata.signed["targets"] else { return found }
    for member in targets.members { found[Array(member.name)] = member.value }
    return found
  }

  /// The signed object with targets removed, and others added or replaced.
  static func contents(
    _ signed: JSONValue?, removing names: Set<[UInt8]> = [],
    adding entries: [(name: TargetName, entry: TargetEntry)] = []
  ) -> JSONBuilder {
    var members = members(signed)
    if !names.isEmpty { members.removeAll { names.contains($0.name) } }
    for (name, entry) in entries { members.append((name.bytes, entry.json)) }
    guard let signed else { return ["targets": .object(members)] }
    return .editing(signed, ["targets": .object(members)])
  }

  private static func members(_ signed: JSONValue?) -> [(name: [UInt8], value: JSONBuilder)] {
    var kept: [(name: [UInt8], value: JSONBuilder)] = []
    guard let targets = signed?["targets"] else { return kept }
    for member in targets.members { kept.append((Array(member.name), .verbatim(member.value))) }
    return kept
  }
}

extension TargetRouter {
  /// Puts the places of additions together by the role that lists them, in the order of the roles' first ones.
  ///
  /// - Throws: ``RepositoryError`` for a name that clients would not find there.
  func groups(
    _ additions: TargetAdditions, _ wanted: Role?
  ) throws(RepositoryError) -> [(role: Role, places: [Int32])] {
    var order: [Role: Int] = [:]
    var groups: [(role: Role, places: [Int32])] = []
    for place in 0..<Int32(clamping: additions.count) {
      let name = try additions.at(place).name
      let role: Role
      if let wanted {
        role = wanted
      } else {
        // One that clients find somewhere already stays there: they would not look further.
        let (found, holder) = try destination(of: name.bytes)
        role = holder ?? found
      }
      if wanted != nil, try !leads(name.bytes, to: role) {
        if let holder = try holder(of: name.bytes), holder != role {
          throw .targetElsewhere(name, role: holder)
        }
        throw .notDelegated(name, role: role)
      }
      if let group = order[role] {
        groups[group].places.append(place)
      } else {
        order[role] = groups.count
        groups.append((role, [place]))
      }
    }
    return groups
  }
}
