public import Archive
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
  public init(
    examining archive: borrowing ZipReader, as name: VersionDirectoryName,
    for place: Place = .thisMachine
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
    guard let url = settings.updateURL else { throw .problem(.noUpdateURL) }
    if !Settings.isUsable(updateURL: url) { throw .problem(.updateURL(url)) }
    try tree.checkManifest(of: archive)
    try tree.check(list, of: archive)
    if list.programs.isEmpty { throw .problem(.noProgram) }
    for program in list.programs {
      try tree.check(program: program, role: .program, in: archive, place)
      try tree.check(program: program, role: .launcher, in: archive, place)
    }
    try tree.check(
      program: ("esky-files/esky" as StaticString).bytes, role: .finder, in: archive, place)
  }
}

let slash = UInt8(ascii: "/")
