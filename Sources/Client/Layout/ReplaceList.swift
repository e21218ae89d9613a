import FileSystem

/// The files of the app folder that give way to a version's own: `esky-replaces.txt`.
///
/// A finder writes it into the version directory before the commit, once it has found that each of these files was
/// brought by a version that is installed. Whoever finishes the update replaces and removes these and no other:
/// everything else in the app folder is the user's.
public struct ReplaceList: Sendable {
  /// Paths in the app folder.
  public let files: [[UInt8]]

  /// Puts a list together.
  public init(files: [[UInt8]]) {
    self.files = files
  }

  /// Reads the text of the file; nil when it is damaged, or names what is not in the folder.
  public init?(_ text: [UInt8]) {
    guard let control = ControlFile(text, kind: "esky-replaces") else { return nil }
    files = control.values("file")
    for path in files where !PathInFolder.isProper(path) { return nil }
  }

  /// The text of the file.
  public var text: [UInt8] {
    var control = ControlFile()
    for file in files { control.append("file", file) }
    return control.text(kind: "esky-replaces")
  }
}

extension VersionFolder {
  /// What may give way to this version's files; nothing where nobody noted that.
  func replaceList() throws(FileError) -> ReplaceList {
    do throws(FileError) {
      let text = try FileSystem.read(replacesFile, limit: ControlFile.maximumLength)
      return ReplaceList(text) ?? ReplaceList(files: [])
    } catch {
      if error.isMissing { return ReplaceList(files: []) }
      throw error
    }
  }
}
