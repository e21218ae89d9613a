import CPosix

/// The clocks of the system.
///
/// Programs read them; what lies below is told the time.
public enum SystemClock {
  /// Seconds since 1970 UTC, as whoever looks after the machine has set them. `time(2)`
  public static var now: Int64 { Int64(time(nil)) }

  /// Milliseconds of a clock that nobody sets, from any start. `clock_gettime(2)`, `CLOCK_MONOTONIC`
  public static var milliseconds: Int64 {
    var reading = timespec()
    clock_gettime(CLOCK_MONOTONIC, &reading)
    return Int64(reading.tv_sec) * 1000 + Int64(reading.tv_nsec) / 1_000_000
  }

  /// Lets the calling thread wait; a signal that is handled ends that early. `nanosleep(2)`
  public static func sleep(milliseconds: Int) {
    var span = timespec()
    span.tv_sec = milliseconds / 1000
    span.tv_nsec = milliseconds % 1000 * 1_000_000
    nanosleep(&span, nil)
  }
}
