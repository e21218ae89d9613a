import JSON
import TUF

/// How a role stands.
public struct RoleStatus: Sendable {
  /// The role.
  public let role: Role
  /// Who delegates to it; nil for a top-level one.
  public var delegator: Role?
  /// What the names of it and its like begin with, for one of many bins; nil for any other role.
  public var bins: String?
  /// How many targets it lists itself.
  public var targets = 0
  /// The current version.
  public let version: Int64
  /// When it expires, in seconds since 1970 UTC.
  public let expires: Int64
  /// Whole days until then; negative once it has expired.
  public let daysLeft: Int
  /// For how many days it is valid each time it is signed.
  public let period: Int
  /// The ids of the keys that may sign for it.
  public let keyIDs: [String]
  /// Those of them that clients count, in the same order.
  public let keys: [KeyObject]
  /// How many of them must.
  public let threshold: Int
  /// The ids of those that did, their signatures checked.
  public let signedBy: [String]

  init(_ role: Role, _ file: SignedMetadata, _ authority: Authority, _ now: Int64) {
    self.init(
      role, version: file.version, expires: file.expires,
      period: Expiries().days(of: role, .verbatim(file.signed)), authority,
      signedBy: authority.signers(of: file), now)
  }

  init(
    _ role: Role, version: Int64, expires: Int64, period: Int, _ authority: Authority,
    signedBy: [String], _ now: Int64
  ) {
    self.role = role
    self.version = version
    self.expires = expires
    self.period = period
    daysLeft = Int((Double(expires - now) / 86_400).rounded(.down))
    keyIDs = authority.keys.map(\.id)
    keys = authority.keys.compactMap(\.object)
    threshold = authority.threshold
    self.signedBy = signedBy
  }
}

extension RepositoryFolder {
  /// How each top-level role stands, in the order in which a client trusts them.
  public func status(now: Int64) throws(RepositoryError) -> [RoleStatus] {
    var all: [RoleStatus] = []
    for role in Role.topLevel {
      let authority = try Authority(role, root: state.root.signed)
      all.append(RoleStatus(role, state.metadata(of: role), authority, now))
    }
    all[3].targets = state.targets.paths.count
    return all
  }

  /// How each delegation stands: as ``delegatedStatus(now:)``, with the first bin for all of its like.
  package func delegationStatus(now: Int64) throws(RepositoryError) -> [RoleStatus] {
    var seen: Set<String> = []
    return try delegatedStatus(now: now).filter { status in
      seen.insert(status.bins ?? status.role.name).inserted
    }
  }

  /// The ids of the keys of a role, top-level or delegated; of bins by what their names begin with.
  ///
  /// - Throws: ``RepositoryError/noRole(_:)``.
  public func keyIDs(of role: Role) throws(RepositoryError) -> [String] {
    try authority(of: role)?.keys.map(\.id) ?? []
  }

  /// The id under which a role lists a key; nil for a key that it does not list.
  ///
  /// - Throws: ``RepositoryError/noRole(_:)``.
  public func id(of key: KeyObject, in role: Role) throws(RepositoryError) -> String? {
    try authority(of: role)?.keys.first { $0.object == key }?.id
  }

  private func authority(of role: Role) throws(RepositoryError) -> Authority? {
    if role.isTopLevel { return try Authority(role, root: state.root.signed) }
    guard let parent = try Delegators(state).delegatorOfAll(role) else { throw .noRole(role) }
    let list = DelegationList(parent.targets)
    return try list.authority(of: list.members(role)[0], source: parent.role.name)
  }

  /// The ids of keys that a role had by earlier versions that are still there, and has no more.
  public func formerKeyIDs(of role: Role) throws(RepositoryError) -> [String] {
    let current = try keyIDs(of: role)
    let source = role.isTopLevel ? Role.root : try Delegators(state).delegatorOfAll(role)?.role
    guard let source else { return [] }
    var former: [String] = []
    let files = MetadataFiles(metadataFolder)
    var version = state.version(of: source) - 1
    while version > 0 {
      guard let bytes = try files.read(source.fileName(version), limit: Limits().listedLength)
      else { break }
      let metadata = try checked(directory) { () throws(TUFError) in
        try SignedMetadata(parsing: bytes, as: source.type, file: source.fileName(version))
      }
      let authority: Authority?
      if role.isTopLevel {
        authority = try Authority(role, root: metadata.signed)
      } else {
        let list = DelegationList(metadata.signed["delegations"])
        authority = try list.authority(
          of: list.members(role).first ?? role, source: source.fileName(version))
      }
      for key in authority?.keys ?? [] where !current.contains(key.id) { former.append(key.id) }
      version -= 1
    }
    return former
  }
}
