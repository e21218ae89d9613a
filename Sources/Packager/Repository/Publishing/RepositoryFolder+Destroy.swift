public import FileSystem

extension RepositoryFolder {
  /// Removes a repository: its metadata, its targets, and changes in the making; nothing else that lies in
  /// the folder, and no keys.
  ///
  /// The timestamp goes first: without it no client begins anything.
  ///
  /// - Parameter name: the folder's own name, as a confirmation.
  /// - Throws: ``RepositoryError/notConfirmed(folder:name:)``, ``RepositoryError/noRepository(folder:)``.
  public static func destroy(_ directory: Path, confirming name: [UInt8]) throws(RepositoryError) {
    let real = try onDisk { () throws(FileError) in try FileSystem.realPath(directory) }
    guard real.lastComponent == name else {
      throw .notConfirmed(
        folder: directory, name: String(decoding: real.lastComponent, as: UTF8.self))
    }
    guard try RepositoryState.firstRoot(MetadataFiles(metadata(real))) != nil else {
      throw .noRepository(folder: directory)
    }
    try locked(real, patience: usualPatience) { () throws(RepositoryError) in
      try onDisk { () throws(FileError) in
        try FileSystem.removeIfPresent(metadata(real).appending("timestamp.json"))
        for part in ["staging", "building", "targets", "metadata"] {
          try removePart(real.appending(part))
        }
        try FileSystem.removeIfPresent(RoleNotes.path(in: real))
        try FileSystem.removeIfPresent(lockPath(in: real))
        try removeIgnore(in: real)
        // What else lies there is its owner's.
        if try FileSystem.list(real).isEmpty { try FileSystem.removeDirectory(real) }
      }
    }
  }

  /// Removes a folder and all that is in it, or finds it gone; of a link to another volume the link alone.
  ///
  /// Where a volume is mounted, the empty folder stays: whoever mounted it takes it away.
  private static func removePart(_ folder: Path) throws(FileError) {
    do throws(FileError) {
      try FileSystem.removeTree(folder)
    } catch {
      guard error.isBusy, try FileSystem.list(folder).isEmpty else { throw error }
    }
  }
}
