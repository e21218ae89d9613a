extension RandomAccessCollection where Index == Int {
  /// The place from which on a condition holds; `endIndex` when it never does.
  ///
  /// Before that place it holds nowhere. Asks as often as the logarithm of the count.
  public func partitioningIndex<Failure>(
    where holds: (Element) throws(Failure) -> Bool
  ) throws(Failure) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if try holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
