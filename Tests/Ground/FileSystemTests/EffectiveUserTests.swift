import FileSystem
import Testing

struct EffectiveUserTests {
  @Test func ownsWhatItMakes() throws {
    let folder = try TemporaryFolder()
    let status = try FileSystem.status(folder.path)
    #expect(status.owner == EffectiveUser.id)
    #expect(status.group == EffectiveUser.group)
    #expect(EffectiveUser.isRoot == (status.owner == 0))
  }
}
