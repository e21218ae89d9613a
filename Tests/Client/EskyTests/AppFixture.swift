import FileSystem
import Foundation
import Layout
import Repository
import TUF
import Testing

@testable import Archive
@testable import Esky

/// A folder of a test's own with an app folder in it, and archives to update from.
final class AppFixture {
  let outer: String
  let app: AppName

  init(_ app: String = "hello") throws {
    // In memory where that can be had: thousands of runs sync all they write.
    let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array((place + "/esky-unit-XXXXXX").utf8CString)
    let made = try #require(mkdtemp(&template))
    outer = String(cString: made)
    self.app = try AppName(app)
    for name in ["app", "archives"] { mkdir(outer + "/" + name, 0o755) }
  }

  deinit { try? FileManager.default.removeItem(atPath: outer) }

  var root: Path { Path(outer + "/app") }
  var archives: Path { Path(outer + "/archives") }

  /// The app folder opened; nothing is remembered from one call to the next.
  func esky() throws -> Esky { try Esky(root: root, app: app) }

  func update() throws {
    try unlocked { _ = try esky().update(from: finder) }
  }

  func cleanup() throws {
    try unlocked { _ = try esky().cleanup() }
    // For the same reason an old version may have seemed to be in use.
    for _ in 1...50 where try esky().survey().versions.count > 1 {
      usleep(2000)
      try unlocked { _ = try esky().cleanup() }
    }
  }

  /// Tries again while the folder is locked.
  ///
  /// A child that another test of this process is just starting has our open files, and with them our
  /// locks, until its exec.
  private func unlocked(_ body: () throws -> Void) throws {
    for _ in 1...500 {
      do {
        return try body()
      } catch let error as EskyError {
        guard case .locked = error else { throw error }
        usleep(2000)
      }
    }
    try body()
  }

  var finder: LocalFolderFinder { LocalFolderFinder(archives, app: app) }

