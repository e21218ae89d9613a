import FileSystem

extension Client {
  /// True when the root that is trusted now came from another one, step by step as §5.3 has it, or is that one.
  ///
  /// Fetches the roots between the two, which a repository keeps, and verifies each. So nobody gets a root of his
  /// own taken for an earlier one of this repository: he would need the keys of a root to sign its successor.
  ///
  /// - Parameter bytes: the other root; no newer one than is trusted counts.
  /// - Throws: ``TUFError`` when a root could not be fetched. One that is not there, or does not follow, says no.
  public func cameFrom(_ bytes: [UInt8]) throws(TUFError) -> Bool {
    if bytes == trusted.root.bytes { return true }
    guard
      var earlier = try? TrustedSet(
        root: bytes, now: trusted.now, depth: limits.depth, memory: limits.memory)
    else {
      return false
    }
    let last = trusted.root.version
    guard earlier.root.version < last,
      last - earlier.root.version <= Int64(limits.rootRotations)
    else { return false }
    while earlier.root.version < last {
      let name = "\(earlier.root.version + 1).root.json"
      let next: Fetched
      do throws(TUFError) {
        next = try fetch(name, limit: limits.rootLength)
      } catch {
        if case .fetch(_, _, .notFound) = error { return false }
        throw error
      }
      do throws(TUFError) {
        _ = try earlier.updateRoot(next.bytes, file: name)
      } catch {
        return false
      }
    }
    return earlier.root.bytes == trusted.root.bytes
  }
}
