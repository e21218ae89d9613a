/// For how long newly signed metadata is valid, in days.
public struct Expiries: Sendable {
  /// How long root and targets are valid unless somebody says otherwise, in days.
  public static let offlineDays = 365
  /// How long snapshot and timestamp are valid unless somebody says otherwise, in days.
  ///
  /// They bound how long a mirror can hold back a new release unnoticed.
  public static let onlineDays = 21

  /// Days that a root is valid.
  public var root: Int
  /// Days that the targets are valid.
  public var targets: Int
  /// Days that a snapshot is valid.
  public var snapshot: Int
  /// Days that a timestamp is valid.
  public var timestamp: Int

  /// Puts expiries together; what is left out gets its default.
  public init(
    root: Int = offlineDays, targets: Int = offlineDays, snapshot: Int = onlineDays,
    timestamp: Int = onlineDays
  ) {
    self.root = root
    self.targets = targets
    self.snapshot = snapshot
    self.timestamp = timestamp
  }

  /// When metadata of a role that is signed now expires, in seconds since 1970 UTC.
  func expiry(of role: Role, now: Int64) -> Int64 {
    let days: Int
    switch role {
    case .root: days = root
    case .snapshot: days = snapshot
    case .timestamp: days = timestamp
    default: days = targets
    }
    // A thousand years: `expires` has four digits for the year.
    return now + Int64(min(max(days, 0), 365_000)) * 86_400
  }
}
