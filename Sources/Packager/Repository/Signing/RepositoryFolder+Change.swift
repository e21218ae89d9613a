import FileSystem
import TUF

extension RepositoryFolder {
  /// Where a change is made.
  var building: StagingArea { StagingArea(directory.appending("building")) }
  /// Where a change waits for signatures.
  var staging: StagingArea { StagingArea(directory.appending("staging")) }

  /// Makes a change under the lock, on the state that is current then.
  ///
  /// After an error nothing is left of it, unless it had been decided on already: then whoever comes next
  /// finishes it.
  ///
  /// - Parameters:
  ///   - besideCeremony: true for a change that one which waits for signatures can bear.
  ///   - isAdopting: true for the change that turns consistent snapshots on.
  ///   - body: works the change out; it is called again when a key had to be unlocked first.
  mutating func change(
    keys: KeyRing, now: Int64, besideCeremony: Bool = false, isAdopting: Bool = false,
    _ body: (RepositoryFolder) throws(RepositoryError) -> Change
  ) throws(RepositoryError) -> Publication {
    var copy = self
    let publication = try locked(opening: keys) { () throws(RepositoryError) in
      try Self.recover(copy.directory)
      copy.state = try RepositoryState(copy.directory)
      guard copy.state.isConsistent || isAdopting else {
        if try copy.staging.hasCeremony { throw .adoptionWaits(folder: copy.directory) }
        throw .notConsistent(folder: copy.directory)
      }
      let waiting = try copy.staging.ceremony()
      if let waiting, !besideCeremony, !waiting.isOfRoot { throw try copy.waits(waiting) }
      let building = copy.building
      try building.prepare()
      do throws(RepositoryError) {
        let change = try body(copy)
        if let waiting, change.root != nil { throw try copy.waits(waiting) }
        var transaction = Transaction(copy, in: building, keys: keys, now: now)
        if !change.isEmpty { try transaction.stage(change) }
        var publication = try copy.take(try transaction.finish())
        publication.locked = keys.lockedReserves
        return publication
      } catch {
        // What can't be removed is removed by the next change; the first error is the one to tell.
        do throws(RepositoryError) { try building.clearUnlessDecided() } catch {}
        throw error
      }
    }
    self = copy
    return publication
  }

  /// Refuses to change the keys of top-level roles while a root waits: it has others already.
  func refuseBesideRoot(_ roles: [Role]) throws(RepositoryError) {
    guard roles.contains(where: \.isTopLevel), let waiting = try staging.ceremony() else { return }
    if waiting.entries.contains(where: { $0.role == .root }) { throw try waits(waiting) }
  }

  private func waits(_ ceremony: Ceremony) throws(RepositoryError) -> RepositoryError {
    .ceremonyWaits(folder: staging.folder, try staging.status(of: ceremony))
  }

  /// True when a role may be changed while another change waits: snapshot and timestamp always, and all
  /// but root beside a change of that.
  public func mayChange(_ role: Role) throws(RepositoryError) -> Bool {
    guard let waiting = try staging.ceremony(), role != .snapshot, role != .timestamp else {
      return true
    }
    return waiting.isOfRoot && role != .root
  }

  /// Takes over how a transaction ended.
  private mutating func take(
    _ outcome: Transaction.Outcome
  ) throws(RepositoryError) -> Publication {
    switch outcome {
    case .nothing:
      try building.clear()
      return Publication()
    case .waiting(let waiting):
      return Publication(waiting: waiting)
    case .placed(let placed):
      state = placed.state
      return Publication(versions: placed.versions)
    }
  }

  /// Carries out what a run had decided on that was interrupted.
  package static func recover(_ directory: Path) throws(RepositoryError) {
    for name in ["building", "staging"] {
      let area = StagingArea(directory.appending(name))
      try area.refuseClosed()
      if let placement = try area.placement() {
        try placement.carryOut(in: directory)
        try area.clear()
      }
    }
    // What is left of a change that was given up or published.
    let staging = StagingArea(directory.appending("staging"))
    if try !staging.hasCeremony { try staging.clear() }
  }

  /// The area of a change that was decided on and not carried out to its end; nil when there is none.
  package static func decided(in directory: Path) throws(RepositoryError) -> StagingArea? {
    for name in ["building", "staging"] {
      let area = StagingArea(directory.appending(name))
      if try area.isDecided { return area }
    }
    return nil
  }

