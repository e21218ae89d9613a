import FileSystem
import TUF

/// The bytes of a target, copied to where it is published from.
struct TargetCopy {
  let length: Int64
  let sha256: Digest

  private let incoming: Path

  /// Copies a file to a fixed name, which a later run overwrites, and hashes the bytes on their way.
  init(of source: Path, to incoming: Path) throws(RepositoryError) {
    let status = try onDisk { () throws(FileError) in try FileSystem.status(source) }
    if status.kind != .regular { throw .notAFile(source) }
    let copied = try onDisk { () throws(FileError) in
      let original = try File(source, .read)
      let copy = try File(incoming, .createOrTruncate, permissions: 0o644)
      try copy.setPermissions(0o644)
      let read = try Self.hash(original) { (bytes) throws(FileError) in try copy.write(bytes) }
      try copy.sync()
      return read
    }
    length = copied.length
    sha256 = copied.sha256
    self.incoming = incoming
  }

  /// Gives the copy its name in the folder of targets; atomic, and durable on return.
  func publish(as name: TargetName, in targets: Path) throws(RepositoryError) {
    let destination = targets.appending(name.path(sha256: sha256.hex))
    try onDisk { () throws(FileError) in
      try FileSystem.makeDirectories(destination.parent)
      try FileSystem.rename(incoming, to: destination)
      // The folders on the way may be new as well.
      var folder = destination.parent
      while folder.bytes.count >= targets.bytes.count {
        try FileSystem.syncDirectory(folder)
        folder = folder.parent
      }
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

  /// What `targets` says of it.
  func json(custom: JSONBuilder?) -> JSONBuilder {
    var members: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("length".utf8), .integer(length)),
      (Array("hashes".utf8), ["sha256": .hex(sha256.bytes)]),
    ]
    if let custom { members.append((Array("custom".utf8), custom)) }
    return .object(members)
  }
}
