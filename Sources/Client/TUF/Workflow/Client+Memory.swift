extension Client {
  /// The most bytes of a file of which something is listed: no more than there is memory for.
  func limit(_ listed: MetaFile, otherwise: Int64) -> Int64 {
    min(limits.length(listed: listed.length, otherwise: otherwise), trusted.memoryLeft)
  }

  /// Keeps a delegated role, so that the next search need not read it again.
  func keep(_ role: [UInt8], _ targets: Targets) {
    delegated.append((role, targets))
    trusted.delegatedMemory += targets.metadata.memory
  }

  /// Lets go of all delegated roles.
  func forgetDelegated() {
    delegated = []
    trusted.delegatedMemory = 0
  }
}
