import FileSystem
import JSON
import TUF

extension RepositoryFolder {
  /// How each delegated role stands, those that delegate before those they delegate to; of every bin, too.
  ///
  /// Of many roles only those are read that have changed since the last look: see ``RoleNotes``.
  public func delegatedStatus(now: Int64) throws(RepositoryError) -> [RoleStatus] {
    var all: [RoleStatus] = []
    var notes = RoleNotes(directory)
    var waiting: [(role: Role, targets: Targets)] = [(.targets, state.targets)]
    var seen: Set<Role> = [.targets]
    while let (delegator, targets) = waiting.popLast() {
      let list = DelegationList(targets)
      var authorities = Authorities(list, source: "\(delegator.name) \(targets.version)")
      var further: [(role: Role, targets: Targets)] = []
      for role in list.allRoles {
        guard let (authority, digest) = try authorities.of(role),
          let note = try note(of: role, by: targets, authority, digest, notes)
        else { continue }
        notes.keep(note, of: role)
        var status = RoleStatus(
          role, version: note.version, expires: note.expires, period: note.period, authority,
          signedBy: note.signers.map { authority.keys[$0].id }, now)
        status.delegator = delegator
        status.targets = note.targets
        status.bins = list.row(of: role)
        all.append(status)
        // Bins delegate nothing further in what this program makes.
        guard note.delegates, !list.isBin(role), seen.insert(role).inserted,
          let next = try state.delegated(role, by: targets)
        else { continue }
        further.append((role, next))
      }
      waiting += further.reversed()
    }
    notes.write()
    return all
  }

  /// What is known of a role's published file, which is read where it is not known; nil when there is none.
  private func note(
    of role: Role, by delegator: Targets, _ authority: Authority, _ digest: [UInt8],
    _ notes: RoleNotes
  ) throws(RepositoryError) -> RoleNotes.Note? {
    guard let version = state.listed(role)?.version else { return nil }
    let file = state.identity(of: role, version)
    if let file,
      let note = notes.note(of: role, version: version, file: file, authority: digest),
      note.signers.allSatisfy(authority.keys.indices.contains)
    {
      return note
    }
    guard let targets = try state.delegated(role, by: delegator), let file else { return nil }
    let signers = authority.signers(of: targets.metadata)
    return RoleNotes.Note(
      version: version, file: file, expires: targets.expires,
      period: Expiries().days(of: role, .verbatim(targets.metadata.signed)), targets: targets.count,
      delegates: targets.delegates, authority: digest,
      signers: signers.compactMap { id in authority.keys.firstIndex { $0.id == id } })
  }
}

/// Who may sign for the roles of one list, worked out once for all that have the same keys.
private struct Authorities {
  private let list: DelegationList
  private let source: String
  private var known: [[UInt8]: (authority: Authority, digest: [UInt8])] = [:]

  init(_ list: DelegationList, source: String) {
    self.list = list
    self.source = source
  }

  /// The authority of a role, and the hash of its keys and threshold; nil where the list does not name it.
  mutating func of(_ role: Role) throws(RepositoryError) -> (authority: Authority, digest: [UInt8])?
  {
    let json: JSONValue
    if let bins = list.bins, bins.names.hold(role) {
      json = bins.json
    } else if let delegation = list.named(role) {
      json = delegation.json
    } else {
      return nil
    }
    let said: JSONBuilder = [
      "keyids": json["keyids"].map { .verbatim($0) } ?? [],
      "threshold": json["threshold"].map { .verbatim($0) } ?? 0,
    ]
    let text = try said.canonical(source)
    if let found = known[text] { return found }
    guard let authority = try list.authority(of: role, source: source) else { return nil }
    let keys: JSONBuilder = .array(
      authority.keys.map { [.text($0.id), $0.json] }
        + [.integer(Int64(authority.threshold))])
    let digest = Digest(.sha256, of: try keys.canonical(source)).bytes
    known[text] = (authority, digest)
    return (authority, digest)
  }
}
