import FileSystem
import Repository
import TUF

/// A list of targets whose files are kept elsewhere, one JSON object a line.
struct TargetList {
  let additions: [TargetAddition]

  /// Reads a list; `-` is standard input.
  init(_ path: Path) throws {
    let file: File
    do throws(FileError) {
      file = try File(path.bytes == Array("-".utf8) ? "/dev/stdin" : path, .read)
    } catch {
      throw Failure(error.description)
    }
    var additions: [TargetAddition] = []
    var number = 0
    var rest: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    func take(_ line: ArraySlice<UInt8>) throws {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return }
      do {
        additions.append(try Self.addition(Array(line)))
      } catch let failure as Failure {
        throw Failure("\(path.text), line \(number): \(failure.description)")
      }
    }
    while true {
      let count: Int
      do throws(FileError) { count = try file.read(into: buffer) } catch {
        throw Failure(error.description)
      }
      rest.append(contentsOf: buffer[..<count])
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: 0x0a) {
        try take(rest[start..<end])
        start = end + 1
      }
      rest.removeSubrange(..<start)
      if rest.count > 1 << 24 {
        throw Failure("\(path.text), line \(number + 1): it is longer than 16 MiB")
      }
      if count == 0 { break }
    }
    if !rest.isEmpty { try take(rest[...]) }
    self.additions = additions
  }

  private static func addition(_ line: [UInt8]) throws -> TargetAddition {
    let root = try Failure.naming { try JSONDocument(parsing: line) }.root
    guard let name = root["name"]?.text else { throw Failure("\"name\" is missing or no text") }
    guard let length = root["length"]?.integer, length >= 0 else {
      throw Failure("\"length\" is missing or no number of bytes")
    }
    guard let digits = root["sha256"]?.text, let bytes = Hex.decode(digits), bytes.count == 32
    else {
      throw Failure("\"sha256\" is missing or not 64 hexadecimal digits")
    }
    let custom = root["custom"]
    if let custom, !custom.isObject { throw Failure("\"custom\" is no object") }
    return try Failure.naming {
      TargetAddition(
        try TargetName(String(decoding: name, as: UTF8.self)), length: length,
        sha256: Digest(.sha256, bytes), custom: custom.map { .verbatim($0) })
    }
  }
}
