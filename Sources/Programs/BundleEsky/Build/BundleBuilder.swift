import Archive
import Bytes
import FileSystem
import Layout
import TUF

/// Writes a bundle: a folder of the app's name, in it the version directory with its control files, then the launchers.
///
/// `esky-bootstrap.txt` is the last file of the version directory, so that an interrupted unzip leaves a
/// directory that is not complete. Layout.md, "The archive".
struct BundleBuilder {
  let name: VersionDirectoryName
  let tree: SourceTree
  let programs: [[UInt8]]
  let settings: Settings
  let trustedRoot: [UInt8]
  let runtime: Runtime

  /// Writes the archive; it gets its name once clients would take it.
  func write(to archive: Path) throws {
    // Its own name is what it is judged as.
    let unchecked = archive.appendingSuffix(".unchecked")
    try Failure.naming {
      for place in [archive, unchecked] where (try? FileSystem.linkStatus(place).kind) == .directory
      {
        throw Failure("\(place.text) is a folder, and a file is to stand there; move it away")
      }
      defer { _ = try? FileSystem.removeIfPresent(unchecked) }
      try pack(into: unchecked)
      // One without a place to update from is not for a repository, which build says.
      _ = try BundleReview.examine(
        unchecked, as: name, called: archive.text, readingContents: true, mayStayAsItIs: true)
      try FileSystem.rename(unchecked, to: archive)
      try FileSystem.syncDirectory(archive.parent)
    }
  }

  private func pack(into archive: Path) throws {
    try Failure.naming {
      let launcher = try FileSystem.read(runtime.launcher, limit: 16 << 20)
      var manifest: [Manifest.Entry] = []
      var writer = try ZipWriter(archive)
      try writer.add(directory: try entry([]))
      for item in tree.entries { try add(item, &writer, &manifest) }
      try addControlFiles(&writer, &manifest)
      var launchers: [(path: [UInt8], image: [UInt8])] = []
      for program in programs.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        let image = try LauncherImage.filled(
          launcher, app: name.name, program: program, file: runtime.launcher)
        manifest.append(
          Manifest.Entry(
            path: program,
            kind: .bootstrap(
              permissions: 0o755, size: Int64(image.count),
              sha256: Digest(.sha256, of: image).hex)))
        launchers.append((program, image))
      }
      let list = BootstrapList(programs: programs).text
      manifest.append(record(["esky-bootstrap.txt"], list, 0o644))
      try writer.add(
        bytes: Manifest(manifest).text, as: try entry("esky-files/manifest.txt"),
        permissions: 0o644)
      try writer.add(bytes: list, as: try entry("esky-bootstrap.txt"), permissions: 0o644)
      for launcher in launchers {
        try writer.add(
          bytes: launcher.image, as: try EntryPath(checking: top + launcher.path),
          permissions: 0o755)
      }
      try writer.finish()
    }
  }

  private func entry(_ path: [UInt8]) throws -> EntryPath {
    let directory = top + name.bytes
    return try EntryPath(checking: path.isEmpty ? directory : directory + [0x2f] + path)
  }

  /// The folder that all is in, so that unzipping it anywhere makes one folder.
  private var top: [UInt8] { name.name.bytes + [0x2f] }

  private func entry(_ path: StaticString) throws -> EntryPath { try entry(path.bytes) }

  private func add(
    _ item: SourceTree.Entry, _ writer: inout ZipWriter, _ manifest: inout [Manifest.Entry]
  ) throws {
    let path = try entry(item.path)
    switch item.kind {
    case .directory:
      try writer.add(directory: path)
      manifest.append(
        Manifest.Entry(path: item.path, kind: .directory(permissions: item.permissions)))
    case .link(let target):
      try writer.add(symbolicLink: path, target: target)
      manifest.append(Manifest.Entry(path: item.path, kind: .link(target: target)))
    case .file(let size):
      let source = tree.folder.appending(item.path)
      manifest.append(
        Manifest.Entry(
          path: item.path,
          kind: .file(
            permissions: item.permissions, size: size,
            sha256: try Digest(.sha256, ofFile: source).hex)))
      try writer.add(file: source, as: path, permissions: item.permissions)
    }
  }

  private func addControlFiles(
    _ writer: inout ZipWriter, _ manifest: inout [Manifest.Entry]
  ) throws {
    try writer.add(directory: try entry("esky-files"))
    manifest.append(
      Manifest.Entry(
        path: ("esky-files" as StaticString).bytes, kind: .directory(permissions: 0o755)))
    let files: [(name: StaticString, bytes: [UInt8], permissions: FileMode)] = [
      ("esky", try FileSystem.read(runtime.finder, limit: 64 << 20), 0o755),
      (runtime.libraryName, try FileSystem.read(runtime.library, limit: 64 << 20), 0o755),
      ("root.json", trustedRoot, 0o644),
      ("settings.txt", settings.text, 0o644),
    ]
    for file in files {
      try writer.add(
        bytes: file.bytes, as: try entry(("esky-files/" as StaticString).bytes + file.name.bytes),
        permissions: file.permissions)
      manifest.append(record(["esky-files/", file.name], file.bytes, file.permissions))
    }
  }

  private func record(
    _ path: [StaticString], _ bytes: [UInt8], _ permissions: FileMode
  ) -> Manifest.Entry {
    Manifest.Entry(
      path: path.flatMap(\.bytes),
      kind: .file(
        permissions: permissions, size: Int64(bytes.count), sha256: Digest(.sha256, of: bytes).hex))
  }
}
