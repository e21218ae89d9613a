/// Where a run of bytes stands in a version's text.
///
/// A version is at most `Version.maximumLength` bytes long, so an offset fits into one byte and a
/// parsed version into a few words: sorting a folder of versions allocates nothing.
struct ByteRun: Equatable, Sendable {
  private let start: UInt8
  private let end: UInt8

  /// The run that holds nothing; read as a number it is 0.
  static let empty = ByteRun(0..<0)

  /// Takes offsets below 256.
  init(_ range: Range<Int>) {
    start = UInt8(truncatingIfNeeded: range.lowerBound)
    end = UInt8(truncatingIfNeeded: range.upperBound)
  }

  /// The run as indices into the text.
  var range: Range<Int> { Int(start)..<Int(end) }

  /// True when the run holds nothing.
  var isEmpty: Bool { start == end }

  /// The run from this one's first byte to another one's last.
  func extended(through last: ByteRun) -> ByteRun {
    ByteRun(Int(start)..<Int(last.end))
  }
}
