import FileSystem

/// The folder of metadata, read and written file by file.
package struct MetadataFiles: Sendable {
  package let folder: Path
  /// A folder whose files stand in for those of the same name: what is about to be published.
  var overlay: Path?

  package init(_ folder: Path, overlay: Path? = nil) {
    self.folder = folder
    self.overlay = overlay
  }

  /// Version and role of a file name such as `3.root.json`.
  package static func parts(_ name: String) -> (version: Int64, role: String)? {
    let words = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let version = Int64(words[0]), words[0] == "\(version)",
      words[1].hasSuffix(".json")
    else {
      return nil
    }
    return (version, String(words[1].dropLast(5)))
  }

  /// The bytes of a file; nil when there is none.
  package func read(_ name: String, limit: Int64) throws(RepositoryError) -> [UInt8]? {
    if let overlay, let bytes = try Self.read(overlay.appending(name), limit: limit) {
      return bytes
    }
    return try Self.read(folder.appending(name), limit: limit)
  }

  /// True when there is a file of that name.
  package func contains(_ name: String) throws(RepositoryError) -> Bool {
    try onDisk { () throws(FileError) in
      for folder in [overlay, folder] {
        if let folder, try FileSystem.exists(folder.appending(name)) { return true }
      }
      return false
    }
  }

  package static func read(_ path: Path, limit: Int64) throws(RepositoryError) -> [UInt8]? {
    do throws(FileError) {
      return try FileSystem.read(path, limit: Int(clamping: limit))
    } catch {
      if error.isMissing { return nil }
      throw .file(error)
    }
  }

  /// The bytes of a file that must be there.
  package func require(_ name: String, limit: Int64) throws(RepositoryError) -> [UInt8] {
    if let bytes = try read(name, limit: limit) { return bytes }
    throw .missingMetadata(folder.appending(name))
  }

  /// Writes a file; atomic, and durable on return.
  func write(_ bytes: [UInt8], _ name: String) throws(RepositoryError) {
    try onDisk { () throws(FileError) in
      try FileSystem.writeAtomically(bytes, to: folder.appending(name))
    }
  }
}
