import FileSystem
import TUF

/// How a role stands.
public struct RoleStatus: Sendable {
  /// The role.
  public let role: Role
  /// The current version.
  public let version: Int64
  /// When it expires, in seconds since 1970 UTC.
  public let expires: Int64
  /// Whole days until then; negative once it has expired.
  public let daysLeft: Int
  /// The ids of the keys that may sign for it.
  public let keyIDs: [String]
  /// The keys that clients count, in the same order.
  public let keys: [KeyObject]
  /// How many of them must.
  public let threshold: Int
  /// The ids of those that did, their signatures checked.
  public let signedBy: [String]
}

extension RepositoryFolder {
  /// How each top-level role stands, in the order in which a client trusts them.
  public func status(now: Int64) throws(RepositoryError) -> [RoleStatus] {
    var all: [RoleStatus] = []
    for role in Role.topLevel {
      let file = state.metadata(of: role)
      let authority = try Authority(role, root: state.root.signed)
      let days = Double(file.expires - now) / 86_400
      all.append(
        RoleStatus(
          role: role, version: file.version, expires: file.expires,
          daysLeft: Int(days.rounded(.down)), keyIDs: authority.keys.map(\.id),
          keys: authority.keys.compactMap(\.object),
          threshold: authority.threshold, signedBy: authority.signers(of: file)))
    }
    return all
  }

  /// The ids of the keys of a role, top-level or delegated; of bins by what their names begin with.
  public func keyIDs(of role: Role) throws(RepositoryError) -> [String] {
    if role.isTopLevel { return try Authority(role, root: state.root.signed).keys.map(\.id) }
    guard let parent = try Delegators(state).delegatorOfAll(role) else { throw .noRole(role) }
    let list = DelegationList(parent.targets)
    let authority = try list.authority(of: list.members(role)[0], source: parent.role.name)
    return authority?.keys.map(\.id) ?? []
  }

  /// Checks all that a client could ask for: the metadata as it is on disk, its expiry at a time, and
  /// every target file byte for byte.
  public func check(now: Int64) throws(RepositoryError) {
    let current = try RepositoryState(directory)
    for role in Role.topLevel {
      let file = current.metadata(of: role)
      if file.expires <= now {
        throw .metadata(
          folder: directory,
          .expired(file: role.fileName(file.version), at: file.expires, now: now))
      }
    }
    for target in try RepositoryFolder(directory, state: current, expiries: expiries).targets() {
      let name = try TargetName(String(decoding: target.path, as: UTF8.self))
      for digest in target.hashes where digest.algorithm == .sha256 {
        try check(target, name, digest)
      }
    }
  }

  private func check(
    _ target: TargetFile, _ name: TargetName, _ digest: Digest
  ) throws(RepositoryError) {
    let path = targetsFolder.appending(name.path(sha256: digest.hex))
    let read: (length: Int64, sha256: Digest)
    do throws(FileError) {
      let file = try File(path, .read)
      read = try TargetCopy.hash(file) { (_) throws(FileError) in }
    } catch {
      if error.isMissing { throw .changedTarget(name, file: path) }
      throw .file(error)
    }
    if read.length != target.length || read.sha256 != digest {
      throw .changedTarget(name, file: path)
    }
  }
}
