import Foundation
import Testing

/// A user without rights, and his group.
let nobody: UInt32 = 65534

extension Story {
  /// 1.0 installed by root where everybody may look, and 1.1 published.
  static func ofRoots() throws -> Story {
    try #require(geteuid() == 0, "these tests give files to other users, which takes root")
    let story = try Story()
    try story.release("1.1")
    chmod(story.user.folder.path, 0o755)
    return story
  }
}

extension TemporaryFolder {
  /// A folder of ``nobody``'s own.
  static func ofNobodys() throws -> TemporaryFolder {
    let folder = try TemporaryFolder("home")
    chown(folder.path, nobody, nobody)
    return folder
  }
}
