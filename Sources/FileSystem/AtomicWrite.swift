public import CPosix

extension FileSystem {
  /// Writes a file so that its name stands for the old bytes or the new, never for half of either.
  ///
  /// Durable on return: a file beside it is written, synced and renamed, then the folder is synced. A
  /// leftover of a crashed run is overwritten.
  ///
  /// - Parameter temporary: the file beside it; nil for its own name with `.new` behind.
  /// - Throws: ``FileError``; the old file is untouched then.
  public static func writeAtomically(
    _ bytes: [UInt8], to path: Path, temporary: Path? = nil, permissions: mode_t = 0o644
  ) throws(FileError) {
    let temporary = temporary ?? path.appendingSuffix(".new")
    do throws(FileError) {
      try writeDurably(bytes, to: temporary, permissions: permissions)
      try rename(temporary, to: path)
    } catch {
      // The write has failed already; a leftover under the temporary name harms nobody.
      do throws(FileError) { try removeIfPresent(temporary) } catch {}
      throw error
    }
    try syncDirectory(path.parent)
  }

  /// Writes a file under a name that nothing has yet; durable on return.
  ///
  /// - Throws: ``FileError``, with `EEXIST` where there is something of that name, which is left as it is.
  public static func writeNew(
    _ bytes: [UInt8], to path: Path, permissions: mode_t = 0o644
  ) throws(FileError) {
    let temporary = path.appendingSuffix(".new")
    do throws(FileError) {
      try removeIfPresent(temporary)
      try writeDurably(bytes, to: temporary, permissions: permissions)
      do throws(FileError) {
        try makeHardLink(path, to: temporary)
      } catch {
        // Some volumes have no links: nobody else is likely to choose the name in between.
        let isTaken = try error.isTaken ? true : exists(path)
        if isTaken { throw FileError(.link, path, code: EEXIST) }
        try rename(temporary, to: path)
      }
      try removeIfPresent(temporary)
    } catch {
      // The write has failed already; a leftover under the temporary name harms nobody.
      do throws(FileError) { try removeIfPresent(temporary) } catch {}
      throw error
    }
    try syncDirectory(path.parent)
  }

  /// Writes a file under its own name and syncs it; the folder is the caller's to sync.
  static func writeDurably(
    _ bytes: [UInt8], to path: Path, permissions: mode_t
  ) throws(FileError) {
    let file = try File(path, .createOrTruncate, permissions: permissions)
    try file.setPermissions(permissions)
    try file.write(bytes)
    try file.sync()
  }
}
