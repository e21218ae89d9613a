import Bytes
import CPosix

/// The variables that this process was started with.
///
/// Programs read them; what lies below is told their values.
public enum ProcessEnvironment {
  /// The bytes of a variable; nil where it is not set. `getenv(3)`
  public static func value(of name: StaticString) -> [UInt8]? {
    withCString(name) { getenv($0).map { Path(cString: $0).bytes } }
  }

  /// Takes a variable out of the environment, so that programs started from here do not get it. `unsetenv(3)`
  public static func remove(_ name: StaticString) {
    _ = withCString(name) { unsetenv($0) }
  }

  /// Where files go that nobody keeps: `TMPDIR`, or `/tmp` where that is unset or empty.
  public static var temporaryFolder: Path {
    guard let named = value(of: "TMPDIR"), !named.isEmpty else { return "/tmp" }
    return Path(named)
  }

  @inline(__always)
  private static func withCString<Result>(
    _ name: StaticString, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    // Literals end with a NUL.
    name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1, body)
  }
}
