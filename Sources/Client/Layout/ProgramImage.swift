import Bytes
public import FileSystem

/// What the first bytes of a program say of where it runs.
public enum ProgramImage: Sendable {
  /// Text that an interpreter runs.
  case script(ScriptLine)
  /// Text that no machine runs, for what its first line says.
  case brokenScript(ScriptLine.Fault)
  /// For a processor by its number in ELF, by way of a loader where it names one.
  case elf(machine: UInt64, loader: Path?)
  /// Something else, of which nothing can be told.
  case other
  /// Nothing, or an ELF file that is cut short or no program.
  case damaged

  /// Reads as much of a program as is needed.
  ///
  /// - Parameters:
  ///   - length: of the program, in bytes.
  ///   - read: gives `count` bytes from an offset; fewer where the program ends.
  public init<Failure: Error>(
    length: Int64,
    reading read: (_ offset: Int64, _ count: Int) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    let head = try read(0, ScriptLine.maximumLength + 1)
    if head.starts(with: [0x23, 0x21]) {
      do throws(ScriptLine.Fault) {
        self = .script(try ScriptLine(head))
      } catch {
        self = .brokenScript(error)
      }
    } else if head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      let program = try ELFProgram(head, length: length, reading: read)
      self = program.map { .elf(machine: $0.machine, loader: $0.loader) } ?? .damaged
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
    case .brokenScript, .damaged: return false
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
}
