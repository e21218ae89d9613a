import TUF

/// How long requests may take, one by one and together.
struct TimeBudget {
  private let limits: TransferLimits
  /// Milliseconds that all requests have taken beyond what their bytes account for.
  private var lost: Int64 = 0

  init(_ limits: TransferLimits) { self.limits = limits }

  /// Milliseconds for a request of at most `bytes` more; 0 or less when the patience is at its end.
  func milliseconds(for bytes: Int64) -> Int64 {
    var base = Int64(limits.baseSeconds) * 1000
    if let patience = limits.patienceSeconds {
      base = min(base, Int64(patience) * 1000 - lost)
    }
    return base <= 0 ? 0 : base + limits.milliseconds(for: max(0, bytes))
  }

  /// Counts a request that took so long and brought so much.
  mutating func count(milliseconds: Int64, bytes: Int64) {
    lost += max(0, milliseconds - limits.milliseconds(for: bytes))
  }
}
