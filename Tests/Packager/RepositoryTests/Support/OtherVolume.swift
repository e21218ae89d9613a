import FileSystem

/// A folder on another volume than that of ``Scratch``, removed with the value.
final class OtherVolume {
  let path: Path

  /// - Throws: ``NoOtherVolume`` where the system has only one: nothing would be tested then.
  init(than scratch: Scratch) throws {
    path = Path("/dev/shm/esky-\(UInt64.random(in: 0 ... .max))")
    try FileSystem.makeDirectory(path)
    let here = try FileSystem.status(scratch.path).device
    if try FileSystem.status(path).device == here { throw NoOtherVolume() }
  }

  deinit { try? FileSystem.removeTree(path) }

  struct NoOtherVolume: Error {}
}
