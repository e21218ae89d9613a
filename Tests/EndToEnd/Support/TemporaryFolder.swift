import Foundation
import Synchronization

/// A folder of a test's own that anybody may read; gone when the test is over.
final class TemporaryFolder: Sendable {
  /// Where it is, without symbolic links.
  let path: String

  /// Makes one; `name` may hold any bytes that a path may, to see who trips over them.
  init(_ name: String = "esky") throws {
    var template = Array((NSTemporaryDirectory() + "/esky-test-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure("can't make a temporary folder: \(errno)")
    }
    let made = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    outer = URL(fileURLWithPath: made).resolvingSymlinksInPath().path
    path = outer + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    // Programs that run as another user have to get in.
    chmod(outer, 0o755)
  }

  deinit {
    // As an ordinary user, folders that a test took the write permission from would stay.
    _ = try? Command("/bin/chmod", ["-R", "u+rwX", outer]).run()
    try? FileManager.default.removeItem(atPath: outer)
  }

  private let outer: String

  /// Removes the folder when the test run ends, for one that many tests share and nobody lets go of.
  func removeAtExit() {
    Self.shared.withLock { folders in
      if folders.isEmpty {
        atexit {
          for folder in TemporaryFolder.shared.withLock({ $0 }) {
            try? FileManager.default.removeItem(atPath: folder)
          }
        }
      }
      folders.append(outer)
    }
  }

  private static let shared = Mutex<[String]>([])
}

/// What went wrong in a test's own machinery.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
