public import FileSystem
import JSON
public import TUF

/// A file that should become a target.
public struct TargetAddition: Sendable {
  /// Where its bytes are.
  public enum Source: Sendable {
    /// A file, which is copied into the repository.
    case file(Path)
    /// Somewhere else, where clients find them: only length in bytes and SHA-256 are published.
    case elsewhere(length: Int64, sha256: Digest)
  }

  /// The name that clients ask for.
  public let name: TargetName
  /// Where its bytes are.
  public let source: Source
  /// The publisher's own data, an object; nil for none.
  public let custom: JSONBuilder?

  /// Puts an addition together.
  public init(_ name: TargetName, source: Path, custom: JSONBuilder? = nil) {
    self.name = name
    self.source = .file(source)
    self.custom = custom
  }

  /// Puts an addition together whose bytes are not in the repository.
  public init(_ name: TargetName, length: Int64, sha256: Digest, custom: JSONBuilder? = nil) {
    self.name = name
    source = .elsewhere(length: length, sha256: sha256)
    self.custom = custom
  }
}

/// What a change made of the repository.
public struct Publication: Sendable {
  /// The version of each role that was signed anew, in the order in which they were signed; none when
  /// nothing was to be done, or when the change waits.
  public var versions: [(role: Role, version: Int64)] = []
  /// The targets that were there already with the same bytes and the same data.
  public var unchanged: [TargetName] = []
  /// What the change waits for; empty when it is published.
  public var waiting: [CeremonyStatus] = []
  /// Roles of a change that waited which were refreshed meanwhile, or whose files had expired: they are made
  /// anew, and signatures of the files before count no more.
  public var remade: [Role] = []
  /// Why keys that were put away for bad days did not sign: they could not be unlocked, or were not asked for.
  public var locked: [RepositoryError] = []
}
