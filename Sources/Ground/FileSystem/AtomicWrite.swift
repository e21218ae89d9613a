import Bytes

extension FileSystem {
  /// Writes a file so that its name stands for the old bytes or the new, never for half of either.
  ///
  /// See ``Directory/writeAtomically(_:to:temporary:permissions:)``.
  public static func writeAtomically(
    _ bytes: [UInt8], to path: Path, permissions: FileMode = 0o644
  ) throws(FileError) {
    try FilePlace(path).writeAtomically(bytes, permissions: permissions)
  }

  /// Writes a file under a name that nothing has yet; durable on return.
  ///
  /// - Throws: ``FileError``, with `EEXIST` where there is something of that name, which is left as it is.
  public static func writeNew(
    _ bytes: [UInt8], to path: Path, permissions: FileMode = 0o644
  ) throws(FileError) {
    let folder = try Directory(path.parent, followingLink: true)
    let name = path.lastComponent
    let temporary = name + (".new" as StaticString).bytes
    do throws(FileError) {
      try folder.writeDurably(bytes, to: temporary, permissions: permissions)
      try folder.renameNew(temporary, name)
    } catch {
      // The write has failed already; a leftover under the temporary name harms nobody.
      do throws(FileError) { try folder.removeIfPresent(temporary) } catch {}
      throw error
    }
    try folder.sync()
  }
}
