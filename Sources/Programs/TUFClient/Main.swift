import FileSystem

/// The entry point of `tuf-client`; returns its exit status, 0 or 1.
@c(TUFClient_main)
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  StandardStream.hold()
  // A reader that goes away must not end the program between two files.
  StandardStream.letWritesFail()
  var words: [[UInt8]] = []
  var index = 1
  while index < Int(argumentCount), let word = arguments[index] {
    words.append(Path(cString: word).bytes)
    index += 1
  }
  return run(words) && !Output.isLost ? 0 : 1
}

private func run(_ words: [[UInt8]]) -> Bool {
  let options: Options
  do throws(Failure) {
    options = try Options(words)
  } catch {
    Output.error("tuf-client: \(error.description)")
    return false
  }
  switch options.command {
  case .help: Output.text(Help.text)
  case .version: Output.text(Help.version)
  default: return Commands(options, now: SystemClock.now).run()
  }
  return true
}
