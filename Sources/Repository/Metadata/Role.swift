import TUF

/// A role of the repository, by its name.
public struct Role: Hashable, Sendable {
  /// The name as it stands in metadata.
  public let name: String

  init(_ name: String) {
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

  /// The kind of this role's metadata; all roles but three are of the kind `targets`.
  var type: MetadataType {
    switch self {
    case .root: .root
    case .snapshot: .snapshot
    case .timestamp: .timestamp
    default: .targets
    }
  }

  /// The file that a version of this role is published as: only the timestamp goes without it.
  func fileName(_ version: Int64) -> String {
    self == .timestamp ? "timestamp.json" : "\(version).\(name).json"
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
