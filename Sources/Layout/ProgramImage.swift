public import FileSystem

/// What the first bytes of a program say of where it runs.
public enum ProgramImage: Sendable {
  /// Text that an interpreter runs; empty for one that is not named.
  case script(interpreter: Path)
  /// For a processor by its number in ELF, by way of a loader where it names one.
  case elf(machine: UInt64, loader: Path?)
  /// Something else, of which nothing can be told.
  case other
  /// Nothing, or an ELF file that is cut short.
  case damaged

  /// Reads as much of a program as is needed.
  ///
  /// - Parameter read: gives `count` bytes from an offset; fewer where the program ends.
  public init<Failure: Error>(
    reading read: (_ offset: Int64, _ count: Int) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    let head = try read(0, 256)
    if head.starts(with: [0x23, 0x21]) {
      self = .script(interpreter: Self.interpreter(of: head))
    } else if head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      self = try Self.elf(head, read)
    } else {
      self = head.isEmpty ? .damaged : .other
    }
  }

  /// True when machines of a platform run such a program.
  ///
  /// What is for any platform is for all of them, which a native program never is.
  public func runs(on platform: Platform) -> Bool {
    let isLinux = platform.tag.starts(with: ("linux-" as StaticString).bytes)
    switch self {
    case .script: return true
    case .damaged: return false
    // Linux executes ELF files and scripts; of other systems' formats nothing is known here.
    case .other: return platform != .any && !isLinux
    case .elf(let machine, _):
      guard isLinux || platform.tag.starts(with: ("freebsd-" as StaticString).bytes) else {
        return false
      }
      guard let dash = platform.tag.firstIndex(of: UInt8(ascii: "-")) else { return false }
      let processor = platform.tag[(dash + 1)...]
      // 32-bit programs run where their loader is.
      let known: [(tag: StaticString, machines: [UInt64])] = [
        ("x86_64", [62, 3]), ("i686", [3]), ("aarch64", [183, 40]), ("armv7", [40]),
        ("riscv64", [243]), ("ppc64le", [21]), ("s390x", [22]),
      ]
      for one in known where processor.elementsEqual(one.tag.bytes) {
        return one.machines.contains(machine)
      }
      return true
    }
  }

  /// The program that must be there to run this one; nil for none.
  public var needs: Path? {
    switch self {
    case .script(let interpreter): interpreter
    case .elf(_, let loader): loader
    case .other, .damaged: nil
    }
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

  /// The machine and the loader of an ELF file. (System V ABI, "ELF Header", "Program Header")
  private static func elf<Failure: Error>(
    _ head: [UInt8], _ read: (_ offset: Int64, _ count: Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> ProgramImage {
    guard head.count >= 64 else { return .damaged }
    let isWide = head[4] == 2
    let isLittleEndian = head[5] == 1
    func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
      var value: UInt64 = 0
      for index in 0..<width {
        value = value << 8 | UInt64(bytes[offset + (isLittleEndian ? width - 1 - index : index)])
      }
      return value
    }
    // Executables and shared objects, which position-independent programs are; object files are neither.
    guard number(head, 16, 2) == 2 || number(head, 16, 2) == 3 else { return .damaged }
    let machine = number(head, 18, 2)
    let table = number(head, isWide ? 32 : 28, isWide ? 8 : 4)
    let size = Int(number(head, isWide ? 54 : 42, 2))
    let count = Int(number(head, isWide ? 56 : 44, 2))
    guard (isWide ? 56 : 32)...256 ~= size, 1...1024 ~= count, table < 1 << 40 else {
      return .damaged
    }
    let headers = try read(Int64(table), size * count)
    guard headers.count == size * count else { return .damaged }
    for index in 0..<count where number(headers, index * size, 4) == 3 {
      let start = number(headers, index * size + (isWide ? 8 : 4), isWide ? 8 : 4)
      let length = number(headers, index * size + (isWide ? 32 : 16), isWide ? 8 : 4)
      guard start < 1 << 40, length <= 4096 else { return .damaged }
      // The path ends at its NUL.
      let text = try read(Int64(start), Int(length))
      return .elf(machine: machine, loader: Path(Array(text.prefix { $0 != 0 })))
    }
    return .elf(machine: machine, loader: nil)
  }
}
