public import FileSystem

/// What can be told of a program without running it.
public enum ProgramFile {
  /// True when a path leads to a regular file that may be executed, and whose head does not say that it
  /// is for another kind of machine.
  public static func isRunnable(_ path: Path) -> Bool {
    guard (try? FileSystem.status(path))?.kind == .regular, FileSystem.isExecutable(path) else {
      return false
    }
    #if os(Linux)
      guard let head = try? head(path) else { return true }  // execute-only
      return head.starts(with: "#!".utf8) || isForThisMachine(head)
    #else
      return true
    #endif
  }

  private static func head(_ path: Path) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 20)
    let file = try File(path, .read)
    let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
      try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    bytes.removeSubrange(count...)
    return bytes
  }

  /// ELF, and `e_machine`, bytes 18 and 19, is ours. System V ABI, "ELF Header"
  private static func isForThisMachine(_ head: [UInt8]) -> Bool {
    guard head.count == 20, head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return false }
    let isLittleEndian = head[5] == 1
    let machine =
      UInt16(head[isLittleEndian ? 18 : 19]) | UInt16(head[isLittleEndian ? 19 : 18]) << 8
    #if arch(x86_64)
      return machine == 62 || machine == 3  // 32-bit programs run as well where their loader is
    #elseif arch(arm64)
      return machine == 183 || machine == 40
    #else
      return machine != 0
    #endif
  }
}
