import FileSystem
import Foundation
import JSON
import Repository
import TUF
import TestKit
import Testing

/// Both ways between this project and python-tuf, which runs in a virtual environment.
@Suite(.serialized) struct PythonTUFInteropTests {
  private static let fixtures = Path(#filePath).parent.appending("Fixtures")

  /// Runs a program to its end; its output without the last line break.
  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(program) \(arguments) failed: \(text)")
    return text.trimmingCharacters(in: .newlines)
  }

  /// Runs one of the scripts in `Fixtures` with the Python that has python-tuf.
  private static func python(_ script: String, _ arguments: [String]) throws -> String {
    let build = Checkout.path + "/.build"
    let interpreter = try run("/bin/sh", [fixtures.appending("venv.sh").text, build])
    return try run(interpreter, [fixtures.appending(script).text] + arguments)
  }

  @Test func pythonTUFDownloadsWhatThisPublishes() throws {
    let setup = try Setup()
    let now = Int64(Foundation.Date().timeIntervalSince1970)
    var repository = try RepositoryFolder.create(
      setup.folder, roles: setup.roles, keys: setup.ring, now: now)
    let root = setup.scratch.path.appending("root.json")
    try FileSystem.writeAtomically(repository.newestRoot, to: root)
    let releases = [
      ("app-1.0.linux-x86_64.zip", "one"), ("dir/app é 1.1.zip", "two"), ("app-1.2.zip", "three"),
    ]
    for (index, (name, text)) in releases.enumerated() {
      // The last release comes with a new root as well.
      if index == 2 { try repository.refresh([.root], keys: setup.ring, now: now) }
      try repository.addTargets(
        [try setup.addition(name, text, custom: ["notes": .text("new:\n\t\"\(text)\" é😀")])],
        keys: setup.ring, now: now)
      let known = releases.prefix(index + 1)
      let files = try Self.python(
        "download.py",
        [setup.folder.text, setup.scratch.path.appending("client").text, root.text]
          + known.map(\.0)
      ).split(separator: "\n")
      #expect(files.count == index + 1)
      for (file, release) in zip(files, known) {
        #expect(try FileSystem.read(Path(String(file)), limit: 100) == utf8(release.1))
      }
    }
  }

  /// An RSA key signs with the scheme that its repository lists it with, and nobody else's.
  @Test(arguments: [
    "rsassa-pss-sha256", "rsassa-pss-sha384", "rsassa-pss-sha512", "rsa-pkcs1v15-sha256",
    "rsa-pkcs1v15-sha384", "rsa-pkcs1v15-sha512",
  ])
  func pythonTUFVerifiesWhatAnRSAKeySigns(scheme: String) throws {
    let setup = try Setup()
    let now = Int64(Foundation.Date().timeIntervalSince1970)
    let key = try KeyImport(Self.fixtures.appending("keys/pyca-rsa.pem")).key(passphrase: [])
    let json: JSONBuilder = [
      "keytype": "rsa", "scheme": .text(scheme), "keyval": ["public": .text(key.object.text)],
    ]
    let listed = try #require(KeyObject(try JSONDocument(parsing: json.text()).root))
    #expect(listed == key.object)
    let ring = KeyRing([key])
    var repository = try RepositoryFolder.create(
      setup.folder, roles: setup.roles.map { RoleAssignment($0.role, keys: [listed]) }, keys: ring,
      now: now)
    let addition = try setup.addition("app-1.0.zip", "one")
    try repository.addTargets([addition], keys: ring, now: now)
    #expect(try setup.findings(at: now).isEmpty)
    #expect(try setup.fresh(at: now) == ["app-1.0.zip": "one"])
    let root = setup.scratch.path.appending("root.json")
    try FileSystem.writeAtomically(repository.newestRoot, to: root)
    let file = try Self.python(
      "download.py",
      [setup.folder.text, setup.scratch.path.appending("client").text, root.text, "app-1.0.zip"])
    #expect(try FileSystem.read(Path(file), limit: 100) == utf8("one"))
  }

  @Test func acceptsWhatPythonTUFPublishes() throws {
    let scratch = try Scratch()
    let folder = scratch.path.appending("repository")
    _ = try Self.python("make_repository.py", [folder.text])
    let root = try FileSystem.read(folder.appending("metadata/1.root.json"), limit: 1 << 20)
    let store = MetadataStore(scratch.path.appending("trusted"))
    let now = Int64(Foundation.Date().timeIntervalSince1970)
    // The second time around everything comes from the disk.
    for _ in 1...2 {
      let client = try Client(
        store: store, shippedRoot: root, metadataURL: "metadata",
        fetcher: FolderFetcher(folder), now: now)
      try client.refresh()
      #expect(client.root.version == 3)
      var expected = ["top.zip": "top", "projects/é app 1.zip": "project"]
      for number in 0..<12 {
        expected["app-\(number).zip"] = String(repeating: "app-\(number).zip", count: 1000)
      }
      for (name, text) in expected {
        let target = try #require(try client.target(utf8(name)), "\(name)")
        #expect(target.custom?["notes"]?.text == utf8("a \"new\" line\nand é 😀"))
        let file = scratch.path.appending("target")
        try client.download(target, to: file, baseURL: "targets")
        #expect(try FileSystem.read(file, limit: 1 << 20) == utf8(text))
        try FileSystem.remove(file)
      }
      #expect(try client.target(utf8("projects/other.zip")) == nil)
      #expect(try client.target(utf8("nothing.zip")) == nil)
    }
  }
}
