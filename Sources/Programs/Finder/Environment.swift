import CPosix
import Esky
import FileSystem
import Layout

/// What the process was given: variables and the clock.
enum Environment {
  static func variable(_ name: StaticString) -> [UInt8]? {
    name.withUTF8Buffer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { getenv($0.baseAddress!).map { bytes($0) } }
    }
  }

  static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] { Path(cString: text).bytes }

  /// Where the user's own files are.
  static var user: UserFolders {
    UserFolders(
      caches: variable(EnvironmentNames.caches), home: variable(EnvironmentNames.home))
  }

  /// Seconds since 1970 UTC.
  static var now: Int64 { Int64(time(nil)) }

  /// Milliseconds on a clock that nobody sets.
  static var milliseconds: Int64 {
    var spec = timespec()
    clock_gettime(CLOCK_MONOTONIC, &spec)
    return Int64(spec.tv_sec) * 1000 + Int64(spec.tv_nsec) / 1_000_000
  }
}
