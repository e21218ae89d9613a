import Foundation
import Testing

/// Two apps that were unzipped into one folder.
struct SharedFolderEndToEndTests {
  @Test func twoAppsInOneFolderKeepEachOthersTrustApart() throws {
    let first = try Packager("hello")
    let second = try Packager(withKeysOfItsOwn: "other")
    let mirrors = try [Mirror(first.repository), Mirror(second.repository)]
    let folder = try TemporaryFolder("shared")
    for (packager, mirror) in zip([first, second], mirrors) {
      let archive = try packager.release("1.0", url: mirror.url)
      try packager.release("1.1", url: mirror.url)
      let unzipped = try Installation(unzipping: archive, app: packager.app)
      try Command("/bin/cp", ["-a", unzipped.root + "/.", folder.path]).succeed()
    }
    for _ in 1...2 {
      for app in ["hello", "other"] {
        let finder = folder.path + "/\(app)-1.0.\(AppBuilder.platform)/esky-files/esky"
        let outcome = try Command(finder, ["check"]).run()
        #expect(outcome.status == 10, "\(app): \(outcome.errors)")
      }
    }
    for app in ["hello", "other"] {
      let finder = folder.path + "/\(app)-1.0.\(AppBuilder.platform)/esky-files/esky"
      #expect(try Command(finder, ["update"]).run().status == 11)
      #expect(try Command(folder.path + "/" + app, ["x"]).run().output == "1.1|x\n")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/updates").count == 2)
  }

  @Test func anArchiveMakesOneFolderOfTheAppsName() throws {
    let packager = try Packager()
    let archive = try packager.release("1.0", url: nil)
    let user = try Installation(unzipping: archive)
    #expect(try FileManager.default.contentsOfDirectory(atPath: user.folder.path) == ["hello"])
  }
}
