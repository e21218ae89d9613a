import CPosix

/// The entry point: runs the newest version of the app, or says why it can't.
@c(Bootstrap_main)
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  return Launcher(arguments: arguments, environment: posix_environ()).run()
}
