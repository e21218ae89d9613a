public import FileSystem

/// What can be told of a program without running it.
public enum ProgramFile {
  /// True when nothing speaks against the program: a path leads to a regular file that may be executed, it
  /// is for this kind of machine, and the interpreter or loader that it names may be executed as well.
  ///
  /// The libraries that it loads are not looked at.
  public static func isRunnable(_ path: Path) -> Bool {
    guard isExecutableFile(path) else { return false }
    #if os(Linux)
      // A program that may be executed and not read runs all the same.
      guard let head = try? read(path, at: 0, count: 256) else { return true }
      if head.starts(with: "#!".utf8) { return isExecutableFile(interpreter(of: head)) }
      guard let loader = ELFHead(head)?.loader(of: path) else { return false }
      return loader.bytes.isEmpty || isExecutableFile(loader)
    #else
      return true
    #endif
  }

  private static func isExecutableFile(_ path: Path) -> Bool {
    (try? FileSystem.status(path))?.kind == .regular && FileSystem.isExecutable(path)
  }

  /// The first word behind `#!`. `execve(2)`, "Interpreter scripts"
  private static func interpreter(of head: [UInt8]) -> Path {
    var word: [UInt8] = []
    for byte in head.dropFirst(2) {
      if byte == 0x20 || byte == 0x09 || byte == 0x0a {
        if word.isEmpty && byte != 0x0a { continue }
        break
      }
      word.append(byte)
    }
    return Path(word)
  }

  /// Bytes of a file from an offset; fewer where it ends.
  fileprivate static func read(_ path: Path, at offset: Int64, count: Int) throws(FileError)
    -> [UInt8]
  {
    var bytes = [UInt8](repeating: 0, count: count)
    let file = try File(path, .readFile)
    let found = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
      try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
    }
    bytes.removeSubrange(found...)
    return bytes
  }
}

/// The head of an ELF file. System V ABI, "ELF Header", "Program Header"
private struct ELFHead {
  private let isWide: Bool
  private let isLittleEndian: Bool
  private let bytes: [UInt8]

  /// Takes the first bytes of a file; nil when they are no program for this kind of machine.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 64, bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
    isWide = bytes[4] == 2
    isLittleEndian = bytes[5] == 1
    self.bytes = bytes
    let machine = number(bytes, 18, 2)
    #if arch(x86_64)
      guard machine == 62 || machine == 3 else { return nil }  // 3: 32 bits, where their loader is
    #elseif arch(arm64)
      guard machine == 183 || machine == 40 else { return nil }
    #endif
  }

  private func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<width {
      value = value << 8 | UInt64(bytes[offset + (isLittleEndian ? width - 1 - index : index)])
    }
    return value
  }

  /// The loader that `PT_INTERP` names, empty where there is none; nil when the file is cut short.
  func loader(of path: Path) -> Path? {
    let table = number(bytes, isWide ? 32 : 28, isWide ? 8 : 4)
    let size = Int(number(bytes, isWide ? 54 : 42, 2))
    let count = Int(number(bytes, isWide ? 56 : 44, 2))
    guard (isWide ? 56 : 32)...256 ~= size, count <= 1024, table < 1 << 40,
      let headers = try? ProgramFile.read(path, at: Int64(table), count: size * count),
      headers.count == size * count
    else { return nil }
    for index in 0..<count where number(headers, index * size, 4) == 3 {
      let start = number(headers, index * size + (isWide ? 8 : 4), isWide ? 8 : 4)
      let length = number(headers, index * size + (isWide ? 32 : 16), isWide ? 8 : 4)
      guard start < 1 << 40, length <= 4096 else { return nil }
      // A path ends at its NUL.
      return (try? ProgramFile.read(path, at: Int64(start), count: Int(length))).map { Path($0) }
    }
    return Path([])
  }
}
