import FileSystem
import JSON
import TUF

/// A folder in which a change stands beside what is published: `building/` while it is made, `staging/` while
/// it waits for signatures.
///
/// ```
/// 3.root.json, 7.targets.json …   new metadata, with the signatures that it has so far
/// 7.targets.json.gz               its compressed copy
/// files/0, 1 …                    files that become targets
/// before/root.json …              the published versions, to show what changes where they are not at hand
/// ceremony.json                   what the metadata still needs
/// crossing.json                   copies of these on other volumes, beside the names that they will have
/// placing.json                    the moves that put it all in place; once it is there, they happen
/// ```
///
/// `building/` without the last one is what a crash left, and the next change clears it away.
package struct StagingArea: Sendable {
  package let folder: Path

  package init(_ folder: Path) {
    self.folder = folder
  }

  /// The folder's own name, which paths in the repository begin with.
  package var name: [UInt8] { folder.lastComponent }

  private var ceremonyPath: Path { folder.appending("ceremony.json") }
  private var crossingPath: Path { folder.appending("crossing.json") }
  private var placingPath: Path { folder.appending("placing.json") }
  var files: Path { folder.appending("files") }

  /// Empties the folder, and makes it where it is missing.
  func prepare() throws(RepositoryError) {
    try clear()
    try onDisk { () throws(FileError) in
      // Web servers may serve the folder above; what is not published yet is none of theirs.
      try FileSystem.makeDirectories(files)
      let publishers = try Publishers(of: folder.parent)
      for made in [folder, files] { try publishers.admit(to: made) }
      try FileSystem.syncDirectory(folder.parent)
    }
  }

  /// Refuses a folder of another user's that this one may not look into: a change may be decided in it.
  ///
  /// - Throws: ``RepositoryError/closed(folder:owner:publisher:)``.
  func refuseClosed() throws(RepositoryError) {
    var owners: (UserID, UserID)?
    do throws(FileError) {
      do throws(FileError) {
        _ = try FileSystem.exists(placingPath)
      } catch {
        guard error.isForbidden else { throw error }
        let metadata = RepositoryFolder.metadata(folder.parent)
        owners = (try FileSystem.status(folder).owner, try FileSystem.status(metadata).owner)
      }
    } catch {
      throw .file(error)
    }
    if let (owner, publisher) = owners {
      throw .closed(folder: folder, owner: owner, publisher: publisher)
    }
  }

  /// Removes the folder, and what it has put on other volumes.
  func clear() throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      // These two say what the rest is: they go first.
      try FileSystem.removeIfPresent(ceremonyPath)
      try FileSystem.removeIfPresent(placingPath)
    }
    let copies = try copiesElsewhere()
    try onDisk { () throws(FileError) in
      for copy in copies { try FileSystem.removeIfPresent(folder.parent.appending(copy)) }
      try FileSystem.removeTree(folder)
    }
  }

  /// Writes a file of metadata; ``sync(_:)`` makes it durable.
  func write(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      let file = try FilePlace(folder.appending(name)).replace()
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
      var folders = [folder]
      for name in names {
        let path = folder.appending(name)
        try File(path, .read).sync()
        if !folders.contains(path.parent) { folders.append(path.parent) }
      }
      for folder in folders { try FileSystem.syncDirectory(folder) }
    }
  }

  // MARK: Notes

  /// The most bytes that a note may have; one that has more could never be read again.
  private static let noteLimit = 256 << 20

  /// Writes a note; atomic, and durable on return.
  private func write(_ note: JSONBuilder, to path: Path) throws(RepositoryError) {
    let bytes = try note.text(path.text)
    if bytes.count > Self.noteLimit { throw .tooMuchAtOnce(path, bytes: bytes.count) }
    try onDisk { () throws(FileError) in try FileSystem.writeAtomically(bytes, to: path) }
  }

  /// Reads a note; nil when there is none.
  private func note(_ path: Path) throws(RepositoryError) -> JSONValue? {
    guard let bytes = try MetadataFiles.read(path, limit: Int64(Self.noteLimit)) else { return nil }
    do throws(JSONError) {
      return try JSONDocument(parsing: bytes).root
    } catch {
      throw .badCeremony(path, reason: error.description)
    }
  }

  // MARK: A ceremony

  private func beforePath(_ role: Role) -> Path {
    folder.appending("before").appending(role.plainFileName)
  }

  /// Puts the published version of a role beside its new one; atomic, and durable on return.
  func write(before bytes: [UInt8], of role: Role) throws(RepositoryError) {
    let path = beforePath(role)
    try onDisk { () throws(FileError) in
      try FileSystem.makeDirectories(path.parent)
      try Publishers(of: folder.parent).admit(to: path.parent)
      try FileSystem.writeAtomically(bytes, to: path)
    }
  }

  /// The published version of a role, as somebody put it here; nil where nobody did.
  func before(_ role: Role) throws(RepositoryError) -> [UInt8]? {
    try MetadataFiles.read(beforePath(role), limit: Limits().listedLength)
  }

  /// True when something waits for signatures, be it that the note of it can't be read.
  var hasCeremony: Bool {
    get throws(RepositoryError) {
      try onDisk { () throws(FileError) in try FileSystem.exists(ceremonyPath) }
    }
  }

  /// What waits for signatures; nil when nothing does.
  package func ceremony() throws(RepositoryError) -> Ceremony? {
    try refuseClosed()
    guard let value = try note(ceremonyPath) else { return nil }
    guard let ceremony = try Ceremony(value) else {
      throw .badCeremony(ceremonyPath, reason: "it is of another format")
    }
    return ceremony
  }

  /// Notes what waits for signatures; atomic, and durable on return.
  func write(_ ceremony: Ceremony) throws(RepositoryError) {
    try write(ceremony.json, to: ceremonyPath)
  }

  // MARK: Putting in place

  /// True when a change was decided on and not carried out to its end; false also where that is not for
  /// this user to know.
  var isDecided: Bool {
    get throws(RepositoryError) {
      do throws(FileError) {
        return try FileSystem.exists(placingPath)
      } catch {
        if error.isForbidden { return false }
        throw .file(error)
      }
    }
  }

  /// The copies that were noted, by their paths in the repository; none where the note can't be read.
  package func copiesElsewhere() throws(RepositoryError) -> [[UInt8]] {
    do throws(RepositoryError) {
      return try note(crossingPath).flatMap { Placement.paths($0["copies"]) } ?? []
    } catch {
      switch error {
      case .badCeremony: return []
      // Another user's.
      case .file(let fault) where fault.isForbidden: return []
      default: throw error
      }
    }
  }

  /// Notes copies that are about to be made elsewhere, by their paths in the repository; durable on return.
  func write(crossing copies: [[UInt8]]) throws(RepositoryError) {
    try write(["copies": .array(copies.map { .bytes($0) })], to: crossingPath)
  }

  /// Decides that a change happens: from here on it is carried out, by whoever comes next if need be.
  func write(_ placement: Placement) throws(RepositoryError) {
    try write(placement.json, to: placingPath)
  }

  /// The moves that were decided on and perhaps begun; nil when there are none.
  package func placement() throws(RepositoryError) -> Placement? {
    guard let value = try note(placingPath) else { return nil }
    guard let placement = Placement(value) else {
      throw .badCeremony(placingPath, reason: "it is of another format")
    }
    return placement
  }
}
