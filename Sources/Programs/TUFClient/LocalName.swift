import Bytes
import TUF

/// The one file name that a target is kept under.
///
/// All bytes outside `A-Za-z0-9_.-~` are percent-encoded, `/` too: each target name has a file of its own,
/// and none leaves the folder. The names `.` and `..` have their dots encoded.
enum LocalName {
  static func of(_ target: [UInt8]) throws(Failure) -> [UInt8] {
    if target.isEmpty { throw .emptyTargetName }
    // No other name gives these: a `%` of a name is encoded itself.
    if target.count <= 2, target.allSatisfy({ $0 == UInt8(ascii: ".") }) {
      return target.flatMap { _ in Array("%2E".utf8) }
    }
    return Array(PercentEncoding.encode(target, keepingSlashes: false).utf8)
  }
}
