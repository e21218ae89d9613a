import FileSystem
import TUF

/// A folder in which a change stands beside what is published: `building/` while it is made, `staging/` while
/// it waits for signatures.
///
/// ```
/// 3.root.json, 7.targets.json …   new metadata, with the signatures that it has so far
/// 7.targets.json.gz               its compressed copy
/// files/0, 1 …                    files that become targets
/// ceremony.json                   what the metadata still needs
/// placing.json                    the moves that put it all in place; once it is there, they happen
/// ```
///
/// `building/` without the last one is what a crash left, and the next change clears it away.
struct StagingArea: Sendable {
  let folder: Path

  init(_ folder: Path) {
    self.folder = folder
  }

  /// The folder's own name, which paths in the repository begin with.
  var name: [UInt8] { folder.lastComponent }

  private var ceremonyPath: Path { folder.appending("ceremony.json") }
  private var placingPath: Path { folder.appending("placing.json") }
  var files: Path { folder.appending("files") }

  /// Empties the folder, and makes it where it is missing.
  func prepare() throws(RepositoryError) {
    try clear()
    try onDisk { () throws(FileError) in
      try FileSystem.makeDirectories(files)
      try FileSystem.syncDirectory(folder.parent)
    }
  }

  func clear() throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      // These two say what the rest is: they go first.
      try FileSystem.removeIfPresent(ceremonyPath)
      try FileSystem.removeIfPresent(placingPath)
      try FileSystem.removeTree(folder)
    }
  }

  /// Writes a file of metadata; ``sync(_:)`` makes it durable.
  func write(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      let file = try File(folder.appending(name), .createOrTruncate, permissions: 0o644)
      try file.setPermissions(0o644)
      try file.write(bytes)
    }
  }

  func read(_ name: String) throws(RepositoryError) -> [UInt8] {
    try onDisk { () throws(FileError) in
      try FileSystem.read(folder.appending(name), limit: Int(clamping: Limits().listedLength))
    }
  }

  /// Returns once files in the folder are on disk.
  func sync(_ names: [String]) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      // One call for the whole volume beats thousands for single files, and a few files beat the volume.
      if names.count > 32 {
        let volume = try File(folder, .read)
        if try volume.syncVolume() { return }
      }
      for name in names { try File(folder.appending(name), .read).sync() }
      try FileSystem.syncDirectory(folder)
    }
  }

  // MARK: A ceremony

  /// True when something waits for signatures, be it that the note of it can't be read.
  var hasCeremony: Bool {
    get throws(RepositoryError) {
      try onDisk { () throws(FileError) in try FileSystem.exists(ceremonyPath) }
    }
  }

  /// What waits for signatures; nil when nothing does.
  func ceremony() throws(RepositoryError) -> Ceremony? {
    guard let bytes = try MetadataFiles.read(ceremonyPath, limit: 64 << 20) else { return nil }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONDocument(parsing: bytes).root
    } catch {
      throw .badCeremony(ceremonyPath, reason: error.description)
    }
    guard let ceremony = try Ceremony(value) else {
      throw .badCeremony(ceremonyPath, reason: "it is of another format")
    }
    return ceremony
  }

  /// Notes what waits for signatures; atomic, and durable on return.
  func write(_ ceremony: Ceremony) throws(RepositoryError) {
    let bytes = try ceremony.json.text(ceremonyPath.text)
    try onDisk { () throws(FileError) in
      try FileSystem.writeAtomically(bytes, to: ceremonyPath)
    }
  }

  // MARK: Putting in place

  /// Decides that a change happens: from here on it is carried out, by whoever comes next if need be.
  func write(_ placement: Placement) throws(RepositoryError) {
    let bytes = try placement.json.text(placingPath.text)
    try onDisk { () throws(FileError) in
      try FileSystem.writeAtomically(bytes, to: placingPath)
    }
  }

  /// The moves that were decided on and perhaps begun; nil when there are none.
  func placement() throws(RepositoryError) -> Placement? {
    guard let bytes = try MetadataFiles.read(placingPath, limit: 256 << 20) else { return nil }
    do throws(JSONError) {
      return Placement(try JSONDocument(parsing: bytes).root)
    } catch {
      throw .badCeremony(placingPath, reason: error.description)
    }
  }
}
