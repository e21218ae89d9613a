import CPosix
import FileSystem

/// What has to be made, in the order of a walk through the tree.
struct ExtractionPlan {
  /// A folder, recorded or implied by what is in it.
  struct Folder {
    let components: [[UInt8]]
    let permissions: mode_t
  }

  /// Folders, those above before those in them.
  private(set) var folders: [Folder] = []
  private(set) var files: [ArchiveEntry] = []
  private(set) var links: [(entry: ArchiveEntry, target: [UInt8])] = []

  /// Plans entries that passed ``TreeCheck``.
  init(_ entries: [ArchiveEntry]) {
    // The folders known on the way to the entry before; in this order a shared one is never left earlier.
    var known: [[UInt8]] = []
    for index in TreeCheck.sorted(entries) {
      let entry = entries[index]
      let components = entry.path.components
      var shared = 0
      while shared < min(known.count, components.count), known[shared] == components[shared] {
        shared += 1
      }
      let parents = entry.path.parentComponents
      while shared < parents.count {
        shared += 1
        folders.append(Folder(components: Array(parents[..<shared]), permissions: 0o755))
      }
      switch entry.kind {
      case .directory:
        folders.append(Folder(components: components, permissions: entry.permissions))
        known = components
      case .file:
        files.append(entry)
        known = parents
      case .symbolicLink(let target):
        links.append((entry, target))
        known = parents
      }
    }
  }
}
