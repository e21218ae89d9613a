import Foundation
import TestKit
import Testing

/// python-tuf, the reference implementation, reads what `bundle-esky` publishes.
struct TUFInteropEndToEndTests {
  /// The Python of a virtual environment that has python-tuf.
  ///
  /// It is the one in `ESKY_TEST_VENV`, or is made in `.build/test-venv` when that is not set.
  private static let python = Result<String, any Error> {
    if let given = ProcessInfo.processInfo.environment["ESKY_TEST_VENV"] {
      let python = given + "/bin/python"
      guard try Command(python, ["-c", "import tuf.ngclient"]).run().status == 0 else {
        throw Failure("ESKY_TEST_VENV is set to \(given), which has no python-tuf; pip install tuf")
      }
      return python
    }
    let folder = Checkout.path + "/.build/test-venv"
    let python = folder + "/bin/python"
    if File.exists(python), try Command(python, ["-c", "import tuf.ngclient"]).run().status == 0 {
      return python
    }
    let environment = ProcessInfo.processInfo.environment
    for words in [
      ["python3", "-m", "venv", folder], [python, "-m", "pip", "install", "-q", "tuf"],
    ] {
      var command = Command("/usr/bin/env", words)
      command.environment = environment
      do {
        try command.succeed(seconds: 120)
      } catch {
        throw Failure("set ESKY_TEST_VENV to a virtual environment with python-tuf; \(error)")
      }
    }
    return python
  }

  /// Refreshes, lists what is told, and downloads a target, as any program on python-tuf would.
  private static let client = """
    import os, sys
    from tuf.ngclient import Updater, UpdaterConfig
    url, work, root, name = sys.argv[1:]
    os.makedirs(work + "/metadata", exist_ok=True)
    os.makedirs(work + "/targets", exist_ok=True)
    updater = Updater(
        metadata_dir=work + "/metadata", metadata_base_url=url + "/metadata/",
        target_dir=work + "/targets", target_base_url=url + "/targets/",
        bootstrap=open(root, "rb").read())
    updater.refresh()
    info = updater.get_targetinfo(name)
    if info is None:
        sys.exit("no such target")
    print(updater.download_target(info))
    """

  private func fetch(
    _ name: String, from url: String, into work: String, root: String
  ) throws -> Outcome {
    try Command(Self.python.get(), ["-c", Self.client, url, work, root, name]).run(seconds: 60)
  }

  @Test func pythonTUFFetchesAndVerifiesAVersion() throws {
    let story = try Story()
    let work = try TemporaryFolder("client")
    // The root that the bundle ships with is what a client begins with.
    let root = story.user.version("1.0") + "/esky-files/root.json"
    for version in ["1.0", "1.1", "1.2"] {
      let archive =
        version == "1.0"
        ? story.packager.archive(version) : try story.release(version, files: ["ü": "ü"])
      let outcome = try fetch(
        story.packager.archiveName(version), from: story.mirror.url, into: work.path, root: root)
      #expect(outcome.status == 0, Comment(rawValue: outcome.errors))
      let fetched = outcome.output.trimmingCharacters(in: .newlines)
      try Command("/usr/bin/cmp", [fetched, archive]).succeed()
      // What it trusts now is what our own client trusts, byte for byte.
      #expect(try story.user.esky("check").status == (version == "1.0" ? 0 : 10))
      for role in ["timestamp", "snapshot", "targets"] {
        #expect(
          File.text(work.path + "/metadata/\(role).json")
            == File.text(story.user.path("updates/hello/metadata/\(role).json")))
      }
    }
  }

  @Test func pythonTUFRefusesWhatOursRefuses() throws {
    let story = try Story(ready: ())
    try story.publish("1.1")
    let work = try TemporaryFolder("client")
    let root = story.user.version("1.0") + "/esky-files/root.json"
    let name = story.packager.archiveName("1.1")
    story.mirror.answer { $0.path.hasSuffix(".zip") ? .body([1, 2, 3]) : nil }
    let changed = try fetch(name, from: story.mirror.url, into: work.path, root: root)
    #expect(changed.status == 1)
    #expect(changed.errors.contains("LengthOrHashMismatchError"))
    #expect(try story.user.esky("update").status == 21)
    story.mirror.answer(nil)
    try Forger(packager: story.packager).sign([.timestamp], daysAgo: 22)
    let expired = try fetch(name, from: story.mirror.url, into: work.path, root: root)
    #expect(expired.status == 1)
    #expect(expired.errors.contains("ExpiredMetadataError"))
    #expect(try story.user.esky("update").status == 21)
  }
}
