import Bytes
public import FileSystem
import Layout

/// Why a folder of caches is not taken for a user's own.
public struct CacheObstacle: Sendable {
  /// The folder.
  public let path: Path
  /// The user id of its owner.
  public let owner: UserID
  /// Its permission bits.
  public let permissions: FileMode

  /// True for what is the user's by its place: others may need what lies elsewhere.
  private let isInHome: Bool

  /// Looks for the first folder on the way to a place in the caches that is not the user's own; nil for none.
  init?(to work: WorkArea, for user: UserID) {
    guard let path = UserCache.foreignFolder(to: work),
      let status = try? FileSystem.status(path)
    else { return nil }
    self.path = path
    let home = ProcessEnvironment.value(of: "HOME").map { Path($0) }
    // What a link leads to may be there for others.
    isInHome =
      home.map { path == $0.appending(".cache") } ?? false
      && (try? FileSystem.linkStatus(path))?.kind == .directory
    owner = status.owner
    permissions = status.permissions
  }

  /// One sentence for a person, without a final stop.
  func description(user: UserID, group: GroupID) -> String {
    let elsewhere = "name a folder of this user's own in XDG_CACHE_HOME"
    // Others keep their own things in it.
    if permissions & 0o1000 != 0 {
      return "\(path.text) is there for everybody, and what is kept of checks is not; \(elsewhere)"
    }
    if owner == user {
      return
        "\(path.text) may be written by everybody, and what is kept of checks goes by nobody else; take that right away (chmod o-w \(path.quoted)), or \(elsewhere)"
    }
    // What is another's stays his, whoever called sudo.
    let isOurs = path.lastComponent == ("esky" as StaticString).bytes || isInHome
    let remedy =
      user == 0 || !isOurs
      ? elsewhere
      : "an administrator can give it to this user (chown -R \(user):\(group) \(path.quoted)), or \(elsewhere)"
    return
      "\(path.text) belongs to \(owner == 0 ? "root" : "user \(owner)"), and what is kept of checks needs a folder of this user's own; \(remedy)"
  }
}
