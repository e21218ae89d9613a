import Bytes
import CPosix

extension FileSystem {
  /// Makes a folder that only this user may look into, under a name that nothing has. `mkdtemp(3)`
  ///
  /// - Parameter prefix: what its name begins with; six characters follow.
  /// - Throws: ``FileError`` that names the folder around it.
  public static func makeTemporaryDirectory(
    in folder: Path, prefix: StaticString
  ) throws(FileError) -> Path {
    let template = folder.appending(prefix.bytes + ("XXXXXX" as StaticString).bytes)
    var bytes = template.bytes + [0]
    let made = bytes.withUnsafeMutableBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { mkdtemp($0.baseAddress!) != nil }
    }
    guard made else { throw FileError(.makeDirectory, folder, code: posix_errno()) }
    return Path(bytes)
  }
}
