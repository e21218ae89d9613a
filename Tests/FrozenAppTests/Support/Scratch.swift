import Foundation
import TestKit

/// Why a test could not be made ready.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A folder that is gone when nobody holds it any more, at the latest when the tests are over.
final class Scratch: Sendable {
  let path: String

  /// What suites share is held to the end, and then nobody lets go of it.
  private static let remaining: Remaining = {
    atexit { Scratch.remaining.removeAll() }
    return Remaining()
  }()

  init(_ name: String) throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("esky-\(name)-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    // Programs report where they are without symbolic links.
    guard let real = realpath(place, nil) else { throw Failure("\(place) is gone") }
    defer { free(real) }
    path = String(cString: real)
    Self.remaining.insert(path)
  }

  deinit {
    Self.remaining.remove(path)
  }

  /// A path in the folder.
  func path(_ name: String) -> String { path + "/" + name }

  /// Writes a text, and makes the folders above it.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let place = path(name)
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: place, atomically: true, encoding: .utf8)
    return place
  }

  /// The names in a folder, sorted.
  func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }
}

/// Folders that have to be removed, behind a lock that the thread sanitizer knows.
private final class Remaining: @unchecked Sendable {
  private let lock = NSLock()
  private var paths: Set<String> = []

  func insert(_ path: String) { _ = lock.withLock { paths.insert(path) } }

  func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
    _ = lock.withLock { paths.remove(path) }
  }

  func removeAll() {
    for path in lock.withLock({ paths }) { remove(path) }
  }
}

extension Checkout {
  /// A fixture's path.
  static func fixture(_ name: String) -> String { path + "/Tests/FrozenAppTests/Fixtures/" + name }

  /// A product as it ships.
  ///
  /// - Throws: ``Failure`` when the variable or the product is missing: a run without them tests nothing.
  static func product(_ name: String) throws -> String {
    guard let folder = ProcessInfo.processInfo.environment["ESKY_DIST"], folder.hasPrefix("/")
    else {
      throw Failure("set ESKY_DIST to the absolute path of .build/dist, which scripts/build makes")
    }
    let path = folder + "/" + name
    guard access(path, R_OK) == 0 else { throw Failure("\(path) is missing; run scripts/build") }
    return path
  }
}
