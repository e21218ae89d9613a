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

  // MARK: Keys

  /// Keeps a new key out of git, where it lies in a work tree and no `.gitignore` does so yet: with one beside it
  /// where nothing but keys lies there.
  ///
  /// - Returns: what a person must do where other things lie there, too.
  static func keepOut(key: Path) throws -> String? {
    try Failure.naming {
      let folder = try FileSystem.realPath(key.parent)
      guard let top = try top(above: folder),
        try !isIgnored(key.lastComponent, in: folder, below: top)
      else { return nil }
      let names = try FileSystem.list(folder).map { Path($0.name).text }
      if names.allSatisfy({ $0.hasSuffix(".key") || $0.hasSuffix(".signer") }) {
        try FileSystem.writeAtomically(
          Array("# Keys belong into no repository.\n*\n".utf8), to: folder.appending(".gitignore"),
          permissions: 0o600)
        return nil
      }
      return
        "\(key.text) lies in a git work tree, and nothing keeps it out of git; add the line *.key to \(folder.appending(".gitignore").text)"
    }
  }

  /// True where a `.gitignore` between a file and the top of its work tree names it, all keys, all files, or a folder
  /// that it is in; of others, where git might know more, nobody is told a falsehood by a word too many.
  private static func isIgnored(
    _ name: [UInt8], in folder: Path, below top: Path
  ) throws(FileError) -> Bool {
    var folder = folder
    var inner = Path(name).text
    var patterns: Set<String> = ["*", "*.key", inner, "/" + inner]
    while true {
      let path = folder.appending(".gitignore")
      if try FileSystem.exists(path) {
        let lines = try FileSystem.read(path, limit: 1 << 20).split(separator: UInt8(ascii: "\n"))
        // What a line keeps out, a later one with a ! may let in again.
        for line in lines.reversed() {
          if line.first == UInt8(ascii: "!") { return false }
          if patterns.contains(String(decoding: line, as: UTF8.self)) { return true }
        }
      }
      if folder == top { return false }
      let part = Path(folder.lastComponent).text
      inner = part + "/" + inner
      // A pattern with a slash inside is for the folder of its file alone.
      patterns = patterns.filter { !$0.dropFirst().dropLast().contains("/") && !$0.hasPrefix("/") }
      patterns.formUnion(["/" + inner, inner])
      var front = inner
      while let slash = front.lastIndex(of: "/") {
        front = String(front[..<slash])
        patterns.formUnion([front, front + "/", "/" + front, "/" + front + "/", front + "/*"])
      }
      folder = folder.parent
    }
  }
}