  /// Recovers before a change is worked out, if that is possible.
  static func recoverIfPossible(_ directory: Path) throws(RepositoryError) {
    guard try decided(in: directory) != nil else { return }
    do throws(RepositoryError) {
      try locked(directory, patience: 1) { () throws(RepositoryError) in try recover(directory) }
    } catch {
      switch error {
      // Whoever is publishing will finish it; whoever may not write can only look.
      case .busy: return
      case .file(let fault) where fault.isForbidden: return
      case .undone(_, let fault, _) where fault.isForbidden: return
      case .closed: return
      default: throw error
      }
    }
  }

  // MARK: Ceremonies

  /// What waits for signatures, and for whose; nil when nothing does.
  public func ceremony() throws(RepositoryError) -> [CeremonyStatus]? {
    guard let ceremony = try staging.ceremony() else { return nil }
    return try staging.status(of: ceremony)
  }

  /// Adds signatures to what waits in the staging area, and publishes it when none is missing any more.
  ///
  /// - Parameters:
  ///   - roles: the roles to sign; none for all that the keys at hand can.
  ///   - others: further copies of the staging area, which were signed elsewhere.
  ///   - keys: the keys to sign with; snapshot and timestamp follow when theirs are among them.
  ///   - now: seconds since 1970 UTC.
  /// - Throws: ``RepositoryError/nothingWaits(folder:role:)``, ``RepositoryError/staleDraft(role:version:current:)``.
  public mutating func sign(
    _ roles: [Role] = [], merging others: [Path] = [], keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    var copy = self
    let publication = try locked(opening: keys) { () throws(RepositoryError) in
      try Self.recover(copy.directory)
      copy.state = try RepositoryState(copy.directory)
      guard let ceremony = try copy.staging.ceremony() else {
        throw .nothingWaits(folder: copy.staging.folder, role: nil)
      }
      for role in roles where !ceremony.entries.contains(where: { $0.role == role }) {
        throw .nothingWaits(folder: copy.staging.folder, role: role)
      }
      for other in others { try copy.staging.merge(StagingArea(other), ceremony) }
      var transaction = Transaction(copy, in: copy.staging, keys: keys, now: now)
      try transaction.resume(ceremony, signing: roles)
      var publication = try copy.take(try transaction.finish())
      publication.remade = transaction.remade
      publication.locked = keys.lockedReserves
      return publication
    }
    self = copy
    return publication
  }

  /// Gives up what waits for signatures, or takes back what was decided on and could not be put in place;
  /// what is published stays as it is.
  ///
  /// - Throws: ``RepositoryError/nothingWaits(folder:role:)``, ``RepositoryError/halfSeen(folder:)``.
  public static func discardChange(in directory: Path) throws(RepositoryError) {
    try locked(directory, patience: usualPatience) { () throws(RepositoryError) in
      let staging = StagingArea(directory.appending("staging"))
      try staging.refuseClosed()
      if let area = try decided(in: directory) {
        return try area.takeBack(in: directory)
      }
      guard try staging.hasCeremony else {
        throw .nothingWaits(folder: staging.folder, role: nil)
      }
      try staging.clear()
    }
  }

  /// Adds signatures to a copy of a staging area, far from the repository that it belongs to.
  ///
  /// - Returns: how far the signing has come then.
  public static func sign(
    copy folder: Path, _ roles: [Role] = [], keys: KeyRing
  ) throws(RepositoryError) -> [CeremonyStatus] {
    let area = StagingArea(folder)
    guard let ceremony = try area.ceremony() else {
      throw .nothingWaits(folder: folder, role: nil)
    }
    for role in roles where !ceremony.entries.contains(where: { $0.role == role }) {
      throw .nothingWaits(folder: folder, role: role)
    }
    for entry in ceremony.entries
    where (roles.isEmpty || roles.contains(entry.role)) && !ceremony.isFixed(entry) {
      var draft = try Draft(parsing: try area.read(entry.fileName), role: entry.role)
      for authority in entry.needed + entry.wanted {
        try draft.sign(for: authority, with: keys)
      }
      try area.replace(draft.bytes, entry.fileName)
    }
    return try area.status(of: ceremony)
  }

  /// How far the signing of a copy of a staging area has come.
  public static func ceremony(copy folder: Path) throws(RepositoryError) -> [CeremonyStatus] {
    let area = StagingArea(folder)
    guard let ceremony = try area.ceremony() else {
      throw .nothingWaits(folder: folder, role: nil)
    }
    return try area.status(of: ceremony)
  }
}
