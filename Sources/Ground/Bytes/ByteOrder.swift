extension UnsafeBufferPointer where Element == UInt8 {
  /// Order by bytes, which for UTF-8 is the order by code points.
  public func precedes(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    let shared = Swift.min(count, other.count)
    var index = 0
    while shared - index >= 8, word(index) == other.word(index) { index += 8 }
    while index < shared {
      if self[index] != other[index] { return self[index] < other[index] }
      index += 1
    }
    return count < other.count
  }

  /// Eight bytes at once, in whatever order.
  private func word(_ at: Int) -> UInt64 {
    UnsafeRawPointer(baseAddress! + at).loadUnaligned(as: UInt64.self)
  }
}

extension [UInt8] {
  /// Order by bytes, which for UTF-8 is the order by code points.
  public func precedes(_ other: [UInt8]) -> Bool {
    withUnsafeBufferPointer { mine in other.withUnsafeBufferPointer { mine.precedes($0) } }
  }
}
