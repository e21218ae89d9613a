import Archive
import CPosix
import FileSystem
import Testing

/// A folder that lives as long as the test does.
final class TemporaryFolder {
  let path: Path

  init() throws {
    path = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "archive-tests-")
  }

  deinit { try? FileSystem.removeTree(path) }

  func file(_ name: String, _ bytes: [UInt8] = []) throws -> Path {
    let file = path.appending(name)
    try FileSystem.writeAtomically(bytes, to: file)
    return file
  }

  func folder(_ name: String) throws -> Path {
    let folder = path.appending(name)
    try FileSystem.makeDirectory(folder)
    return folder
  }
}

/// All below a folder, one line each: `a/ 755`, `a/f 644 contents`, `a/l -> target`.
func tree(_ top: Path, _ below: String = "") throws -> [String] {
  var lines: [String] = []
  for entry in try FileSystem.list(top) {
    let path = top.appending(entry.name)
    let name = below + String(decoding: entry.name, as: UTF8.self)
    let status = try FileSystem.linkStatus(path)
    let mode = String(status.permissions, radix: 8)
    switch status.kind {
    case .directory:
      lines.append("\(name)/ \(mode)")
      lines += try tree(path, name + "/")
    case .symbolicLink: lines.append("\(name) -> \(try FileSystem.readSymbolicLink(path).text)")
    default:
      let bytes = try FileSystem.read(path, limit: 1 << 24)
      lines.append("\(name) \(mode) \(String(decoding: bytes, as: UTF8.self))")
    }
  }
  return lines.sorted()
}

/// What a reader says of an archive, without touching the disk further.
func listing(_ path: Path, limits: ArchiveLimits = ArchiveLimits()) throws -> [String] {
  let reader = try ZipReader(path, limits: limits)
  var lines: [String] = []
  for entry in reader.entries {
    let contents = try reader.contents(of: entry, limit: 1 << 24)
    let kind =
      switch entry.kind {
      case .file: "file"
      case .directory: "directory"
      case .symbolicLink(let target): "link to \(String(decoding: target, as: UTF8.self))"
      }
    let mode = String(entry.permissions, radix: 8)
    lines.append("\(String(decoding: entry.path.bytes, as: UTF8.self)) \(kind) \(mode) \(contents)")
  }
  return lines
}

/// Opens and extracts; the error's description, or nil when all went well.
func refusal(
  _ path: Path, into folder: Path, limits: ArchiveLimits = ArchiveLimits()
) -> String? {
  do throws(ArchiveError) {
    let reader = try ZipReader(path, limits: limits)
    try Extractor.extract(reader, into: Folder(folder))
    return nil
  } catch {
    return error.description
  }
}

func entryPath(_ text: String) throws -> EntryPath { try EntryPath(checking: Array(text.utf8)) }

/// Runs a line of shell in a folder; its exit code and what it printed.
///
/// Without Foundation, whose C modules don't go together with CPosix in one file.
@discardableResult
func run(_ line: String, in folder: TemporaryFolder) throws -> (code: Int32, output: String) {
  let log = folder.path.appending("log")
  let code = system("cd \(folder.path.text) && { \(line) ; } >\(log.text) 2>&1 </dev/null")
  let output = try FileSystem.read(log, limit: 1 << 24)
  try FileSystem.remove(log)
  return (code, String(decoding: output, as: UTF8.self))
}
