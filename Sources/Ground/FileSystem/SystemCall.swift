import CPosix

/// Makes a system call that answers -1 on failure; one that a signal interrupted is made again.
///
/// Every call of this module goes through here: debug builds let ``Fault`` fail any of them.
@inline(__always)
@discardableResult
func call(
  _ operation: FileOperation, _ path: Path, _ body: () -> Int
) throws(FileError) -> Int {
  #if DEBUG
    if let code = Fault.next() { throw FileError(operation, path, code: code) }
  #endif
  while true {
    let result = body()
    if result >= 0 { return result }
    let code = posix_errno()
    if code != EINTR { throw FileError(operation, path, code: code) }
  }
}
