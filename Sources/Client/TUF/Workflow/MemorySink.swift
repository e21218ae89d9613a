/// Keeps a fetched metadata file in memory; the request's limit bounds it.
final class MemorySink: ByteSink {
  private(set) var bytes: [UInt8] = []
  private let expected: Int

  /// The most bytes that room is made for before any of them has come.
  private static let trust = 16 << 20

  /// Makes room for a length that is known: growing by doubling would need twice the memory.
  init(expecting length: Int64?) {
    expected = Int(clamping: length ?? 0)
    bytes.reserveCapacity(min(expected, Self.trust))
  }

  func receive(_ new: UnsafeRawBufferPointer) -> Bool {
    if bytes.count + new.count > bytes.capacity { bytes.reserveCapacity(expected) }
    bytes.append(contentsOf: new)
    return true
  }

  func restart() -> Bool {
    bytes.removeAll(keepingCapacity: true)
    return true
  }
}
