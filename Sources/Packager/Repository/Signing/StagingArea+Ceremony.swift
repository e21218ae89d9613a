import FileSystem
import JSON
import TUF

extension StagingArea {
  /// How far each file of a ceremony is, one line for each of those who must sign it.
  package func status(of ceremony: Ceremony) throws(RepositoryError) -> [CeremonyStatus] {
    var all: [CeremonyStatus] = []
    for entry in ceremony.entries {
      let draft = try Draft(parsing: try read(entry.fileName), role: entry.role)
      for authority in entry.needed {
        let signers = authority.signers(draft.signatures, of: draft.message)
        all.append(
          CeremonyStatus(
            role: entry.role, version: entry.version, source: authority.source,
            threshold: authority.threshold, signedBy: signers,
            waitingFor: authority.keys.map(\.id).filter { !signers.contains($0) }))
      }
    }
    return all
  }

  /// Takes over the signatures of a copy that was signed elsewhere.
  ///
  /// - Throws: ``RepositoryError/otherDraft(_:)`` for a copy of which a file says something else,
  ///   ``RepositoryError/nothingToMerge(_:)`` for one that has none of the files,
  ///   ``RepositoryError/badSignature(role:key:)`` for a signature that does not hold.
  func merge(_ other: StagingArea, _ ceremony: Ceremony) throws(RepositoryError) {
    var isEmpty = true
    for entry in ceremony.entries {
      guard
        let bytes = try MetadataFiles.read(
          other.folder.appending(entry.fileName), limit: Limits().listedLength)
      else { continue }
      isEmpty = false
      let theirs = try Draft(parsing: bytes, role: entry.role)
      var mine = try Draft(parsing: try read(entry.fileName), role: entry.role)
      guard theirs.message == mine.message else {
        throw .otherDraft(other.folder.appending(entry.fileName))
      }
      // Enough have signed, and another file lists it as it is.
      if ceremony.isFixed(entry) { continue }
      let valid = Set(
        (entry.needed + entry.wanted).flatMap { $0.signers(theirs.signatures, of: theirs.message) })
      for signature in theirs.signatures {
        guard valid.contains(signature.id) else {
          throw .badSignature(role: entry.role, key: signature.id)
        }
        mine.add(signature)
      }
      try replace(mine.bytes, entry.fileName)
    }
    if isEmpty { throw .nothingToMerge(other.folder) }
  }

  /// Writes a file in place of another; atomic, and durable on return.
  func replace(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      try FileSystem.writeAtomically(bytes, to: folder.appending(name))
    }
  }

  /// Empties the folder unless its change has been decided on, and so will happen.
  func clearUnlessDecided() throws(RepositoryError) {
    if try !isDecided { try clear() }
  }
}

extension Transaction {
  /// Goes on with a change that waits: adds the signatures that the keys at hand can make.
  ///
  /// - Parameter roles: the roles to sign; none for all.
  mutating func resume(
    _ waiting: Ceremony, signing roles: [Role]
  ) throws(RepositoryError) {
    var waiting = waiting
    let lasting = try lasting(waiting.entries)
    remade = waiting.entries.map(\.role).filter { role in !lasting.contains { $0.role == role } }
    waiting.entries = lasting
    ceremony = waiting
    ceremony.entries = []
    isNew = false
    for entry in waiting.entries {
      let draft = try Draft(parsing: try staging.read(entry.fileName), role: entry.role)
      if draft.expires <= now { throw .draftExpired(role: entry.role, at: draft.expires) }
      guard try state.nextVersion(of: entry.role) == entry.version else {
        throw .staleDraft(
          role: entry.role, version: entry.version, current: state.version(of: entry.role))
      }
      if entry.role == .root { newRoot = try draft.value }
      if roles.isEmpty || roles.contains(entry.role), !waiting.isFixed(entry) {
        try sign(draft, entry)
      } else {
        try keep(draft, entry)
      }
    }
    if let renewal = try renewalOfTargets() { try stage(renewal) }
  }

  /// All files but those that have to be made anew since somebody has published meanwhile, or they have waited
  /// too long: a snapshot, a timestamp, and targets that say the same as before.
  private func lasting(
    _ entries: [Ceremony.Entry]
  ) throws(RepositoryError) -> [Ceremony.Entry] {
    var lasting: [Ceremony.Entry] = []
    var isOver = false
    for entry in entries {
      if entry.role == .snapshot || entry.role == .timestamp || entry.isRenewal {
        let draft = try Draft(parsing: try staging.read(entry.fileName), role: entry.role)
        let next = try state.nextVersion(of: entry.role)
        if entry.version != next || draft.expires <= now { isOver = true }
        if isOver { continue }
      }
      lasting.append(entry)
    }
    return lasting
  }
}

extension Draft {
  /// What is signed, as a value.
  var value: JSONValue {
    get throws(RepositoryError) {
      do throws(JSONError) {
        return try JSONDocument(parsing: JSONBuilder.escapingControls(message)).root
      } catch {
        throw .notCanonical(what: role.fileName(version), error)
      }
    }
  }
}
