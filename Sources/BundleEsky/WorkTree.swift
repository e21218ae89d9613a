import FileSystem

/// The git work tree that this process works in: what a CI checks out.
enum WorkTree {
  /// Where something is in it, from its top; from the working directory where there is no work tree yet.
  ///
  /// - Returns: nil for what is not in it.
  static func path(of place: Path) throws -> Path? {
    try Failure.naming {
      let here = try FileSystem.realPath(".")
      let top = try top(above: here) ?? here
      let whole = try FileSystem.realPath(place)
      let prefix = top.bytes == [slash] ? top.bytes : top.bytes + [slash]
      guard whole.bytes.starts(with: prefix) else { return nil }
      return Path(Array(whole.bytes.dropFirst(prefix.count)))
    }
  }

  private static let slash = UInt8(ascii: "/")

  private static func top(above folder: Path) throws -> Path? {
    var folder = folder
    while true {
      // A folder, or a file where the work tree is one of several.
      if try FileSystem.exists(folder.appending(".git")) { return folder }
      if folder.bytes == [slash] { return nil }
      folder = folder.parent
    }
  }
}
