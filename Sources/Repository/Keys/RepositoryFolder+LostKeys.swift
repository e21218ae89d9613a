import TUF

extension RepositoryFolder {
  /// The rotations of roles whose old keys are gone, in the order in which they are to be made one by one.
  ///
  /// A new root changes who must sign, and from that moment on clients ask what it leads to for signatures of
  /// the new keys. Where old keys and new have both signed, either root will do. Where old keys are gone, what
  /// is published gets the signatures of the new ones before the root is there; for that, whatever lists such
  /// a file must do so without its hash, and so must be signed anew by keys that count already. The
  /// timestamp, which nothing lists, goes first.
  ///
  /// - Returns: none where keys are missing: then all of it waits for them together.
  func lost(
    _ rotations: [(role: Role, rotation: KeyRotation)], keys: KeyRing
  ) throws(RepositoryError) -> [(role: Role, rotation: KeyRotation)] {
    let signed = state.root.signed
    var lost: [(role: Role, rotation: KeyRotation)] = []
    for (role, rotation) in rotations where role.isTopLevel {
      let old = try Authority(role, root: signed)
      let new = try old.rotated(rotation)
      if new.isSame(as: old) { continue }
      if new.gapWhenUnlocked(in: keys) != nil { return [] }
      if role != .root, old.gapWhenUnlocked(in: keys) != nil { lost.append((role, rotation)) }
    }
    for role in [Role.root, .snapshot, .timestamp]
    where !lost.isEmpty && !lost.contains(where: { $0.role == role }) {
      if try Authority(role, root: signed).gapWhenUnlocked(in: keys) != nil { return [] }
    }
    return [Role.timestamp, .snapshot, .targets].flatMap { role in
      lost.filter { $0.role == role }
    }
  }

  /// Lets the new keys of a role sign what is published.
  mutating func countersign(
    _ role: Role, _ rotation: KeyRotation, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      var change = Change()
      change.countersigner = try Authority(role, root: repository.state.root.signed)
        .rotated(rotation)
      return change
    }
  }
}
