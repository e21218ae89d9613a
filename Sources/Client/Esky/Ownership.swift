public import FileSystem
import Layout

/// Something in an app folder that somebody else could have put there or may change.
public struct OwnershipProblem: Error, Sendable {
  /// What it is.
  public let path: Path
  /// The app folder.
  public let root: Path
  /// The user id of its owner.
  public let owner: UserID
  /// The user id that this process goes by.
  public let user: UserID
  /// Where finders keep what can be made again.
  let updates: Path
  /// The user id of the app folder's owner.
  let rootOwner: UserID
  /// The first folder above the app folder that others may change, with its owner and group; nil for none.
  let above: (path: Path, owner: UserID, group: GroupID)?

  /// One sentence for a person, without a final stop.
  public var description: String {
    if user == 0 {
      let own = rootOwner == 0 ? "" : "run esky as the user whose app it is, or "
      return "\(whose), and root goes by nothing that others may change; \(own)\(way)\(otherWay)"
    }
    let why = "\(whose), and is not believed: that could make this user run whatever they like"
    // What a finder has there can be made again.
    if rootOwner == user, path.bytes.starts(with: updates.bytes) {
      return "\(why); remove it, or have an administrator do it: rm -rf \(updates.quoted)"
    }
    return
      "\(why); install the app in a folder of your own, or have an administrator do it"
  }

  /// What is wrong, without a remedy.
  var whose: String {
    owner == user
      ? "\(path.text) may be written by others" : "\(path.text) belongs to user \(owner)"
  }

  /// What makes it an app folder that root goes by.
  var way: String {
    // What else is in a folder of somebody else's, such as a home, is not root's to take.
    if rootOwner != 0 {
      return "unpack the app anew as root, in a folder that nobody else may write"
    }
    let own = "chown -R 0:0 \(root.quoted) && chmod -R go-w \(root.quoted)"
    guard let above else { return "make the folder root's own: \(own)" }
    let move = "move the app out of \(above.path.text)"
    return path == above.path ? move : "\(move) and make it root's own: \(own)"
  }

  /// What helps as well where a folder above is not root's alone.
  private var otherWay: String {
    guard let above, rootOwner == 0 else { return "" }
    if above.owner == 0 {
      return ", or let nobody else write that: chmod go-w \(above.path.quoted)"
    }
    return ", or give it to its user: chown -R \(above.owner):\(above.group) \(root.quoted)"
  }
}

/// Who may have put what this process goes by into an app folder.
///
/// As git has it with `safe.directory`:
///
/// - Root goes by what belongs to root and may be written by nobody else, with all folders above it; a sticky one above
///   (`/tmp`) is fine, as nobody can exchange in it what is another's.
/// - Another user goes by what belongs to him or to root. What members of his group may write he has
///   decided himself; but a folder of root's that everybody may write is nobody's app folder.
///
/// Once it holds, only those who are trusted can change it: what is opened later needs no second look.
enum Ownership {
  /// The first thing that is wrong; nil when nothing is.
  static func problem(
    of folder: AppFolder, user: UserID = EffectiveUser.id
  ) throws(FileError) -> OwnershipProblem? {
    let root = try FileSystem.status(folder.root)
    let above = user == 0 ? try foreignFolder(above: folder.root) : nil
    func problem(_ path: Path, _ status: FileStatus) -> OwnershipProblem? {
      if isTrusted(status, by: user) { return nil }
      return OwnershipProblem(
        path: path, root: folder.root, owner: status.owner, user: user,
        updates: folder.updates.path, rootOwner: root.owner,
        above: above.map { ($0.path, $0.status.owner, $0.status.group) })
    }
    if let found = problem(folder.root, root) { return found }
    if let above { return problem(above.path, above.status) }
    for (path, status) in try contents(of: folder, for: user) {
      if let found = problem(path, status) { return found }
    }
    return nil
  }

  /// The first folder above an app folder that is not root's alone to change; nil for none.
  private static func foreignFolder(above root: Path) throws(FileError) -> Found? {
    var path = try FileSystem.realPath(root)
    while path.bytes.count > 1 {
      path = path.parent
      let status = try FileSystem.status(path)
      if status.permissions & 0o1000 != 0 && status.owner == 0 { continue }
      if !isTrusted(status, by: 0) { return (path, status) }
    }
    return nil
  }

  private static func isTrusted(_ status: FileStatus, by user: UserID) -> Bool {
    // A link says where to go and nothing else; none is followed where it matters.
    let writable = status.kind == .symbolicLink ? 0 : status.permissions & 0o022
    if user == 0 { return status.owner == 0 && writable == 0 }
    return status.owner == user || status.owner == 0 && writable & 0o002 == 0
  }

  /// Something that root left in a folder of this user's, so that he can't change it; nil for nothing.
  static func leftByRoot(
    in folder: AppFolder, user: UserID = EffectiveUser.id
  ) throws(FileError) -> Path? {
    guard user != 0, try FileSystem.status(folder.root).owner == user else { return nil }
    for (path, status) in try contents(of: folder, for: user)
    where status.owner == 0
      && (status.kind == .directory || path.bytes.starts(with: folder.updates.path.bytes))
    {
      return path
    }
    return nil
  }

  private typealias Found = (path: Path, status: FileStatus)

  /// What a finder reads, writes or puts into the app folder: the work area, each version's control files and what it
  /// still has for the app folder, and the lists of other apps.
  ///
  /// What a user may not look at he goes by in nothing.
  private static func contents(
    of folder: AppFolder, for user: UserID
  ) throws(FileError) -> [Found] {
    var found: [Found] = []
    let work = folder.work
    do throws(FileError) {
      try add(folder.updates.path, &found)
      try add(work.folder.path, &found)
      for area in [work.folder, work.metadata, work.downloads] {
        for entry in try area.listIfPresent() { try add(area.file(entry.name).path, &found) }
      }
    } catch {
      if user == 0 || !error.isDenied { throw error }
    }
    for entry in try FileSystem.list(folder.root) {
      guard let name = VersionDirectoryName(parsing: entry.name) else { continue }
      do throws(FileError) {
        try add(folder.version(name), of: folder.app, &found)
      } catch {
        if user == 0 || !error.isDenied { throw error }
      }
    }
    return found
  }

  private static func add(
    _ version: VersionFolder, of app: AppName, _ found: inout [Found]
  ) throws(FileError) {
    for path in [version.path, version.bootstrapFile, version.withdrawnFile] {
      try add(path, &found)
    }
    guard version.name.belongs(to: app) else { return }
    for path in [
      version.controlFiles, version.replacesFile, version.settingsFile, version.trustedRoot,
      version.manifestFile, version.finder,
    ] {
      try add(path, &found)
    }
    try addTree(version.bootstrapFolder, &found)
  }

  private static func add(_ path: Path, _ found: inout [Found]) throws(FileError) {
    do throws(FileError) {
      found.append((path, try FileSystem.linkStatus(path)))
    } catch {
      if !error.isMissing { throw error }
    }
  }

  private static func addTree(_ path: Path, _ found: inout [Found]) throws(FileError) {
    let before = found.count
    try add(path, &found)
    guard found.count > before, found[before].status.kind == .directory else { return }
    for entry in try FileSystem.list(path) { try addTree(path.appending(entry.name), &found) }
  }
}
