import CPosix

/// Faults planned for the system calls of the calling thread; debug builds only.
///
/// A test fails call `n` for n = 1, 2, 3 and so on until a run meets none, and looks at the disk each time.
public enum Fault {
  /// Makes the `call`-th system call from now, counted from 1, fail with `code`; `lasting` fails all
  /// later ones too, as a full disk or a killed process would.
  public static func plan(call: Int, code: CInt, lasting: Bool = false) {
    let fault = posix_fault()!
    fault.pointee.remaining = Int32(call)
    fault.pointee.code = code
    fault.pointee.lasting = lasting
  }

  /// Ends the plan; true when the fault was met.
  public static func clear() -> Bool {
    let fault = posix_fault()!
    let met = fault.pointee.remaining == 0
    fault.pointee.remaining = -1
    return met
  }

  static func next() -> CInt? {
    let fault = posix_fault()!
    if fault.pointee.remaining == 0 && fault.pointee.lasting { return fault.pointee.code }
    guard fault.pointee.remaining > 0 else { return nil }
    fault.pointee.remaining -= 1
    return fault.pointee.remaining == 0 ? fault.pointee.code : nil
  }
}
