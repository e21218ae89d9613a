import FileSystem

/// The roots that were trusted before the one that is, by SHA-256: what came from one of them must never give way to it.
///
/// A file of lines beside the metadata: `tuf-roots 1`, then one digest a line, the oldest first.
public struct RootHistory {
  private static let heading = Array("tuf-roots 1".utf8)
  /// More than a publisher signs in a century; the oldest go first.
  private static let most = 4096

  /// A line in the place of what could not be read any more.
  private static let lost = Array("lost".utf8)

  private let file: FilePlace
  private var digests: [[UInt8]] = []

  /// Reads the history of a store; empty where there is none.
  ///
  /// Where it is damaged nobody knows what was in it, and any root may have been.
  public init(of store: MetadataStore) {
    file = store.folder.file(Self.name)
    do throws(FileError) {
      guard let text = try file.readIfPresent(limit: 1 << 20) else { return }
      let lines = text.split(separator: 0x0a)
      if lines.first?.elementsEqual(Self.heading) == true {
        for line in lines.dropFirst() { digests.append(Array(line)) }
      } else {
        digests = [Self.lost]
      }
    } catch {
      digests = [Self.lost]
    }
  }

  /// The name of the file.
  public static var name: [UInt8] { Array("root-history".utf8) }

  /// True for a root that was trusted, and then superseded.
  public func contains(_ root: [UInt8]) -> Bool {
    digests.first == Self.lost || digests.contains(Digest(.sha256, of: root).hex)
  }

  /// Notes a root that is about to be superseded; durable on return.
  mutating func add(_ root: [UInt8]) throws(TUFError) {
    try add([Digest(.sha256, of: root).hex])
  }

  /// Notes what another store has trusted and left; durable on return.
  public mutating func add(allOf other: RootHistory) throws(TUFError) { try add(other.digests) }

  private mutating func add(_ more: [[UInt8]]) throws(TUFError) {
    let new = more.filter { !digests.contains($0) }
    if new.isEmpty { return }
    digests += new
    var text = Self.heading
    if digests.first == Self.lost { text += [0x0a] + Self.lost }
    for digest in digests.suffix(Self.most) where digest != Self.lost { text += [0x0a] + digest }
    do throws(FileError) {
      try file.writeAtomically(text + [0x0a])
    } catch {
      throw .file(error)
    }
  }
}
