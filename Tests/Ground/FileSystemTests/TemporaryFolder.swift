import FileSystem

/// A folder of a test's own, gone when the test is over.
final class TemporaryFolder {
  let path: Path

  init() throws {
    path = try FileSystem.makeTemporaryDirectory(
      in: ProcessEnvironment.temporaryFolder, prefix: "esky-files-")
  }

  deinit { try? FileSystem.removeTree(path) }
}
