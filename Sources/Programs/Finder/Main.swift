import CPosix
import Esky

/// The entry point of `esky`; returns its exit status.
@c(Finder_main)
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  posix_hold_streams()
  // Neither a reader that goes away nor a full quota may kill an update in the middle.
  posix_let_writes_fail()
  var words: [[UInt8]] = []
  // A program can be started without even its own name.
  var index = 1
  while index < argumentCount, let word = arguments[index] {
    words.append(Environment.bytes(word))
    index += 1
  }
  let result = run(words)
  if Output.isLost {
    Output.error("esky: can't write to standard output")
    if result == .ok { return ResultCode.failed.rawValue }
  }
  return result.rawValue
}

private func run(_ words: [[UInt8]]) -> ResultCode {
  let options: Options
  do throws(UsageError) {
    options = try Options(words)
  } catch {
    Output.error("esky: \(error.text); see esky --help")
    return .usage
  }
  switch options.command {
  case .help:
    Output.text(Help.text + "\n")
    return .ok
  case .version:
    Output.line("esky \(Help.version)")
    return .ok
  default: break
  }
  do throws(EskyError) {
    return try Commands(options).run()
  } catch {
    return Report(options).failure(error)
  }
}
