import Archive
import FileSystem
import Layout

/// What an archive must be to become a version.
///
/// Source: Layout.md, "The archive".
enum BundleRules {
  /// Checks one entry before anything is unpacked: it belongs into the version directory, or is a file
  /// for the app folder that can't be mistaken for something of ours.
  ///
  /// - Returns: what is wrong; nil when nothing is.
  static func problem(_ entry: ArchiveEntry, of name: VersionDirectoryName) -> String? {
    let components = entry.path.components
    guard let top = components.first else { return nil }
    let path = String(decoding: entry.path.bytes, as: UTF8.self)
    if top == name.bytes {
      // Only installing makes this folder; one in an archive would reach into the app folder unlisted.
      let isReserved =
        components.count > 1 && components[1] == ("esky-bootstrap" as StaticString).bytes
      return isReserved ? "its entry \(path) has a name that only installing makes" : nil
    }
    let isReserved =
      top == ("updates" as StaticString).bytes || top == ("updates-off" as StaticString).bytes
      || VersionDirectoryName(parsing: top) != nil
    return isReserved ? "its entry \(path) is neither of version \(name.text) nor a free name" : nil
  }

  /// Checks what was unpacked: the files set aside for the app folder are those that the list names, and
  /// every program can be run.
  ///
  /// - Returns: what is wrong; nil when nothing is.
  static func problem(
    _ list: BootstrapList, of version: VersionFolder
  ) throws(FileError) -> String? {
    var found: [[UInt8]] = []
    try collect(version.bootstrapFolder, prefix: [], &found)
    for path in found where !list.all.contains(path) {
      return "esky-bootstrap.txt does not list \(String(decoding: path, as: UTF8.self))"
    }
    for path in list.all where !found.contains(path) {
      return "\(String(decoding: path, as: UTF8.self)) is listed for the app folder but missing"
    }
    for program in list.programs {
      let path = version.path.appending(program)
      // One that can't run would be fetched again and again.
      if !ProgramFile.isRunnable(path) {
        return "its program \(String(decoding: program, as: UTF8.self)) can't run on this machine"
      }
    }
    return list.programs.isEmpty ? "it has no program" : nil
  }

  private static func collect(
    _ folder: Path, prefix: [UInt8], _ found: inout [[UInt8]]
  ) throws(FileError) {
    for entry in try FileSystem.list(folder) {
      let path = folder.appending(entry.name)
      if try FileSystem.linkStatus(path).kind == .directory {
        try collect(path, prefix: prefix + entry.name + [UInt8(ascii: "/")], &found)
      } else {
        found.append(prefix + entry.name)
      }
    }
  }
}
