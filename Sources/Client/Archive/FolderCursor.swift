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
  private var names: [ArraySlice<UInt8>] = []

  init(_ folder: Folder) throws(FileError) {
    top = OpenFolder(try folder.open())
  }

  /// Goes to the folder of a path from the top, which an empty path is.
  mutating func move(to path: ArraySlice<UInt8>) throws(FileError) {
    let wanted = path.isEmpty ? [] : path.split(separator: slash)
    var shared = 0
    while shared < min(names.count, wanted.count), names[shared] == wanted[shared] { shared += 1 }
    open.removeSubrange(shared...)
    names.removeSubrange(shared...)
    for name in wanted[shared...] {
      open.append(OpenFolder(try current.directory.openDirectory(Array(name))))
      names.append(name)
    }
  }

  /// Goes to the folder that holds a path, and gives the path's last component.
  mutating func move(toParentOf path: ArraySlice<UInt8>) throws(FileError) -> [UInt8] {
    guard let last = path.lastIndex(of: slash) else {
      try move(to: [])
      return Array(path)
    }
    try move(to: path[..<last])
    return Array(path[(last + 1)...])
  }

  /// The folder that the cursor is at.
  var current: OpenFolder { open.last ?? top }
}
