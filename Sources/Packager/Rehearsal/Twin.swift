import FileSystem
import Repository
import TUF

/// A repository of the same shape as another one, with throwaway keys: what is done to it can be undone.
///
/// Each key of the original has one counterpart, so that what they share, they share here as well.
struct Twin {
  private(set) var repository: RepositoryFolder
  let server: RehearsalServer
  let clients: RehearsalClients
  /// The counterparts, by the ids of the originals.
  let keys: [String: PrivateKey]
  /// Those that are not lost.
  private var signers: [PrivateKey]
  private let now: Int64

  /// Makes a twin in an empty folder; its clients are up to date then.
  init(
    of original: RepositoryFolder, in folder: Path, now: Int64, expiries: Expiries = Expiries()
  ) throws(RepositoryError) {
    var keys: [String: PrivateKey] = [:]
    var roles: [RoleAssignment] = []
    for role in Role.topLevel {
      let authority = try Authority(role, root: original.state.root.signed)
      var objects: [KeyObject] = []
      for key in authority.keys where key.object != nil {
        let counterpart: PrivateKey
        if let known = keys[key.id] { counterpart = known } else { counterpart = try PrivateKey() }
        keys[key.id] = counterpart
        objects.append(counterpart.object)
      }
      roles.append(RoleAssignment(role, keys: objects, threshold: authority.threshold))
    }
    let delegations = try Self.delegations(of: original, &keys)
    let place = folder.appending("repository")
    repository = try RepositoryFolder.create(
      place, roles: roles, keys: KeyRing(Array(keys.values)), expiries: expiries, now: now)
    for (delegation, delegator) in delegations {
      _ = try repository.delegate(
        delegation, from: delegator, keys: KeyRing(Array(keys.values)), now: now)
    }
    server = RehearsalServer(RepositoryFolder.metadata(place))
    clients = RehearsalClients(
      server, in: folder.appending("clients"), firstRoot: repository.newestRoot)
    self.keys = keys
    self.now = now
    signers = Array(keys.values)
    let ring = KeyRing(signers)
    let addition = TargetAddition(
      try TargetName("version"), length: 1, sha256: Digest(.sha256, of: [1]))
    _ = try repository.addTargets([addition], to: .targets, keys: ring, now: now)
    if let refused = try clients.update(at: now) {
      throw .metadata(folder: place, refused)
    }
  }

  /// What is delegated, each after its delegator, with counterparts of the keys; of many bins there are two.
  private static func delegations(
    of original: RepositoryFolder, _ keys: inout [String: PrivateKey]
  ) throws(RepositoryError) -> [(Delegation, delegator: Role)] {
    let finder = Delegators(original.state)
    var found: [(Delegation, delegator: Role)] = []
    for status in try original.delegationStatus(now: 0) {
      let delegator = status.delegator ?? .targets
      var objects: [KeyObject] = []
      for id in status.keyIDs {
        let counterpart: PrivateKey
        if let known = keys[id] { counterpart = known } else { counterpart = try PrivateKey() }
        keys[id] = counterpart
        objects.append(counterpart.object)
      }
      let scope: Delegation.Scope
      if status.bins != nil {
        let list = try finder.targets(of: delegator).map(DelegationList.init)
        scope = .bins(bits: 1, isSuccinct: list?.bins != nil)
      } else {
        scope = .paths(["rehearsal/*"])
      }
      let role = Role(status.bins ?? status.role.name)
      found.append(
        (
          Delegation(role, scope, keys: objects, threshold: status.threshold),
          delegator: delegator
        ))
    }
    return found
  }

  private var ring: KeyRing { KeyRing(signers) }

  /// Publishes another version.
  mutating func publish(_ number: Int) throws(RepositoryError) {
    let addition = TargetAddition(
      try TargetName("version-\(number)"), length: 1, sha256: Digest(.sha256, of: [1]))
    _ = try repository.addTargets([addition], to: .targets, keys: ring, now: now)
  }

  /// Signs everything anew on a later day.
  mutating func renew(at day: Int64) throws(RepositoryError) {
    _ = try repository.refresh(Role.topLevel, keys: ring, now: day)
  }

  /// Forgets keys, by the ids of the originals.
  mutating func lose(_ lost: Set<String>) {
    let gone = lost.compactMap { keys[$0]?.object }
    signers.removeAll { gone.contains($0.object) }
  }

  /// Puts new keys in the place of lost ones, signed with what is left; false when that is not enough.
  mutating func replace(_ lost: Set<String>, of roles: [Role]) throws(RepositoryError) -> Bool {
    let ids = lost.compactMap { keys[$0]?.object.id }
    var new: [PrivateKey] = []
    var rotations: [(role: Role, rotation: KeyRotation)] = []
    for role in roles {
      let revoked = try repository.keyIDs(of: role).filter { ids.contains($0) }
      var added: [PrivateKey] = []
      for _ in revoked { added.append(try PrivateKey()) }
      rotations.append((role, KeyRotation(adding: added.map(\.object), revoking: revoked)))
      new += added
    }
    let done = try repository.rotate(rotations, keys: KeyRing(signers + new), now: now)
    if !done.waiting.isEmpty {
      try RepositoryFolder.discardChange(in: repository.directory)
      return false
    }
    signers += new
    return true
  }
}
