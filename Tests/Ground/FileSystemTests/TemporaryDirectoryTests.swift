import FileSystem
import Testing

struct TemporaryDirectoryTests {
  @Test func isThisUsersAloneAndHasANameOfItsOwn() throws {
    let (first, second) = try (TemporaryFolder(), TemporaryFolder())
    #expect(first.path != second.path)
    let status = try FileSystem.status(first.path)
    #expect(status.kind == .directory)
    #expect(status.permissions == 0o700)
    #expect(first.path.lastComponent.starts(with: "esky-files-".utf8))
  }

  @Test func namesTheFolderThatItCouldNotBeMadeIn() throws {
    let error = try #require(throws: FileError.self) {
      _ = try FileSystem.makeTemporaryDirectory(in: "/no/such/folder", prefix: "esky-")
    }
    #expect(error.path == "/no/such/folder")
    #expect(error.isMissing)
  }
}
