import Bytes
import FileSystem
import JSON
import Repository
import TUF

/// A list of targets whose files are kept elsewhere, one JSON object a line.
///
/// Of a file that can be read again only the places of the lines are kept: there may be a million of them.
final class TargetList {
  private let path: Path
  private let file: File
  private let check: (TargetAddition) throws -> Void
  /// What came through a pipe, which can't be read again; nil for a file.
  private var text: [UInt8]?
  /// Where each line begins that is not empty, how long it is in bytes, and its number from 1 on.
  private var lines: [(start: Int, length: Int32, number: Int32)] = []
  /// The part of the file that was read last, and where it begins: most lines are wanted in their order.
  private var window: (start: Int, bytes: [UInt8]) = (0, [])

  private static let longest = 1 << 24
  private static let windowLength = 64 << 10

  /// Finds the lines of a list; `-` is standard input.
  ///
  /// - Parameter check: refuses a target, in words for a person.
  init(_ path: Path, check: @escaping (TargetAddition) throws -> Void = { _ in }) throws {
    self.path = path
    self.check = check
    do throws(FileError) {
      file = try File(path.bytes == Array("-".utf8) ? "/dev/stdin" : path, .stream)
      if try file.status().kind != .regular { text = [] }
    } catch {
      throw Failure(error.description)
    }
    try findLines()
  }

  /// The targets, each read when it is wanted.
  var additions: TargetAdditions {
    TargetAdditions(elsewhere: lines.count) { (place) throws(RepositoryError) in
      try self.addition(at: place)
    }
  }

  /// All of them at once.
  func all() throws -> [TargetAddition] {
    try Failure.naming { () throws(RepositoryError) in
      var all: [TargetAddition] = []
      for place in lines.indices { all.append(try addition(at: place)) }
      return all
    }
  }

  private func addition(at place: Int) throws(RepositoryError) -> TargetAddition {
    let line = lines[place]
    let bytes = try bytes(line.start, Int(line.length))
    do {
      let addition = try Self.addition(bytes)
      try check(addition)
      return addition
    } catch {
      let reason = (error as? Failure)?.description ?? "it can't be read"
      throw .badTargetList(path, line: Int(line.number), reason: reason)
    }
  }

  private func bytes(_ start: Int, _ length: Int) throws(RepositoryError) -> [UInt8] {
    if let text { return Array(text[start..<start + length]) }
    if start < window.start || start + length > window.start + window.bytes.count {
      // Lines that are wanted one by one, far from each other, are read by themselves.
      let isNext = (window.start...window.start + window.bytes.count).contains(start)
      let wanted = isNext || window.bytes.isEmpty ? max(length, Self.windowLength) : length
      window = (start, try read(start, wanted))
    }
    let from = start - window.start
    guard from + length <= window.bytes.count else {
      throw .badTargetList(path, line: 1, reason: "the file has become shorter meanwhile")
    }
    return Array(window.bytes[from..<from + length])
  }

  private func read(_ start: Int, _ length: Int) throws(RepositoryError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    let count: Int
    do throws(FileError) {
      count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: Int64(start))
      }
    } catch {
      throw .file(error)
    }
    bytes.removeSubrange(count...)
    return bytes
  }

  private func findLines() throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var offset = 0
    var start = 0
    var number: Int32 = 0
    var isEmpty = true
    func end(_ at: Int) {
      number += 1
      if !isEmpty { lines.append((start, Int32(at - start), number)) }
      start = at + 1
      isEmpty = true
    }
    while true {
      let count: Int
      do throws(FileError) { count = try file.read(into: buffer) } catch {
        throw Failure(error.description)
      }
      if count == 0 { break }
      text?.append(contentsOf: buffer[..<count])
      for place in 0..<count {
        switch buffer[place] {
        case 0x0a: end(offset + place)
        case 0x20, 0x09, 0x0d: break
        default: isEmpty = false
        }
      }
      offset += count
      if offset - start > Self.longest {
        throw Failure("\(path.text), line \(number + 1): it is longer than 16 MiB")
      }
    }
    if start < offset { end(offset) }
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
