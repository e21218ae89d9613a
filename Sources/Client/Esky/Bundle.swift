public import Archive
import Bytes
import FileSystem
public import Layout
import TUF

/// What an archive is to become: a version, and its files for the app folder.
///
/// Whoever takes an archive for one (build, publish, check, install) has it examined here, by its central directory and
/// its control files, before a byte of it is unpacked. Source: Layout.md, "The archive".
public struct Bundle: Sendable {
  /// The version directory.
  public let name: VersionDirectoryName
  /// The folder at the top that holds all of it, named like the app; empty where the archive has none.
  public let top: [UInt8]
  /// The files for the app folder.
  public let list: BootstrapList
  /// What the packager decided.
  public let settings: Settings
  /// The root of trust that it ships.
  public let trustedRoot: [UInt8]
  /// What its manifest says of the contents of its files.
  let digests: BundleDigests

  /// Where programs are to run.
  public enum Place: Sendable {
    /// Here: interpreters and loaders must be there as well.
    case thisMachine
    /// On machines of the platform that the name says.
    case itsPlatform
  }

  /// Examines an archive.
  ///
  /// - Parameters:
  ///   - name: what it must be a version of, by its file's name.
  ///   - place: where its programs must run.
  ///   - mayStayAsItIs: true for one that need not name a place to update from.
  public init(
    examining archive: borrowing ZipReader, as name: VersionDirectoryName,
    for place: Place = .thisMachine, mayStayAsItIs: Bool = false
  ) throws(BundleError) {
    self.name = name
    let app = name.name.bytes
    let whole = app + [slash] + name.bytes
    // The version directory decides: a program of the app may lie in a folder of the app's name as well.
    let hasTop = archive.walk.contains { $0.path.bytes.starts(with: whole + [slash]) }
    top = hasTop ? app : []
    guard
      hasTop || archive.walk.contains(where: { $0.path.bytes.starts(with: name.bytes + [slash]) })
    else { throw .problem(.missing(name.bytes)) }
    let tree = BundleTree(name: name, top: hasTop ? app + [slash] : [])

    for entry in archive.walk {
      if let problem = tree.problem(entry) { throw .problem(problem) }
    }
    let listText = try tree.contents(
      ("esky-bootstrap.txt" as StaticString).bytes, of: archive,
      limit: ControlFile.maximumLength)
    guard let list = BootstrapList(listText) else { throw .problem(.damaged("esky-bootstrap.txt")) }
    let settingsText = try tree.contents(
      ("esky-files/settings.txt" as StaticString).bytes, of: archive,
      limit: ControlFile.maximumLength)
    guard let settings = Settings(settingsText) else { throw .problem(.damaged("settings.txt")) }
    trustedRoot = try tree.contents(
      ("esky-files/root.json" as StaticString).bytes, of: archive,
      limit: Int(Limits().rootLength))
    self.list = list
    self.settings = settings

    if (try? TrustedSet(root: trustedRoot, now: 0)) == nil { throw .problem(.damaged("root.json")) }
    if let url = settings.updateURL {
      if !UpdateURL.isUsable(url) { throw .problem(.updateURL(url)) }
    } else if !mayStayAsItIs {
      throw .problem(.noUpdateURL)
    }
    if let path = settings.caFile { try tree.check(certificates: path, in: archive) }
    try tree.check(list, of: archive)
    if list.programs.isEmpty { throw .problem(.noProgram) }
    for program in list.programs {
      try tree.check(program: program, role: .program, in: archive, place)
      try tree.check(program: program, role: .launcher, in: archive, place)
      try tree.checkSlot(of: program, in: archive)
    }
    try tree.check(
      program: ("esky-files/esky" as StaticString).bytes, role: .finder, in: archive, place)
    digests = try BundleDigests(of: archive, in: tree)
  }

  /// Reads all contents, and compares them with the manifest: what installing does while it unpacks.
  ///
  /// - Throws: ``BundleError/problem(_:)`` with ``BundleProblem/notAsInManifest(_:)``, or
  ///   ``BundleError/archive(_:)`` for what can't be read.
  public func checkContents(of archive: borrowing ZipReader) throws(BundleError) {
    let check = digests.check()
    let walk = archive.walk
    do throws(ArchiveError) {
      for place in walk.indices where walk[place].kind == .file {
        check.begin(place)
        try archive.read(walk[place]) { check.add($0) }
        if !check.isRight() { throw .unexpectedContents(entry: walk[place].path.bytes) }
      }
    } catch {
      throw Self.error(error, as: name, top: top)
    }
  }

  /// What is said of contents that are not those of the manifest: the bundle is at fault, not the archive.
  static func error(
    _ error: ArchiveError, as name: VersionDirectoryName, top: [UInt8]
  ) -> BundleError {
    guard case .unexpectedContents(let path) = error else { return .archive(error) }
    let tree = BundleTree(name: name, top: top.isEmpty ? [] : top + [slash])
    return .problem(.notAsInManifest(tree.shown(path)))
  }
}

let slash = UInt8(ascii: "/")
