import CPosix

/// The entry point: runs the newest version of the app, or says why it can't.
@c(Bootstrap_main)
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  // The app finds its streams as they were given to us, closed ones too; our own files must not take their places.
  posix_hold_streams()
  return Launcher(arguments: arguments, environment: posix_environ()).run()
}
