import Bytes
import FileSystem
import Layout
import TUF

// What a user's own act of unpacking may change, and a download never: the root that all trust begins with.
extension TUFVersionFinder {
  /// The root to begin with beside what is stored: nil for one that is not known to belong to that.
  ///
  /// One that trust begins with now is noted before anything is stored: a first look may fail half-way.
  func beginning(_ shipped: [UInt8]) throws(TUFError) -> [UInt8]? {
    var roots = ShippedRoots(metadata)
    if roots.isKnown(shipped) { return shipped }
    let stored = try? metadata.file("root.json").read(limit: Int(limits.rootLength))
    let isTrusted = stored.flatMap({ try? TrustedSet(root: $0, now: now) }) != nil
    if isTrusted, stored != shipped { return nil }
    do throws(FileError) {
      _ = try metadata.make()
      try roots.addKnown(shipped)
    } catch {
      throw .file(error)
    }
    return shipped
  }

  /// Notes how the root that the installed version ships and the metadata that is trusted now belong together.
  ///
  /// Once for each root: later refreshes ask nothing for it.
  func noteShippedRoot(_ client: Client) throws(TUFError) {
    var roots = ShippedRoots(metadata)
    if roots.isKnown(shippedRoot) || roots.isForeign(shippedRoot) { return }
    let belongs = try client.owns(root: shippedRoot, known: nil)
    do throws(FileError) {
      if belongs { try roots.addKnown(shippedRoot) } else { try roots.addForeign(shippedRoot) }
    } catch {
      throw .file(error)
    }
  }

  /// True for a root that is the repository's own; it is noted before the archive that ships it is installed.
  public func vouches(for root: [UInt8]) throws(EskyError) -> Bool {
    var roots = ShippedRoots(metadata)
    if roots.isKnown(root) { return true }
    do throws(TUFError) {
      let known = roots.isKnown(shippedRoot) ? shippedRoot : nil
      guard let client, try client.owns(root: root, known: known) else { return false }
      do throws(FileError) { try roots.addKnown(root) } catch { throw TUFError.file(error) }
      return true
    } catch {
      throw .repository(error)
    }
  }

  /// True for a root that the trusted one came from, or that shares a key of the root role with it.
  ///
  /// Who unpacks a release of his publisher's may unpack an older one; its keys may be those that were revoked since. A
  /// publisher who has lost all keys shares none.
  private func isOfTrusted(_ root: [UInt8]) -> Bool {
    if RootHistory(of: MetadataStore(metadata)).contains(root) { return true }
    let limit = Int(limits.rootLength)
    guard let stored = try? metadata.file("root.json").read(limit: limit),
      let trusted = try? Root(parsing: stored, file: "root.json"),
      let other = try? Root(parsing: root, file: "root.json")
    else { return false }
    return trusted.root.shares(with: other.root)
  }

  /// Begins anew with the root that the installed version ships, where that is one that a user has unpacked, and what
  /// is trusted and what the repository serves have parted.
  ///
  /// That is what a publisher leaves who has lost all keys and founded the repository again. Nothing of what was
  /// trusted goes before a whole refresh from the new root has succeeded.
  ///
  /// - Returns: false where the shipped root is known, or leads to nothing either: then nothing has changed.
  func beginAnew(_ fetcher: any Fetcher) throws(TUFError) -> Bool {
    var roots = ShippedRoots(metadata)
    if roots.isKnown(shippedRoot) || isOfTrusted(shippedRoot) { return false }
    let trial = metadata.folder("unpacked")
    do throws(FileError) {
      try trial.removeTree()
      _ = try trial.make()
    } catch {
      throw .file(error)
    }
    defer { _ = try? trial.removeTree() }
    do throws(TUFError) {
      try makeClient(MetadataStore(trial), root: shippedRoot, fetcher).refresh()
    } catch {
      if case .file = error { throw error }
      return false
    }
    var history = RootHistory(of: MetadataStore(metadata))
    try history.add(allOf: RootHistory(of: MetadataStore(trial)))
    let root: [UInt8]
    do throws(FileError) {
      let folder = try metadata.open()
      root = try trial.file("root.json").read(limit: Int(limits.rootLength))
      for entry in try folder.list() {
        // The old root goes last, and in one step: until then everything can be done again.
        if entry.name == ("root.json" as StaticString).bytes { continue }
        // What was left behind once is never gone back to.
        if entry.name == RootHistory.name || entry.name == ShippedRoots.name { continue }
        try folder.removeTree(entry.name)
      }
      try folder.sync()
    } catch {
      throw .file(error)
    }
    try MetadataStore(metadata).replaceRoot(by: root)
    do throws(FileError) {
      try roots.replace(by: shippedRoot)
    } catch {
      throw .file(error)
    }
    return true
  }
}
