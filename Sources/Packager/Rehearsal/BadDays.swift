import Bytes
public import FileSystem
import JSON
import Repository
import TUF

/// Plays bad days on a repository, with real clients, in a sandbox.
///
/// A freeze, endless data and a stale copy are played with its own metadata. What needs signatures or other
/// dates, such as expiry, lost keys, rotations and replays, is played on a twin: a repository of the same
/// roles, thresholds and shared keys, whose keys are thrown away. No private key of the original is needed,
/// and nothing of it changes.
public struct BadDays {
  let original: RepositoryFolder
  let sandbox: Path
  let now: Int64
  /// What was played so far.
  public internal(set) var days: [BadDay] = []
  private var twins = 0

  /// Plays all of it.
  ///
  /// - Parameters:
  ///   - sandbox: an empty folder to play in.
  ///   - now: seconds since 1970 UTC.
  public init(
    _ original: RepositoryFolder, in sandbox: Path, now: Int64
  ) throws(RepositoryError) {
    self.original = original
    self.sandbox = sandbox
    self.now = now
    try playToday()
    guard days.first?.outcome == .unharmed else { return }
    try playExpiry()
    try playLies()
    try playReplay()
    try playMixAndMatch()
    try playBotchedRotation()
    try playLostKeys()
  }

  mutating func twin(_ expiries: Expiries = Expiries()) throws(RepositoryError) -> Twin {
    twins += 1
    return try Twin(
      of: original, in: sandbox.appending("twin-\(twins)"), now: now, expiries: expiries)
  }

  /// What is published, behind a server that can lie, and clients that have seen nothing yet.
  private func served() throws(RepositoryError) -> (RehearsalServer, RehearsalClients) {
    let server = RehearsalServer(RepositoryFolder.metadata(original.directory))
    let files = MetadataFiles(RepositoryFolder.metadata(original.directory))
    let start = try RepositoryState.firstRoot(files) ?? 1
    let first = try files.require(Role.root.fileName(start), limit: Limits().rootLength)
    return (
      server,
      RehearsalClients(
        server, in: sandbox.appending("copy-\(days.count)"), firstRoot: first)
    )
  }

  // MARK: On what is published

  private mutating func playToday() throws(RepositoryError) {
    let (_, clients) = try served()
    if let refused = try clients.update(at: now) {
      var isExpired = false
      if case .expired = refused.rule { isExpired = true }
      days.append(
        BadDay(
          "today", isExpired ? .safe : .stuck, seen: refused.description,
          remedy: "run bundle-esky check, then refresh or restore what it names"))
    } else {
      days.append(
        BadDay("today", .unharmed, seen: "a newcomer gets from the first root to the newest"))
    }
  }

  private mutating func playExpiry() throws(RepositoryError) {
    for status in try original.status(now: now).sorted(by: { $0.expires < $1.expires }) {
      // A twin of which this role alone runs out, on the next day, and is renewed then.
      var expiries = Expiries(root: 100, targets: 100, snapshot: 100, timestamp: 100)
      expiries.set(status.role, days: 1)
      var twin = try twin(expiries)
      let tomorrow = now + 86_400
      let refused = try twin.clients.update(at: tomorrow)
      let kept = try twin.clients.trusted(.timestamp)
      try twin.renew(at: tomorrow)
      let renewed = try twin.clients.update(at: tomorrow)
      var isRefused = false
      if case .expired(let file, _, _, _) = refused?.rule {
        isRefused = file.hasSuffix("\(status.role.name).json")
      }
      days.append(
        BadDay(
          "\(status.role.name) is not renewed by \(UTCTime.text(status.expires).prefix(10))",
          isRefused && kept != nil && renewed == nil ? .safe : .stuck,
          seen: isRefused
            ? "clients refuse \(status.role.name).json as expired, and go on once it is renewed"
            : refused?.description ?? "clients take what has expired",
          remedy: "run bundle-esky refresh before that"))
    }
  }

  private mutating func playLies() throws(RepositoryError) {
    var (server, clients) = try served()
    _ = try clients.update(at: now)
    // Whichever file runs out first.
    let expires = try original.status(now: now).map(\.expires).min() ?? now
    let kept = try clients.update(at: expires - 1)
    let refused = try clients.update(at: expires)
    days.append(
      BadDay(
        "freeze: a mirror goes on with today's files",
        kept == nil && refused != nil ? .safe : .stuck,
        seen:
          "not noticed before \(UTCTime.text(expires).prefix(10)); then: \(refused?.description ?? "nothing")",
        remedy: "none; shorter expiry of timestamp or snapshot shortens it"))

    (server, clients) = try served()
    server.isEndless = true
    let endless = try clients.update(at: now)
    days.append(
      BadDay(
        "endless data: files without an end", endless == nil ? .stuck : .safe,
        seen: "ended after \(server.sent) bytes: \(endless?.description ?? "nothing")"))

    (server, clients) = try served()
    server.forged[Role.snapshot.fileName(original.version(of: .snapshot))] = .some(nil)
    let stale = try clients.update(at: now)
    server.forged = [:]
    let later = try clients.update(at: now)
    days.append(
      BadDay(
        "stale CDN: the newest snapshot is not there yet",
        stale != nil && later == nil ? .safe : .stuck,
        seen: stale?.description ?? "nothing",
        remedy: "none; clients ask again, and publishing puts the timestamp last"))
  }

  // MARK: On a twin

  private mutating func playReplay() throws(RepositoryError) {
    var twin = try twin()
    let old = twin.repository.state.timestamp.bytes
    try twin.publish(1)
    _ = try twin.clients.update(at: now)
    twin.server.forged["timestamp.json"] = old
    let refused = try twin.clients.update(at: now)
    let version = try twin.clients.trusted(.timestamp)
    days.append(
      BadDay(
        "replay: yesterday's timestamp comes back",
        refused != nil && version == twin.repository.version(of: .timestamp) ? .safe : .stuck,
        seen: refused?.description ?? "clients went back"))
  }

  private mutating func playMixAndMatch() throws(RepositoryError) {
    var twin = try twin()
    let old = twin.repository.state.targets.metadata.bytes
    try twin.publish(1)
    let name = Role.targets.fileName(twin.repository.version(of: .targets))
    twin.server.forged[name] = old
    let refused = try twin.clients.update(at: now)
    twin.server.forged = [:]
    let later = try twin.clients.update(at: now)
    days.append(
      BadDay(
        "mix and match: old targets under the new name",
        refused != nil && later == nil ? .safe : .stuck,
        seen: refused?.description ?? "clients took them"))
  }

  private mutating func playBotchedRotation() throws(RepositoryError) {
    var twin = try twin()
    let next = twin.repository.version(of: .root) + 1
    let stranger = try PrivateKey()
    var draft = try Draft(
      .root, version: next, contents: .editing(twin.repository.state.root.signed, [:]),
      expires: now + 86_400)
    draft.add(Signature(id: stranger.object.id, bytes: stranger.sign(draft.message)))
    twin.server.forged[Role.root.fileName(next)] = draft.bytes
    let refused = try twin.clients.update(at: now)
    twin.server.forged = [:]
    try twin.publish(1)
    let later = try twin.clients.update(at: now)
    days.append(
      BadDay(
        "a botched rotation: root \(next) is put up without the old keys' signatures",
        refused != nil && later == nil ? .safe : .stuck,
        seen: refused?.description ?? "clients took it",
        remedy: "remove the file from the server; bundle-esky rotate never publishes one"))
  }
}
