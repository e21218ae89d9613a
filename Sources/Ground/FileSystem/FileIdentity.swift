/// What tells whether a file is still the one that was looked at: another inode, size or time says no.
///
/// The time of the last change of contents or attributes is among them, which nobody sets at will.
public struct FileIdentity: Equatable, Sendable {
  /// Bytes; seconds and nanoseconds of the last change of contents; the same of contents or attributes; inode.
  public let numbers: [Int64]

  /// How many numbers there are.
  public static let count = 6

  /// Takes the numbers of a file that was looked at before; nil for another number of them.
  public init?(_ numbers: [Int64]) {
    guard numbers.count == Self.count else { return nil }
    self.numbers = numbers
  }

  /// What a file is now.
  public init(_ status: FileStatus) {
    numbers = [
      status.size, status.modified, status.modifiedNanoseconds, status.changed,
      status.changedNanoseconds, Int64(truncatingIfNeeded: status.inode),
    ]
  }
}
