import CPosix
import Esky

/// The entry point of `esky`; returns its exit status.
@c(Finder_main)
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  // A reader that goes away must not kill an update in the middle.
  posix_ignore_broken_pipes()
  var words: [[UInt8]] = []
  var index = 1
  while let word = arguments[index] {
    words.append(Environment.bytes(word))
    index += 1
  }
  return run(words).rawValue
}

private func run(_ words: [[UInt8]]) -> ExitStatus {
  let options: Options
  do throws(UsageError) {
    options = try Options(words)
  } catch {
    Output.error("esky: \(error.text); see esky --help")
    return .usage
  }
  switch options.command {
  case .help:
    Output.line(Help.text)
    return .success
  case .version:
    Output.line("esky \(Help.version)")
    return .success
  default: break
  }
  do throws(EskyError) {
    return try Commands(options).run()
  } catch {
    return Report(options).failure(error)
  }
}
