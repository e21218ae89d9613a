import FileSystem

/// The files that a version expects in the app folder: `esky-bootstrap.txt`.
///
/// It is the last file of its version directory in every archive, and ends with a line `end`: where it
/// stands whole, the version directory is complete.
public struct BootstrapList: Sendable {
  /// Paths of programs, in the app folder and in the version directory alike.
  public var programs: [[UInt8]]
  /// Paths of other files in the app folder.
  public var files: [[UInt8]]

  /// Puts a list together.
  public init(programs: [[UInt8]], files: [[UInt8]] = []) {
    self.programs = programs
    self.files = files
  }

  /// Reads the text of the file; nil when it is damaged or cut short, or names what is not in the folder.
  public init?(_ text: [UInt8]) {
    guard let control = ControlFile(text, kind: "esky-bootstrap") else { return nil }
    programs = control.values("program")
    files = control.values("file")
    // Cleanup removes what a list names; it must not be led out of the app folder.
    for path in programs where !PathInFolder.isProper(path) { return nil }
    for path in files where !PathInFolder.isProper(path) { return nil }
  }

  /// The text of the file.
  public var text: [UInt8] {
    var control = ControlFile()
    for program in programs { control.append("program", program) }
    for file in files { control.append("file", file) }
    return control.text(kind: "esky-bootstrap")
  }

  /// Everything that the version expects in the app folder.
  public var all: [[UInt8]] { programs + files }
}

extension VersionFolder {
  /// The version's list.
  ///
  /// - Returns: nil when there is none: the version directory is not complete.
  /// - Throws: ``LayoutError/damaged(_:)`` when it is there and can't be read as one.
  public func bootstrapList() throws(LayoutError) -> BootstrapList? {
    try list(bootstrapFile)
  }

  /// The list of a version that was withdrawn: what it brought into the app folder.
  ///
  /// - Returns: nil when it was not.
  public func withdrawnList() throws(LayoutError) -> BootstrapList? {
    try list(withdrawnFile)
  }

  private func list(_ file: Path) throws(LayoutError) -> BootstrapList? {
    let text: [UInt8]
    do throws(FileError) {
      text = try FileSystem.read(file, limit: ControlFile.maximumLength)
    } catch {
      if error.isMissing { return nil }
      throw .file(error)
    }
    guard let list = BootstrapList(text) else { throw .damaged(file) }
    return list
  }

  /// Takes the version out of the choice of every launcher: one atomic rename, durable on return.
  ///
  /// Whoever runs it goes on; its directory is no longer complete, and cleanup removes it.
  public func withdraw() throws(FileError) {
    let folder = try Directory(path)
    try folder.rename(bootstrapFile.lastComponent, to: folder, withdrawnFile.lastComponent)
    try folder.sync()
  }
}
