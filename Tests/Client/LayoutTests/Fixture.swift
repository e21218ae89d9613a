import FileSystem

/// Reads the tables in `Fixtures`.
enum Fixture {
  /// The words of each line.
  static func table(_ name: String, file: String = #filePath) throws(FileError) -> [[String]] {
    let path = Path(file).parent.appending("Fixtures").appending(name)
    let bytes = try File(path, .read).readAll(limit: 1 << 20) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
  }
}
