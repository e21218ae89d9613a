import Bytes
import JSON
import TUF

/// A delegation as it should be: which paths a role, or a row of hashed bins, may speak for, and who signs.
public struct Delegation: Sendable {
  /// Which targets it covers.
  public enum Scope: Sendable {
    /// Those whose path matches one of these patterns, where `*` and `?` do not match a slash.
    case paths([String])
    /// Those whose SHA-256 begins with one of these prefixes of hexadecimal digits.
    case hashPrefixes([String])
    /// All of them, spread over 2 to the power of `bits` roles by the first bits of their SHA-256. The
    /// roles are called as this one, with `-` and a hexadecimal number behind. Succinct bins are written
    /// as one (TAP 15); explicit ones are for clients that do not know those.
    case bins(bits: Int, isSuccinct: Bool)
  }

  /// The role, or what the names of the bins begin with.
  public let role: Role
  /// Which targets it covers.
  public let scope: Scope
  /// Who may sign.
  public let keys: [KeyObject]
  /// How many must.
  public let threshold: Int
  /// True to let clients search no further once a path is in its scope.
  public var isTerminating = false
  /// True for a role that holds no targets but delegates them further.
  public var delegatesFurther = false
  /// For how long its metadata is valid, in days; nil for the default.
  public var days: Int?

  /// The most bins: clients are not asked to tell more roles apart.
  public static let mostBits = 16

  /// Puts a delegation together.
  public init(_ role: Role, _ scope: Scope, keys: [KeyObject], threshold: Int = 1) {
    self.role = role
    self.scope = scope
    self.keys = keys
    self.threshold = threshold
  }

  /// Refuses what no client could use.
  func validate() throws(RepositoryError) {
    // Some volumes take upper case and lower case for the same.
    if Role(role.name.lowercased()).isTopLevel {
      throw .badRoleName(role.name, reason: "a delegated role can't have a top-level role's name")
    }
    if role.name.hasPrefix(".") {
      throw .badRoleName(role.name, reason: "it begins with a dot")
    }
    // Clients ask for the name percent-encoded; web servers decode that before they look for a file.
    guard role.plainFileName == role.name + ".json" else {
      throw .badRoleName(
        role.name,
        reason: "it is part of a file's name and of a URL: use letters, digits, -, _, . and ~")
    }
    switch scope {
    case .paths(let patterns):
      if patterns.isEmpty || patterns.contains("") {
        throw .badScope(role: role, reason: "it needs patterns, none of them empty")
      }
    case .hashPrefixes(let prefixes):
      let isHex = prefixes.allSatisfy { prefix in
        !prefix.isEmpty && prefix.utf8.count <= 64
          && prefix.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
      }
      if prefixes.isEmpty || !isHex {
        throw .badScope(role: role, reason: "a prefix is 1 to 64 lower-case hexadecimal digits")
      }
    case .bins(let bits, _):
      guard 1...Self.mostBits ~= bits else {
        throw .badScope(
          role: role, reason: "the number of bins is a power of 2 from 2 to \(1 << Self.mostBits)")
      }
    }
    if delegatesFurther, takesHashes {
      throw .badScope(role: role, reason: RepositoryFolder.binsEnd)
    }
    try Authority(RoleAssignment(role, keys: keys, threshold: threshold)).refuseUnmeetable()
  }

  private var takesHashes: Bool {
    if case .paths = scope { return false }
    return true
  }

  /// The objects that say it in a list of roles; the whole of `succinct_roles` for succinct bins.
  func entries() -> [(role: Role, json: JSONBuilder)] {
    let ids: JSONBuilder = .array(keys.map { .text($0.id) })
    let head: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("keyids".utf8), ids), (Array("threshold".utf8), .integer(Int64(threshold))),
    ]
    func named(_ role: Role, _ field: String, _ list: [String]) -> (role: Role, json: JSONBuilder) {
      (
        role,
        .object(
          head + [
            (Array("name".utf8), .text(role.name)),
            (Array("terminating".utf8), .boolean(isTerminating)),
            (Array(field.utf8), .array(list.map { .text($0) })),
          ])
      )
    }
    switch scope {
    case .paths(let patterns): return [named(role, "paths", patterns)]
    case .hashPrefixes(let prefixes): return [named(role, "path_hash_prefixes", prefixes)]
    case .bins(let bits, true):
      return [
        (
          role,
          .object(
            head + [
              (Array("bit_length".utf8), .integer(Int64(bits))),
              (Array("name_prefix".utf8), .text(role.name)),
            ])
        )
      ]
    case .bins(_, false):
      return roles.enumerated().map { number, bin in
        named(bin, "path_hash_prefixes", bins?.hashPrefixes(number) ?? [])
      }
    }
  }

  /// How its bins are called; nil where it is no delegation to bins.
  var bins: BinNames? {
    guard case .bins(let bits, _) = scope else { return nil }
    return BinNames(prefix: role.name, bits: bits)
  }

  /// The roles whose metadata it takes.
  var roles: [Role] { bins?.all ?? [role] }

  /// The contents of a role that was delegated to before; nil when they will do as they are.
  func editing(_ signed: JSONValue, isRekeyed: Bool) -> JSONBuilder? {
    guard case .object(var members) = JSONBuilder.editing(signed, [:]) else { return nil }
    var isEdited = isRekeyed
    if let days, signed[Expiries.field.bytes]?.integer != Int64(days) {
      members.append((Expiries.field.bytes, .integer(Int64(days))))
      isEdited = true
    }
    if delegatesFurther, signed["delegations"] == nil {
      members.append((Array("delegations".utf8), ["keys": [:], "roles": []]))
      isEdited = true
    }
    return isEdited ? .object(members) : nil
  }

  /// The contents of a role's first metadata, with targets to begin with.
  func contents(_ targets: [(name: [UInt8], value: JSONBuilder)] = []) -> JSONBuilder {
    var members: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("targets".utf8), .object(targets))
    ]
    if delegatesFurther {
      members.append((Array("delegations".utf8), ["keys": [:], "roles": []]))
    }
    if let days { members.append((Expiries.field.bytes, .integer(Int64(days)))) }
    return .object(members)
  }

  var isSuccinct: Bool {
    if case .bins(_, true) = scope { return true }
    return false
  }
}
