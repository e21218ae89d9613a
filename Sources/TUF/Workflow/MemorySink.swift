/// Keeps a fetched metadata file in memory; the request's limit bounds it.
final class MemorySink: ByteSink {
  private(set) var bytes: [UInt8] = []

  func receive(_ new: UnsafeRawBufferPointer) -> Bool {
    bytes.append(contentsOf: new)
    return true
  }

  func restart() -> Bool {
    bytes.removeAll()
    return true
  }
}
