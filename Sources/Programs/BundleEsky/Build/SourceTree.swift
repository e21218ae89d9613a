import Archive
import Bytes
import FileSystem
import Layout
import Repository

/// The frozen app's folder, read and checked: what becomes the version directory.
struct SourceTree {
  struct Entry {
    enum Kind {
      case directory
      case file(size: Int64)
      case link(target: [UInt8])
    }

    /// The path in the folder.
    let path: [UInt8]
    let kind: Kind
    /// 0755 for folders and what its owner may execute, 0644 for all else: nothing more is kept of modes.
    let permissions: FileMode
  }

  let folder: Path
  /// Everything in the folder, by the bytes of the paths: folders before what they hold.
  private(set) var entries: [Entry] = []
  /// The size of all files, in bytes.
  private(set) var size: Int64 = 0

  /// Walks the folder; what can't be in a bundle is refused with the reason.
  init(_ folder: Path) throws {
    self.folder = folder
    try Failure.naming {
      guard try FileSystem.status(folder).kind == .directory else {
        throw Failure("\(folder.text) is not a folder")
      }
      try walk(folder, prefix: [])
    }
    if entries.isEmpty { throw Failure("\(folder.text) is empty") }
    entries.sort { $0.path.lexicographicallyPrecedes($1.path) }
  }

  private mutating func walk(_ directory: Path, prefix: [UInt8]) throws {
    for entry in try FileSystem.list(directory) {
      let path = prefix + entry.name
      let place = directory.appending(entry.name)
      if prefix.isEmpty, Self.reserved.contains(where: { $0.bytes == entry.name }) {
        throw Failure("\(place.text) has a name that bundles need for themselves; rename it")
      }
      if path.contains(0x0a) {
        // Without the name: it would break the line here too.
        throw Failure("\(directory.text) holds a file with a line break in its name; rename it")
      }
      let status = try FileSystem.linkStatus(place)
      switch status.kind {
      case .directory:
        entries.append(Entry(path: path, kind: .directory, permissions: 0o755))
        try walk(place, prefix: path + [UInt8(ascii: "/")])
      case .regular:
        if SecretFile.isKey(place) {
          throw Failure(
            "\(place.text) is a private key of a repository, which a bundle must never hold; build from the folder of the app alone"
          )
        }
        guard status.permissions & 0o6000 == 0 else {
          throw Failure(
            "\(place.text) is setuid or setgid, which an update must not bring; chmod it")
        }
        let isExecutable = status.permissions & 0o100 != 0
        entries.append(
          Entry(
            path: path, kind: .file(size: status.size), permissions: isExecutable ? 0o755 : 0o644))
        size += status.size
      case .symbolicLink:
        let target = try FileSystem.readSymbolicLink(place).bytes
        entries.append(Entry(path: path, kind: .link(target: target), permissions: 0o777))
      case .other:
        throw Failure("\(place.text) is a device, socket or pipe; a bundle can't hold it")
      }
    }
  }

  private static let reserved: [StaticString] = [
    "esky-files", "esky-bootstrap", "esky-bootstrap.txt", "esky-bootstrap.withdrawn",
    "esky-replaces.txt",
  ]

  /// True when a path is a file that may be executed, directly or through a link in the folder.
  func isProgram(_ path: [UInt8]) -> Bool {
    guard let entry = entries.first(where: { $0.path == path }) else { return false }
    let place = folder.appending(path)
    switch entry.kind {
    case .directory: return false
    case .file: return entry.permissions & 0o111 != 0
    case .link:
      return (try? FileSystem.status(place))?.kind == .regular && FileSystem.isExecutable(place)
    }
  }

  /// Executable files at the top of the folder, for a hint.
  var programsAtTop: [[UInt8]] {
    entries.map(\.path).filter { !$0.contains(0x2f) && isProgram($0) }
  }
}
