import FileSystem
import JSON
import TUF

/// A change on its way into the repository: built and signed in the staging area, checked as a client
/// would, then put in place; or left there while signatures are missing.
///
/// For use under the repository's lock.
package struct Transaction {
  let directory: Path
  let state: RepositoryState
  let expiries: Expiries
  let keys: KeyRing
  let now: Int64
  let staging: StagingArea
  var ceremony = Ceremony()
  /// The roles whose files lack signatures.
  var incomplete: Set<Role> = []
  /// True while the area holds nothing that could be lost.
  var isNew = true
  /// The roles whose files had waited too long, or were overtaken.
  var remade: [Role] = []
  /// The root that is being signed.
  var newRoot: JSONValue?

  /// Begins a change in one of the repository's two areas.
  init(_ repository: RepositoryFolder, in area: StagingArea, keys: KeyRing, now: Int64) {
    directory = repository.directory
    state = repository.state
    expiries = repository.expiries
    self.keys = keys
    self.now = now
    staging = area
  }

  /// The root that will count.
  var root: JSONValue { newRoot ?? state.root.signed }

  // MARK: A new change

  /// Stages a change, signed with the keys at hand.
  mutating func stage(_ change: Change) throws(RepositoryError) {
    ceremony.snapshot = change.snapshot
    ceremony.timestamp = change.timestamp
    ceremony.days = change.days
    ceremony.files = change.files
    ceremony.removals = change.removals
    if let contents = change.root { try stageRoot(contents) }
    for edit in change.roles { try stage(edit) }
    if let renewal = try renewalOfTargets() { try stage(renewal) }
  }

  /// The targets as they are, where the new root lets others sign them; nil where they are signed as the root
  /// wants, or made anew already.
  func renewalOfTargets() throws(RepositoryError) -> RoleEdit? {
    guard newRoot != nil, !ceremony.entries.contains(where: { $0.role == .targets }) else {
      return nil
    }
    let targets = state.targets.metadata
    if try Authority(.targets, root: root).isMet(by: targets) { return nil }
    return RoleEdit(role: .targets, isRenewal: true) { () throws(RepositoryError) in
      .editing(targets.signed, [:])
    }
  }

  mutating func stage(_ edit: RoleEdit) throws(RepositoryError) {
    guard let contents = try edit.contents() else { return }
    var edit = edit
    var wanted: [Authority] = []
    if edit.role == .targets {
      let authority = try Authority(.targets, root: root)
      edit.needed = [authority]
      wanted = try former(.targets, than: authority)
    }
    let version = try state.nextVersion(of: edit.role)
    try stage(
      Ceremony.Entry(
        role: edit.role, version: version, needed: edit.needed, wanted: wanted,
        delegator: edit.delegator, isListedByVersion: edit.isListedByVersion,
        isRenewal: edit.isRenewal),
      contents: contents)
  }

  private mutating func stageRoot(_ contents: JSONBuilder) throws(RepositoryError) {
    let contents = contents.lasting(ceremony.days[.root])
    let version = try state.nextVersion(of: .root)
    let draft = try Draft(
      .root, version: version, contents: contents, expires: try expires(.root, contents))
    let root = try draft.value
    try Self.refuseUnmeetable(root)
    let entry = Ceremony.Entry(
      role: .root, version: version,
      needed: [
        try Authority(.root, root: state.root.signed), try Authority(.root, root: root),
      ], wanted: [], delegator: nil, isListedByVersion: false)
    newRoot = root
    try sign(draft, entry)
  }

  /// A role that nobody could ever sign for is refused before anything happens.
  private static func refuseUnmeetable(_ root: JSONValue) throws(RepositoryError) {
    for role in Role.topLevel {
      try Authority(role, root: root).refuseUnmeetable()
    }
  }

  /// Who signed for a role until now, where that is not who signs for it from now on.
  private func former(
    _ role: Role, than authority: Authority
  ) throws(RepositoryError) -> [Authority] {
    if newRoot == nil { return [] }
    let old = try Authority(role, root: state.root.signed)
    return old.isSame(as: authority) ? [] : [old]
  }

  private mutating func stage(
    _ entry: Ceremony.Entry, contents: JSONBuilder
  ) throws(RepositoryError) {
    let contents = contents.lasting(ceremony.days[entry.role])
    let draft = try Draft(
      entry.role, version: entry.version, contents: contents,
      expires: try expires(entry.role, contents))
    var entry = entry
    if draft.message.count > Self.mostUnlisted { entry.isListedByVersion = false }
    try sign(draft, entry)
  }

  /// The most bytes of a file of which the snapshot tells no length: python-tuf reads 5,000,000 then.
  package static let mostUnlisted = 4_500_000

  private func expires(
    _ role: Role, _ contents: JSONBuilder
  ) throws(RepositoryError) -> Int64 {
    let expires = expiries.expiry(of: role, contents, now: now)
    if expires <= now { throw .expiresAtOnce(role) }
    return expires
  }

  /// Signs a draft with the keys at hand and writes it.
  mutating func sign(_ draft: Draft, _ entry: Ceremony.Entry) throws(RepositoryError) {
    var draft = draft
    for authority in entry.needed { try draft.sign(for: authority, with: keys) }
    for authority in entry.wanted {
      try draft.sign(for: authority, with: keys, isPartial: false)
    }
    try keep(draft, entry)
  }

  /// Writes a draft as it is, and notes whether it is complete.
  mutating func keep(_ draft: Draft, _ entry: Ceremony.Entry) throws(RepositoryError) {
    let limit = Limits().listedLength
    guard draft.bytes.count <= limit else { throw .tooLarge(entry.role, limit: limit) }
    if isNew {
      try staging.write(draft.bytes, entry.fileName)
    } else {
      // What is there already may hold signatures that can't be had again.
      try staging.replace(draft.bytes, entry.fileName)
    }
    if entry.needed.allSatisfy(draft.meets) {
      incomplete.remove(entry.role)
    } else {
      incomplete.insert(entry.role)
    }
    ceremony.entries.append(entry)
  }

  // MARK: What follows

  /// Signs snapshot and timestamp as soon as nothing before them lacks a signature, and then puts all of it
  /// in place; or notes what it waits for.
  mutating func finish() throws(RepositoryError) -> Outcome {
    if incomplete.isEmpty { try stageSnapshot() }
    if incomplete.isEmpty { try stageTimestamp() }
    if ceremony.entries.isEmpty {
      // Files that were lost, of targets that are listed.
      try placeFiles()
      return .nothing
    }
    if !incomplete.isEmpty { return .waiting(try wait()) }
    return .placed(try place())
  }

  /// How a change ended.
  enum Outcome {
    /// There was nothing to do.
    case nothing
    /// It waits for signatures.
    case waiting([CeremonyStatus])
    /// It counts; the state from now on, and the versions in the order of their making.
    case placed((state: RepositoryState, versions: [(role: Role, version: Int64)]))
  }

  private mutating func stageSnapshot() throws(RepositoryError) {
    let authority = try Authority(.snapshot, root: root)
    let changed = ceremony.entries.filter { $0.role.isOfTargets }
    let isRekeyed = newRoot != nil && !authority.isMet(by: state.snapshot)
    guard !ceremony.entries.contains(where: { $0.role == .snapshot }),
      !changed.isEmpty || ceremony.snapshot || isRekeyed
    else { return }
    guard let meta = state.snapshot.signed["meta"] else {
      throw .field(file: "snapshot.json", name: "meta", expected: "an object")
    }
    var members: [(name: [UInt8], value: JSONBuilder)] = []
    for member in meta.members { members.append((Array(member.name), .verbatim(member.value))) }
    for entry in changed {
      let listed: JSONBuilder
      if entry.isListedByVersion {
        listed = ["version": .integer(entry.version)]
      } else {
        listed = MetadataForm.file(try staging.read(entry.fileName), version: entry.version)
      }
      members.append((entry.role.listedName, listed))
    }
    try stage(
      Ceremony.Entry(
        role: .snapshot, version: try state.nextVersion(of: .snapshot), needed: [authority],
        wanted: try former(.snapshot, than: authority), delegator: nil, isListedByVersion: false),
      contents: .editing(state.snapshot.signed, ["meta": .object(members)]))
  }

  private mutating func stageTimestamp() throws(RepositoryError) {
    let authority = try Authority(.timestamp, root: root)
    let snapshot = ceremony.entries.first { $0.role == .snapshot }
    let isRekeyed = newRoot != nil && !authority.isMet(by: state.timestamp)
    guard !ceremony.entries.contains(where: { $0.role == .timestamp }),
      snapshot != nil || ceremony.timestamp || isRekeyed
    else { return }
    if snapshot == nil, !ceremony.timestamp, try countersign(authority) { return }
    var contents = JSONBuilder.editing(state.timestamp.signed, [:])
    if let snapshot {
      let listed = MetadataForm.file(
        try staging.read(snapshot.fileName), version: snapshot.version)
      contents = .editing(state.timestamp.signed, ["meta": ["snapshot.json": listed]])
    }
    try stage(
      Ceremony.Entry(
        role: .timestamp, version: try state.nextVersion(of: .timestamp), needed: [authority],
        wanted: try former(.timestamp, than: authority), delegator: nil,
        isListedByVersion: false),
      contents: contents)
  }

  /// Lets new keys of the timestamp sign the one that is published, where the old ones are gone: old root and
  /// new can then both lead to it, which a new one without the old signatures could not.
  ///
  /// - Returns: false where the old keys are there, or the new ones are not.
  private mutating func countersign(_ authority: Authority) throws(RepositoryError) -> Bool {
    let former = try former(.timestamp, than: authority)
    if state.timestamp.expires <= now { return false }
    var areGone = false
    for authority in former where try authority.gapWhenUnlocked(in: keys) != nil { areGone = true }
    if !areGone { return false }
    var draft = try Draft(state.timestamp, role: .timestamp)
    try draft.sign(for: authority, with: keys, isPartial: false)
    guard draft.meets(authority) else { return false }
    try keep(
      draft,
      Ceremony.Entry(
        role: .timestamp, version: draft.version, needed: [authority], wanted: former,
        delegator: nil, isListedByVersion: false))
    return true
  }

  // MARK: Waiting

  private func wait() throws(RepositoryError) -> [CeremonyStatus] {
    let waiting = StagingArea(directory.appending("staging"))
    if staging.folder != waiting.folder, let other = try waiting.ceremony() {
      // This change could have been made beside the one that waits, but can't wait beside it.
      throw .ceremonyWaits(folder: waiting.folder, try waiting.status(of: other))
    }
    try staging.sync(ceremony.entries.map(\.fileName) + ceremony.stagedFiles)
    try noteBefore()
    try staging.write(ceremony)
    if staging.folder != waiting.folder {
      try onDisk { () throws(FileError) in
        try FileSystem.rename(staging.folder, to: waiting.folder)
        try FileSystem.syncDirectory(directory)
      }
    }
    return try waiting.status(of: ceremony)
  }

  /// The most files whose versions before are put beside them: nobody reads more.
  private static let mostBefore = 64

  /// Puts the published versions beside the new ones, for whoever signs far from here; of one of many bins
  /// there is nothing to read.
  private func noteBefore() throws(RepositoryError) {
    let finder = Delegators(state)
    let shown = ceremony.entries.filter { entry in
      entry.role == .root || entry.role.isOfTargets && !entry.isListedByVersion
    }
    for entry in shown.prefix(Self.mostBefore) {
      let before =
        entry.role.isTopLevel
        ? state.metadata(of: entry.role) : try finder.targets(of: entry.role)?.metadata
      if let before { try staging.write(before: before.bytes, of: entry.role) }
    }
  }
}
