import JSON
import TUF

/// A role of the repository, by its name.
public struct Role: Hashable, Sendable {
  /// The name as it stands in metadata.
  public let name: String

  package init(_ name: String) {
    self.name = name
  }

  /// Takes the name of a role, top-level or delegated.
  ///
  /// - Throws: ``RepositoryError/badRoleName(_:reason:)``.
  public init(named name: String) throws(RepositoryError) {
    if name.isEmpty { throw .badRoleName(name, reason: "it is empty") }
    if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      throw .badRoleName(name, reason: "it holds a control character")
    }
    // A version and .json.gz are put around it; file systems allow 255 bytes.
    if MetadataStore.fileName(Array(name.utf8)).utf8.count > 220 {
      throw .badRoleName(name, reason: "its percent-encoded form is longer than 215 bytes")
    }
    self.name = name
  }

  /// Vouches for the keys of all roles.
  public static let root = Role("root")
  /// Vouches for target files.
  public static let targets = Role("targets")
  /// Vouches for which versions of the targets roles belong together.
  public static let snapshot = Role("snapshot")
  /// Vouches for which snapshot is current.
  public static let timestamp = Role("timestamp")

  /// The four roles that every repository has, in the order in which a client trusts them.
  public static let topLevel = [root, timestamp, snapshot, targets]

  /// True for one of ``topLevel``.
  public var isTopLevel: Bool { Self.topLevel.contains(self) }

  /// The name's bytes.
  package var bytes: [UInt8] { Array(name.utf8) }

  /// The kind of this role's metadata; all roles but three are of the kind `targets`.
  package var type: MetadataType {
    switch self {
    case .root: .root
    case .snapshot: .snapshot
    case .timestamp: .timestamp
    default: .targets
    }
  }

  /// True for targets and all delegated roles.
  var isOfTargets: Bool { !isTopLevel || self == .targets }

  /// What the snapshot calls the role's file.
  var listedName: [UInt8] { bytes + Array(".json".utf8) }

  /// The file's name without a version, as the timestamp has it, and clients that keep one of each role.
  package var plainFileName: String { MetadataStore.fileName(bytes) }

  /// The file that a version of this role is published as: only the timestamp goes without it.
  package func fileName(_ version: Int64) -> String {
    self == .timestamp ? plainFileName : "\(version).\(plainFileName)"
  }
}

/// The keys that may sign for a role, and how many of them must.
///
/// Only public halves are needed: who holds the private ones need not be known yet.
public struct RoleAssignment: Sendable {
  /// The role.
  public let role: Role
  /// The keys, in the order in which they are listed.
  public let keys: [KeyObject]
  /// How many signatures the role needs, at least 1.
  public let threshold: Int

  /// Assigns keys to a role.
  public init(_ role: Role, keys: [KeyObject], threshold: Int = 1) {
    self.role = role
    self.keys = keys
    self.threshold = threshold
  }

  var json: JSONBuilder {
    [
      "keyids": .array(keys.map { .text($0.id) }),
      "threshold": .integer(Int64(threshold)),
    ]
  }
}
