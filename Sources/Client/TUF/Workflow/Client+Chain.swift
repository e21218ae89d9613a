import FileSystem

extension Client {
  /// True when another root is one of this repository's: the one that is trusted now, one that its keys of the root role
  /// signed, or one that a known root led to, step by step as §5.3 has it.
  ///
  /// That its successors verify says nothing of a root: whoever makes one up can list the publisher's public key in it
  /// beside his own. So the walk begins with a root that is known already, and the root in question must be, byte
  /// for byte, what it comes by.
  ///
  /// - Parameters:
  ///   - bytes: the other root; no newer one than is trusted counts.
  ///   - known: a root that the one which is trusted now came from; nil where none is at hand.
  /// - Throws: ``TUFError`` when a root could not be fetched. One that is not there, or does not follow, says no.
  public func owns(root bytes: [UInt8], known: [UInt8]?) throws(TUFError) -> Bool {
    if bytes == trusted.root.bytes { return true }
    guard let other = read(bytes), other.root.version < trusted.root.version else { return false }
    if (try? other.root.metadata.verify(trusted.root.root)) != nil { return true }
    guard let known, var place = read(known), place.root.version <= other.root.version,
      other.root.version - place.root.version <= Int64(limits.rootRotations)
    else { return false }
    while place.root.version < other.root.version {
      let name = "\(place.root.version + 1).root.json"
      let next: Fetched
      do throws(TUFError) {
        next = try fetch(name, limit: limits.rootLength)
      } catch {
        if case .fetch(_, _, .notFound) = error { return false }
        throw error
      }
      do throws(TUFError) {
        _ = try place.updateRoot(next.bytes, file: name)
      } catch {
        return false
      }
    }
    return place.root.bytes == bytes
  }

  private func read(_ bytes: [UInt8]) -> TrustedSet? {
    try? TrustedSet(root: bytes, now: trusted.now, depth: limits.depth, memory: limits.memory)
  }
}
