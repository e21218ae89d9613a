import FileSystem
import Layout
import Testing

struct UserCacheTests {
  private let fixture: AppFolderFixture

  init() throws {
    fixture = try AppFolderFixture()
  }

  private func area(home: Path) throws -> WorkArea {
    try #require(UserCache.workArea(for: fixture.folder, caches: nil, home: home.bytes))
  }

  @Test func isMadeInAHomeOfOnesOwn() throws {
    let area = try area(home: fixture.folder.root)
    let caches = fixture.folder.root.appending(".cache")
    #expect(try UserCache.make(area))
    #expect(try FileSystem.status(caches).permissions == 0o700)
    #expect(try FileSystem.exists(area.folder.path))
  }

  /// What `sudo` made in the home of whoever called it would keep him out of all his caches.
  @Test(.enabled(if: EffectiveUser.isRoot, "only root could make something there"))
  func rootMakesNothingInTheHomeOfAnother() throws {
    let home = fixture.folder.root.appending("home")
    try FileSystem.makeDirectory(home)
    try File(home, .read).setOwner(65534, group: 65534)
    #expect((try? UserCache.make(area(home: home))) != true)
    #expect(try FileSystem.list(home).isEmpty)
  }
}
