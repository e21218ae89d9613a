import FileSystem

/// What the headers of an ELF program say. (System V ABI, "ELF Header", "Program Header")
struct ELFProgram {
  /// The number of the processor.
  let machine: UInt64
  /// The loader that it names; nil for none.
  let loader: Path?

  /// Reads the headers; nil for what can't be executed: an object file or a library without an entry, or a program whose
  /// headers or segments do not all lie in the file.
  ///
  /// - Parameters:
  ///   - head: the first bytes of the file, which begins with ELF's magic number.
  ///   - length: of the file, in bytes.
  ///   - read: gives `count` bytes from an offset; fewer where the file ends.
  init?<Failure: Error>(
    _ head: [UInt8], length: Int64,
    reading read: (_ offset: Int64, _ count: Int) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    guard head.count >= 64 else { return nil }
    let isWide = head[4] == 2
    let isLittleEndian = head[5] == 1
    func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
      var value: UInt64 = 0
      for index in 0..<width {
        value = value << 8 | UInt64(bytes[offset + (isLittleEndian ? width - 1 - index : index)])
      }
      return value
    }
    /// An address or offset, which is as wide as the processor's.
    func word(_ bytes: [UInt8], wide: Int, narrow: Int) -> UInt64 {
      isWide ? number(bytes, wide, 8) : number(bytes, narrow, 4)
    }
    func isInFile(_ start: UInt64, _ count: UInt64) -> Bool {
      let (end, overflows) = start.addingReportingOverflow(count)
      return !overflows && end <= UInt64(length)
    }
    // Executables and shared objects, which position-independent programs are; object files are neither.
    guard number(head, 16, 2) == 2 || number(head, 16, 2) == 3 else { return nil }
    machine = number(head, 18, 2)
    let entry = word(head, wide: 24, narrow: 24)
    let table = word(head, wide: 32, narrow: 28)
    let size = Int(number(head, isWide ? 54 : 42, 2))
    let count = Int(number(head, isWide ? 56 : 44, 2))
    // The system takes tables of just these.
    guard size == (isWide ? 56 : 32), 1...1024 ~= count,
      isInFile(table, UInt64(size * count))
    else { return nil }
    let headers = try read(Int64(table), size * count)
    guard headers.count == size * count else { return nil }

    var loader: Path?
    var isEntered = false
    for index in 0..<count {
      let header = Array(headers[index * size..<(index + 1) * size])
      let start = word(header, wide: 8, narrow: 4)
      let filed = word(header, wide: 32, narrow: 16)
      switch number(header, 0, 4) {
      case 1:  // PT_LOAD
        guard filed == 0 || isInFile(start, filed) else { return nil }
        let address = word(header, wide: 16, narrow: 8)
        let mapped = word(header, wide: 40, narrow: 20)
        let isExecuted = number(header, isWide ? 4 : 24, 4) & 1 == 1
        // 0 is what libraries have.
        if isExecuted, entry != 0, address <= entry, entry - address < mapped { isEntered = true }
      case 3 where loader == nil:  // PT_INTERP; of several, the system takes the first
        guard filed <= 4096, isInFile(start, filed) else { return nil }
        // The path ends at its NUL.
        let text = try read(Int64(start), Int(filed))
        loader = Path(Array(text.prefix { $0 != 0 }))
      default: break
      }
    }
    guard isEntered else { return nil }
    self.loader = loader
  }
}