  func name(_ version: String, _ platform: String = "any") throws -> VersionDirectoryName {
    try VersionDirectoryName(
      name: app, version: #require(Version(version)), platform: #require(Platform(platform)))
  }

  /// Writes an archive as bundling does: small files, a link, launchers, and the list.
  ///
  /// - Parameters:
  ///   - hasTop: true puts all of it into a folder of the app's name.
  ///   - list: changes what the manifest says.
  ///   - changed: other texts of files, by their paths in the archive without that folder; nil leaves one out.
  func archive(
    _ version: String, programs: [String] = ["hello"], files: [String] = ["data"],
    links: [String: String] = [:], hasTop: Bool = true, changed: [String: String?] = [:],
    modes: [String: FileMode] = [:],
    listing list: (inout [Manifest.Entry]) -> Void = { _ in }, into folder: Path? = nil
  ) throws {
    let name = try name(version)
    let directory = String(decoding: name.bytes, as: UTF8.self)
    let path = (folder ?? archives).appending(DownloadName.archive(name))
    let top = hasTop ? String(decoding: app.bytes, as: UTF8.self) + "/" : ""
    var entries: [(path: String, text: String, permissions: FileMode)] = []
    for program in programs {
      entries.append(("\(directory)/\(program)", "#!/bin/sh\n: program \(version)", 0o755))
    }
    for file in files { entries.append(("\(directory)/\(file)", "\(file) of \(version)", 0o644)) }
    entries.append(("\(directory)/esky-files/esky", "#!/bin/sh\n: finder", 0o755))
    entries.append(
      (
        "\(directory)/esky-files/root.json", String(decoding: try Self.root.get(), as: UTF8.self),
        0o644
      ))
    entries.append(
      (
        "\(directory)/esky-files/settings.txt",
        "esky-settings 1\nupdate-url https://example.org/hello\ncheck never\nend\n", 0o644
      ))
    let bootstrap = BootstrapList(programs: programs.map { Array($0.utf8) }).text
    entries.append(
      ("\(directory)/esky-bootstrap.txt", String(decoding: bootstrap, as: UTF8.self), 0o644))
    for program in programs {
      entries.append((program, "#!/bin/sh\n: launcher of \(version)", 0o755))
    }
    for (path, text) in changed {
      entries.removeAll { $0.path == path }
      if let text { entries.append((path, text, 0o755)) }
    }

    let links = links.merging(["\(directory)/link": programs[0]], uniquingKeysWith: { a, _ in a })
    for place in entries.indices {
      entries[place].permissions = modes[entries[place].path] ?? entries[place].permissions
    }
    let manifestPath = "\(directory)/esky-files/manifest.txt"
    if !changed.keys.contains(manifestPath) {
      var listed = Self.manifest(of: entries, links, directory + "/")
      list(&listed)
      entries.append((manifestPath, String(decoding: Manifest(listed).text, as: UTF8.self), 0o644))
    }
    var writer = try ZipWriter(path)
    for (link, target) in links {
      try writer.add(
        symbolicLink: EntryPath(checking: Array((top + link).utf8)), target: Array(target.utf8))
    }
    for entry in entries {
      try writer.add(
        bytes: Array(entry.text.utf8), as: EntryPath(checking: Array((top + entry.path).utf8)),
        permissions: entry.permissions)
    }
    try writer.finish()
  }

  /// What a manifest says of files and links, as bundling writes it.
  private static func manifest(
    of files: [(path: String, text: String, permissions: FileMode)], _ links: [String: String],
    _ directory: String
  ) -> [Manifest.Entry] {
    var found: [Manifest.Entry] = []
    for file in files {
      let isInVersion = file.path.hasPrefix(directory)
      let path = Array(file.path.utf8.dropFirst(isInVersion ? directory.utf8.count : 0))
      let contents = Array(file.text.utf8)
      // The execute bit of its owner is all that an archive keeps.
      let permissions: UInt32 = file.permissions & 0o100 == 0 ? 0o644 : 0o755
      let (size, hash) = (Int64(contents.count), Digest(.sha256, of: contents).hex)
      found.append(
        Manifest.Entry(
          path: path,
          kind: isInVersion
            ? .file(permissions: permissions, size: size, sha256: hash)
            : .bootstrap(permissions: permissions, size: size, sha256: hash)))
    }
    for (link, target) in links where link.hasPrefix(directory) {
      found.append(
        Manifest.Entry(
          path: Array(link.utf8.dropFirst(directory.utf8.count)),
          kind: .link(target: Array(target.utf8))))
    }
    return found
  }

  /// A root of trust that any archive may ship: nothing here asks a repository.
  static let root = Result {
    let keys = [try PrivateKey(), try PrivateKey(), try PrivateKey(), try PrivateKey()]
    let folder = Path(NSTemporaryDirectory()).appending(
      "esky-root-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileSystem.removeTree(folder) }
    _ = try RepositoryFolder.create(
      folder,
      roles: zip([Role.root, .targets, .snapshot, .timestamp], keys).map {
        RoleAssignment($0, keys: [$1.object])
      }, keys: KeyRing(keys), now: 1_700_000_000)
    return try FileSystem.read(folder.appending("metadata/1.root.json"), limit: 1 << 20)
  }

  /// Installs a version into an app folder that has none, as unzipping does.
  func unzip(_ version: String, programs: [String] = ["hello"]) throws {
    try archive(version, programs: programs, hasTop: false, into: Path(outer))
    let archive = Path(outer).appending(DownloadName.archive(try name(version)))
    try Extractor.extract(try ZipReader(archive), into: Folder(root)) { _, _ in true }
    try FileSystem.remove(archive)
  }

  /// Every path in the app folder with its mode and contents; the lock is left out.
  func tree(without skipped: [String] = ["updates/hello/lock"]) throws -> [String: String] {
    var found: [String: String] = [:]
    let walker = try #require(FileManager.default.enumerator(atPath: outer + "/app"))
    while let path = walker.nextObject() as? String {
      if skipped.contains(path) { continue }
      var status = stat()
      lstat(outer + "/app/" + path, &status)
      var text = "\(status.st_mode)"
      if status.st_mode & S_IFMT == S_IFREG {
        text += " "
        text += String(
          decoding: FileManager.default.contents(atPath: outer + "/app/" + path) ?? Data(),
          as: UTF8.self)
      }
      found[path] = text
    }
    return found
  }

  /// Removes the app folder and takes another in its place.
  func restore(from copy: String) throws {
    try FileManager.default.removeItem(atPath: outer + "/app")
    try FileManager.default.copyItem(atPath: copy, toPath: outer + "/app")
  }

  func keep(as name: String) throws -> String {
    let copy = outer + "/" + name
    try FileManager.default.copyItem(atPath: outer + "/app", toPath: copy)
    return copy
  }
}

/// Writes a file of a test's.
func write(_ text: String, to path: String) {
  _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
}
