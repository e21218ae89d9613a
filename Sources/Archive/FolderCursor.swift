import FileSystem

/// The open folders from the top of a tree down to where work goes on.
///
/// Moving on closes and opens only what differs, so that a walk in the order of the tree opens each folder
/// once. Every step is by one name in the folder above, links refused: nothing that appears in the tree
/// meanwhile can lead out of it. One descriptor is open for each level, which ``ArchiveLimits/depth`` bounds.
struct FolderCursor: ~Copyable {
  // An array can't hold what is not copyable, hence the class.
  final class OpenFolder {
    let directory: Directory
    init(_ directory: consuming Directory) { self.directory = directory }
  }

  private let top: OpenFolder
  private var open: [OpenFolder] = []
  private var names: [[UInt8]] = []

  init(_ path: Path) throws(FileError) {
    top = OpenFolder(try Directory(path))
  }

  /// Goes to a folder by its components from the top.
  mutating func move(to components: [[UInt8]]) throws(FileError) {
    var shared = 0
    while shared < min(names.count, components.count), names[shared] == components[shared] {
      shared += 1
    }
    open.removeSubrange(shared...)
    names.removeSubrange(shared...)
    for name in components[shared...] {
      open.append(OpenFolder(try current.directory.openDirectory(name)))
      names.append(name)
    }
  }

  /// The folder that the cursor is at.
  var current: OpenFolder { open.last ?? top }
}
