import Bytes
import FileSystem

/// Paths in the app folder that are asked for often.
public struct PathSet: Sendable {
  /// All of them in the order of their bytes.
  public let sorted: [[UInt8]]

  /// Takes paths in any order, also repeated.
  public init(_ paths: [[UInt8]]) {
    sorted = paths.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// True when the path is one of them; asks as often as the logarithm of their count.
  public func contains(_ path: [UInt8]) -> Bool {
    let place = sorted.partitioningIndex { !$0.lexicographicallyPrecedes(path) }
    return place < sorted.count && sorted[place] == path
  }

  /// True when one of them is a path, lies below it, or is above it.
  public func touches(_ path: [UInt8]) -> Bool {
    let below = path + [UInt8(ascii: "/")]
    let place = sorted.partitioningIndex { !$0.lexicographicallyPrecedes(below) }
    if place < sorted.count, sorted[place].starts(with: below) { return true }
    for end in path.indices where path[end] == UInt8(ascii: "/") {
      if contains(Array(path[..<end])) { return true }
    }
    return contains(path)
  }
}
