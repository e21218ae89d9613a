import FileSystem
import TUF

extension StagingArea {
  /// How far each file of a ceremony is, one line for each of those who must sign it.
  func status(of ceremony: Ceremony) throws(RepositoryError) -> [CeremonyStatus] {
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
  /// - Throws: ``RepositoryError/otherDraft(_:)`` for a copy of which a file says something else.
  func merge(_ other: StagingArea, _ ceremony: Ceremony) throws(RepositoryError) {
    for entry in ceremony.entries {
      guard
        let bytes = try MetadataFiles.read(
          other.folder.appending(entry.fileName), limit: Limits().listedLength)
      else { continue }
      let theirs = try Draft(parsing: bytes, role: entry.role)
      var mine = try Draft(parsing: try read(entry.fileName), role: entry.role)
      guard theirs.message == mine.message else {
        throw .otherDraft(other.folder.appending(entry.fileName))
      }
      for authority in entry.needed + entry.wanted {
        for id in authority.signers(theirs.signatures, of: theirs.message) {
          if let signature = theirs.signatures.first(where: { $0.id == id }) { mine.add(signature) }
        }
      }
      try replace(mine.bytes, entry.fileName)
    }
  }

  /// Writes a file in place of another; atomic, and durable on return.
  func replace(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      try FileSystem.writeAtomically(bytes, to: folder.appending(name))
    }
  }

  /// Empties the folder unless its change has been decided on, and so will happen.
  func clearUnlessDecided() throws(RepositoryError) {
    if try placement() == nil { try clear() }
  }
}

extension Transaction {
  /// Goes on with a change that waits: adds the signatures that the keys at hand can make.
  ///
  /// - Parameter roles: the roles to sign; none for all.
  mutating func resume(
    _ waiting: Ceremony, signing roles: [Role]
  ) throws(RepositoryError) {
    ceremony = waiting
    ceremony.entries = []
    var isRebuilding = false
    for entry in waiting.entries {
      let current =
        entry.role.isTopLevel
        ? state.metadata(of: entry.role).version : state.listed(entry.role)?.version ?? 0
      if entry.role == .snapshot || entry.role == .timestamp {
        // Somebody has refreshed them meanwhile: they are made anew.
        if isRebuilding || entry.version != current + 1 {
          isRebuilding = true
          continue
        }
      }
      guard entry.version == current + 1 else {
        throw .staleDraft(role: entry.role, version: entry.version, current: current)
      }
      let draft = try Draft(parsing: try staging.read(entry.fileName), role: entry.role)
      if entry.role == .root { newRoot = try draft.value }
      if roles.isEmpty || roles.contains(entry.role) {
        try sign(draft, entry)
      } else {
        try keep(draft, entry)
      }
    }
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
