import FileSystem
import JSON
import TUF

/// What metadata says of a target: length, hash, and the publisher's own data.
struct TargetEntry {
  let length: Int64
  let sha256: Digest
  let custom: JSONBuilder?

  /// The entry in `targets`.
  var json: JSONBuilder {
    var members: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("length".utf8), .integer(length)),
      (Array("hashes".utf8), ["sha256": .hex(sha256.bytes)]),
    ]
    if let custom { members.append((Array("custom".utf8), custom)) }
    return .object(members)
  }

  /// True when the metadata says the same already.
  func isListed(as entry: JSONValue) -> Bool {
    guard entry["length"]?.integer == length, entry["hashes"]?["sha256"]?.text == sha256.hex else {
      return false
    }
    guard let known = entry["custom"], let custom else {
      return entry["custom"] == nil && custom == nil
    }
    guard let old = try? CanonicalJSON.encode(known) else { return false }
    return (try? custom.canonical()) == old
  }
}

/// Reads files that become targets.
enum TargetCopy {
  /// Copies a file to a path, and hashes the bytes on their way; the copy is yet to be made durable.
  static func copy(
    _ source: Path, to path: Path
  ) throws(RepositoryError) -> (length: Int64, sha256: Digest) {
    let status = try onDisk { () throws(FileError) in try FileSystem.status(source) }
    if status.kind != .regular { throw .notAFile(source) }
    return try onDisk { () throws(FileError) in
      let original = try File(source, .read)
      let copy = try FilePlace(path).replace()
      try copy.setPermissions(0o644)
      return try Self.hash(original) { (bytes) throws(FileError) in try copy.write(bytes) }
    }
  }

  /// Copies a file for a rename on another volume; durable on return but for its name.
  static func duplicate(_ source: Path, to path: Path) throws(FileError) {
    let original = try File(source, .read)
    let copy = try FilePlace(path).replace()
    try copy.setPermissions(0o644)
    _ = try hash(original) { (bytes) throws(FileError) in try copy.write(bytes) }
    try copy.sync()
  }

  /// Gives a file a second name; where the volume has no links, the bytes are there twice.
  ///
  /// - Throws: ``FileError`` where something has that name already.
  static func link(_ source: Path, _ name: Path) throws(FileError) {
    do throws(FileError) {
      try FileSystem.makeHardLink(name, to: source)
    } catch {
      if try FileSystem.exists(name) { throw error }
      let copy = name.appendingSuffix(".new")
      try duplicate(source, to: copy)
      try FileSystem.rename(copy, to: name)
    }
  }

  /// Reads a file to its end; `body` sees the bytes as they come.
  static func hash(
    _ file: borrowing File, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) -> (length: Int64, sha256: Digest) {
    let hasher = TUF.Hasher(.sha256)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    var length: Int64 = 0
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return (length, hasher.finish()) }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hasher.update(bytes)
      try body(bytes)
      length += Int64(count)
    }
  }
}
