import FileSystem

/// What of the stored metadata a new root ends the trust in.
public struct EndedTrust: Equatable, Sendable {
  /// True when the stored timestamp is no base for anything any more.
  public let timestamp: Bool
  /// True when the stored snapshot is none.
  public let snapshot: Bool
}

// A new root and what it ends are one step: with the old files under the new keys a publisher could not
// recover from a fast-forward attack, without them under the old keys a rollback would go unnoticed. So what is
// to be ended is noted before the root is put in place, and removed behind it, by the next run if need be. The note is
// a file of one line: the new root's version, then `snapshot` or `both`.
extension MetadataStore {
  private var note: FilePlace { folder.file("rotation") }

  /// §5.3.8, §5.3.11: Stores a new root and removes what it ends the trust in.
  func writeRoot(
    _ bytes: [UInt8], version: Int64, ending ended: EndedTrust
  ) throws(TUFError) {
    if ended.snapshot {
      let what = ended.timestamp ? "both" : "snapshot"
      do throws(FileError) {
        try note.writeAtomically(Array("\(version) \(what)\n".utf8))
      } catch {
        throw .file(error)
      }
    }
    try replaceRoot(by: bytes)
    if ended.snapshot { try removeEnded(ended) }
  }

  /// Stores a root in the place of another, which is noted in ``RootHistory`` first.
  public func replaceRoot(by bytes: [UInt8]) throws(TUFError) {
    let role = MetadataType.root.role
    if let before = try read(role, limit: Limits().rootLength), before != bytes {
      var history = RootHistory(of: self)
      try history.add(before)
    }
    try write(role, bytes)
  }

  /// Finishes what a run that was broken off has begun, and removes what it left.
  func recover(depth: Int) throws(TUFError) {
    // What can't be removed is overwritten by whatever is written next.
    _ = try? incoming.removeIfPresent()
    try finishRotation(depth: depth)
  }

  private func finishRotation(depth: Int) throws(TUFError) {
    let said: [UInt8]
    do throws(FileError) {
      guard let text = try note.readIfPresent(limit: 64) else { return }
      said = text
    } catch {
      throw .file(error)
    }
    var both = Array("\n".utf8)
    if let root = try read(MetadataType.root.role, limit: Limits().rootLength),
      let version = (try? Root(parsing: root, file: "root.json", depth: depth))?.version
    {
      both = Array("\(version) both\n".utf8)
      // Of another version: the new root has not been put in place, and nothing has ended.
      if said != both, said != Array("\(version) snapshot\n".utf8) {
        return try removeNote()
      }
    }
    try removeEnded(EndedTrust(timestamp: said == both, snapshot: true))
  }

  private func removeEnded(_ ended: EndedTrust) throws(TUFError) {
    if ended.timestamp { try remove(MetadataType.timestamp.role) }
    if ended.snapshot { try remove(MetadataType.snapshot.role) }
    try removeNote()
  }

  private func removeNote() throws(TUFError) {
    do throws(FileError) {
      // What was removed before it must not come back after a power cut.
      let folder = try self.folder.open()
      try folder.sync()
      try folder.removeIfPresent(note.name)
    } catch {
      throw .file(error)
    }
  }
}
