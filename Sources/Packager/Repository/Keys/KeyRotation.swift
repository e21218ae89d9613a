import JSON
import TUF

/// What is to change about the keys of a role.
public struct KeyRotation: Sendable {
  /// Keys that may sign from now on.
  public var adding: [KeyObject]
  /// The ids of keys that may not any more.
  public var revoking: [String]
  /// How many must sign from now on; nil to leave that as it is.
  public var threshold: Int?

  /// Puts a rotation together.
  public init(adding: [KeyObject] = [], revoking: [String] = [], threshold: Int? = nil) {
    self.adding = adding
    self.revoking = revoking
    self.threshold = threshold
  }
}

extension Authority {
  /// The role after a rotation.
  ///
  /// - Throws: ``RepositoryError/noKey(role:id:)``, ``RepositoryError/badThreshold(role:keys:threshold:)``.
  func rotated(_ rotation: KeyRotation) throws(RepositoryError) -> Authority {
    for id in rotation.revoking where !keys.contains(where: { $0.id == id }) {
      throw .noKey(role: role, id: id)
    }
    var kept = keys.filter { !rotation.revoking.contains($0.id) }
    for object in rotation.adding where !kept.contains(where: { $0.object == object }) {
      kept.append(Key(id: object.id, json: object.json, object: object))
    }
    let rotated = Authority(
      role: role, source: source, threshold: rotation.threshold ?? threshold, keys: kept)
    try rotated.refuseUnmeetable()
    return rotated
  }

  /// Refuses a threshold that the role's usable keys could never reach, and one of 0.
  func refuseUnmeetable() throws(RepositoryError) {
    var distinct: [KeyObject] = []
    for key in keys {
      if let object = key.object, !distinct.contains(object) { distinct.append(object) }
    }
    guard threshold >= 1, threshold <= distinct.count else {
      throw .badThreshold(role: role, keys: distinct.count, threshold: threshold)
    }
  }

  init(role: Role, source: String, threshold: Int, keys: [Key]) {
    self.role = role
    self.source = source
    self.threshold = threshold
    self.keys = keys
  }

  /// The object of the role with other keys and threshold, all else as it was.
  func editing(_ listed: JSONValue) -> JSONBuilder {
    .editing(
      listed,
      ["keyids": .array(keys.map { .text($0.id) }), "threshold": .integer(Int64(threshold))])
  }
}

extension RepositoryFolder {
  /// Changes the keys and thresholds of roles, all in one new root and one new version of each role that
  /// delegates; whatever the new keys must sign is signed anew along with it.
  ///
  /// - Parameters:
  ///   - rotations: roles, top-level or delegated, each once.
  ///   - keys: the keys to sign with. Old keys sign as well where they are at hand, so that clients do not
  ///     notice the change.
  ///   - now: seconds since 1970 UTC.
  /// - Throws: ``RepositoryError``; ``RepositoryError/ceremonyWaits(folder:_:)`` for top-level roles while a root waits
  ///   for signatures, whatever it says of them.
  public mutating func rotate(
    _ rotations: [(role: Role, rotation: KeyRotation)], keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    var publication = try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      try repository.refuseBesideRoot(rotations.map(\.role))
      var change = Change()
      var top: [Authority] = []
      var delegated: [(role: Role, rotation: KeyRotation)] = []
      for (role, rotation) in rotations {
        if role.isTopLevel {
          let old = try Authority(role, root: repository.state.root.signed)
          let new = try old.rotated(rotation)
          if !new.isSame(as: old) { top.append(new) }
        } else {
          delegated.append((role, rotation))
        }
      }
      if !top.isEmpty { change.root = try repository.root(with: top) }
      try repository.rotateDelegated(delegated, &change)
      return change
    }
    // Whoever changes keys has the sealed one at hand for once, and should know that it was of no use.
    if publication.versions.contains(where: { $0.role == .root }) || !publication.waiting.isEmpty {
      publication.locked = keys.reservesLeftLocked(
        of: try Authority(.root, root: state.root.signed))
    }
    return publication
  }

  /// The ids of the keys of a role that may be rotated now.
  ///
  /// - Throws: ``RepositoryError/noRole(_:)``; ``RepositoryError/ceremonyWaits(folder:_:)`` as ``rotate(_:keys:now:)``.
  public func rotatableKeyIDs(of role: Role) throws(RepositoryError) -> [String] {
    try refuseBesideRoot([role])
    return try keyIDs(of: role)
  }

  /// The contents of root with other keys for some roles; keys that no role has any more go.
  private func root(with edited: [Authority]) throws(RepositoryError) -> JSONBuilder {
    let signed = state.root.signed
    var roles: [(name: [UInt8], value: JSONBuilder)] = []
    var keys: [(name: [UInt8], value: JSONBuilder)] = []
    for role in Role.topLevel {
      var authority = try Authority(role, root: signed)
      for other in edited where other.role == role { authority = other }
      guard let listed = signed["roles"]?[role.bytes] else { continue }
      roles.append((role.bytes, authority.editing(listed)))
      for key in authority.keys { keys.append((Array(key.id.utf8), key.json)) }
    }
    return .editing(signed, ["roles": .object(roles), "keys": .object(keys)])
  }
}
