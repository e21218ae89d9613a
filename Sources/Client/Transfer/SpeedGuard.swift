/// Tells when bytes arrive too slowly.
///
/// libcurl has such a limit itself, but reports it with the code of every other timeout.
struct SpeedGuard {
  private let minimum: Int64
  private let window: Int64
  private var start: Int64
  private var before: Int64 = 0

  /// Starts to measure at a time in milliseconds of any steady clock.
  init(limits: TransferLimits, now: Int64) {
    minimum = Int64(limits.lowSpeedBytes)
    window = Int64(limits.lowSpeedSeconds) * 1000
    start = now
  }

  /// Starts to measure anew: what passed until now does not count.
  mutating func reset(now: Int64, total: Int64) {
    start = now
    before = total
  }

  /// True while the bytes that have come since the start of the window are enough for its length.
  mutating func isFastEnough(now: Int64, total: Int64) -> Bool {
    let elapsed = now - start
    guard elapsed >= window else { return true }
    guard (total - before) >= minimum * elapsed / 1000 else { return false }
    reset(now: now, total: total)
    return true
  }
}
