import FileSystem

@testable import Layout

/// An app folder on disk, gone when the test is over.
final class AppFolderFixture {
  let folder: AppFolder
  let app: AppName

  init() throws {
    app = try AppName("hello")
    folder = AppFolder(
      try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "esky-layout-"), app)
  }

  deinit { try? FileSystem.removeTree(folder.root) }

  /// A version's name, for the platform that the tests run on.
  static func name(_ version: String) -> VersionDirectoryName {
    let platform = String(decoding: Platform.current.tag, as: UTF8.self)
    return VersionDirectoryName(parsing: Array("hello-\(version).\(platform)".utf8))!
  }

  /// Adds a complete version whose list names `files`, with some of them still to be moved in place of others.
  @discardableResult
  func add(
    _ version: String, files: [String] = [], left: [String] = [], replacing: [String] = []
  ) throws -> VersionFolder {
    let folder = folder.version(Self.name(version))
    try FileSystem.makeDirectory(folder.path)
    try write("#!/bin/sh\n", to: folder.path.appending("hello"))
    try FileSystem.setPermissions(folder.path.appending("hello"), 0o755)
    for name in left { try write("new \(name)", to: folder.bootstrapFolder.appending(name)) }
    if !left.isEmpty {
      let list = ReplaceList(files: replacing.map { Array($0.utf8) })
      try FileSystem.writeAtomically(list.text, to: folder.replacesFile)
    }
    let list = BootstrapList(programs: [app.bytes], files: files.map { Array($0.utf8) })
    try FileSystem.writeAtomically(list.text, to: folder.bootstrapFile)
    return folder
  }

  func write(_ text: String, to path: Path) throws {
    try FileSystem.makeDirectories(path.parent)
    try FileSystem.writeAtomically(Array(text.utf8), to: path)
  }

  /// The text of a file in the app folder; nil when there is none.
  func text(_ name: String) -> String? { Self.text(folder.root.appending(name)) }

  static func text(_ path: Path) -> String? {
    (try? FileSystem.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
