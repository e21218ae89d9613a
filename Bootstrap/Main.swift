import FileSystem
import Layout

@c(Bootstrap_main)
public func main(_ argc: Int32, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
{
  return Int32(placeholder(Path(cString: argv[1]!)))
}
