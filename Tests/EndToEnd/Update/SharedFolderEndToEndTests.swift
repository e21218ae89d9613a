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
      let files = folder.path + "/\(app)-1.0.\(AppBuilder.platform)/esky-files"
      let finder = files + "/esky"
      // A finder tells by where it lies which app is meant, however the folder is spelled; so does a library that an
      // interpreter loads.
      for spelling in [folder.path, folder.path + "/", folder.path + "/updates/.."] {
        let status = try Command(finder, ["--root", spelling, "status"]).run()
        #expect(status.output.hasPrefix(app + " 1.0 "), "\(status.errors)")
      }
      let script = """
        import ctypes, sys
        esky = ctypes.CDLL(sys.argv[1])
        esky.esky_current.restype = esky.esky_root.restype = ctypes.c_char_p
        for root in (sys.argv[2].encode(), None):
            handle = ctypes.c_void_p()
            print(esky.esky_open(root, ctypes.byref(handle)), esky.esky_current(handle))
        """
      var python = Command(
        "/usr/bin/env", ["python3", "-c", script, files + "/libesky.so", folder.path])
      python.environment["ESKY_ROOT"] = folder.path + "/"
      #expect(try python.run().output == "0 b'1.0'\n0 b'1.0'\n")
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
