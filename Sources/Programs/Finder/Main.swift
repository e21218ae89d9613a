import Esky
import FileSystem

/// The entry point of `esky`; returns its exit status.
@c(Finder_main)
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  StandardStream.hold()
  // Neither a reader that goes away nor a full quota may kill an update in the middle.
  StandardStream.letWritesFail()
  var words: [[UInt8]] = []
  // A program can be started without even its own name.
  var index = 1
  while index < argumentCount, let word = arguments[index] {
    words.append(Path(cString: word).bytes)
    index += 1
  }
  let result = run(words, Environment())
  if Output.isLost {
    Output.error("esky: can't write to standard output")
    if result == .ok { return ResultCode.failed.rawValue }
  }
  return result.rawValue
}

private func run(_ words: [[UInt8]], _ environment: Environment) -> ResultCode {
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
    return try Commands(options, environment).run()
  } catch {
    return Report(options).failure(error)
  }
}
