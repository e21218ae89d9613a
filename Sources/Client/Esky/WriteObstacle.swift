public import FileSystem
import Layout

/// What keeps a user from changing an app folder, and who can do something about it.
public struct WriteObstacle: Sendable {
  /// Why something can't be written.
  enum Reason: Sendable {
    /// Nobody writes on its volume.
    case volume
    /// Nobody writes it, whatever its mode.
    case attribute
    /// It is the user's, who has no right to write it.
    case ownMode
    /// It is another user's.
    case other
    /// It is root's, who would not go by the folder either, for that reason.
    case root(OwnershipProblem?)
  }

  /// What can't be written: the app folder, or something in its work area.
  public let path: Path
  /// The app folder.
  public let root: Path
  /// The user id of its owner.
  public let owner: UserID
  let reason: Reason

  /// Looks for one; nil where the user may change the folder.
  ///
  /// What root made in a folder of the user's own is none: it is told by ``Ownership/leftByRoot(in:user:)``.
  ///
  /// - Parameter user: whose rights this process goes by.
  init?(to folder: AppFolder, for user: UserID) {
    guard let root = try? FileSystem.status(folder.root) else { return nil }
    var found = Self.look(at: folder.root, root, user)
    let work = folder.work
    for place in [folder.updates, work.folder, work.metadata, work.downloads] where found == nil {
      guard let status = try? FileSystem.linkStatus(place.path), status.kind == .directory,
        root.owner != user || status.owner == user
      else { continue }
      found = Self.look(at: place.path, status, user)
    }
    // Whoever made the lock is the only one who can open it.
    if found == nil, user != 0, root.owner != user,
      let lock = try? FileSystem.linkStatus(work.lock.path), lock.owner != user
    {
      found = (work.lock.path, lock.owner, .other)
    }
    guard let found else { return nil }
    path = found.path
    owner = found.owner
    self.root = folder.root
    if case .other = found.reason, owner == 0 {
      reason = .root((try? Ownership.problem(of: folder, user: 0)) ?? nil)
    } else {
      reason = found.reason
    }
  }

  private typealias Found = (path: Path, owner: UserID, reason: Reason)

  private static func look(at path: Path, _ status: FileStatus, _ user: UserID) -> Found? {
    do throws(FileError) {
      try FileSystem.checkWritable(path)
      return nil
    } catch {
      // Of a volume that is mounted twice, the system speaks of the mode first.
      if error.isOfReadOnlyVolume || FileSystem.isOnReadOnlyVolume(path) {
        return (path, status.owner, .volume)
      }
      if error.isOfAttribute { return (path, status.owner, .attribute) }
      return (path, status.owner, status.owner == user ? .ownMode : .other)
    }
  }

  /// One sentence for a person, without a final stop.
  ///
  /// - Parameters:
  ///   - finder: the one that an administrator could start.
  ///   - user: whose rights this process goes by.
  func description(finder: Path, user: UserID, group: GroupID) -> String {
    switch reason {
    case .volume:
      return
        "\(path.text) is on a volume that is mounted for reading only; the app can be updated once it is mounted for writing"
    case .attribute:
      return
        "\(path.text) may be changed by nobody, as its attributes say; an administrator can lift that: chattr -i \(path.quoted)"
    case .ownMode:
      return
        "\(path.text) can't be written by the user whose it is; allow it again: chmod u+rwx \(path.quoted)"
    case .other:
      return "\(path.text) can't be written here; user \(owner), whose it is, can update it"
    case .root(nil):
      return
        "\(path.text) belongs to root; an administrator can update it (sudo \(finder.quoted) --root \(root.quoted) update)"
    case .root(let problem?):
      // Others may need what is in a folder that is not below one of this user's.
      let own =
        problem.above?.owner == user
        ? ", or make it this user's own: chown -R \(user):\(group) \(root.quoted)" : ""
      return
        "\(path.text) belongs to root, who would not update it either: \(problem.whose); an administrator can \(problem.way)\(own)"
    }
  }
}
