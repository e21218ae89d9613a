import Bytes
import JSON
public import TUF

/// Where a new repository goes on from, when clients know an earlier one that was lost.
///
/// Clients take no version that is lower than one they have seen, and the next root only by its number.
public struct RepositoryStart: Sendable {
  /// The newest root that is left, which clients trust; nil where none is.
  public let root: Root?
  /// For each role the highest version that a client may have seen.
  public var seen: [Role: Int64] = [:]

  /// The member of root that says with which version of it the repository was founded again: older ones are not
  /// missing there.
  package static let field: StaticString = "x-esky-first-root"

  /// Begins where nobody has seen anything.
  public init() { root = nil }

  /// Goes on from a root that clients trust.
  ///
  /// - Parameter bytes: its file, for instance `root.json` of a version that was shipped.
  /// - Throws: ``RepositoryError/badRoot(file:_:)`` for anything else.
  public init(from bytes: [UInt8], file: String) throws(RepositoryError) {
    do throws(TUFError) {
      root = try Root(parsing: bytes, file: file)
    } catch {
      throw .badRoot(file: file, error)
    }
  }

  /// Who signs what by that root; none without one.
  ///
  /// - Throws: ``RepositoryError/field(file:name:expected:)`` for a key that clients can't use.
  public func roles() throws(RepositoryError) -> [RoleAssignment] {
    guard let root else { return [] }
    var all: [RoleAssignment] = []
    for role in Role.topLevel {
      let authority = try Authority(role, root: root.metadata.signed)
      all.append(
        RoleAssignment(
          role, keys: authority.keys.compactMap(\.object), threshold: authority.threshold))
    }
    return all
  }

  /// What root says of the start: nothing where it is the very first.
  func said() throws(RepositoryError) -> [(name: [UInt8], value: JSONBuilder)] {
    var first = try firstVersion(of: .root)
    if let root { first = root.version }
    return first == 1 ? [] : [(Self.field.bytes, .integer(first))]
  }

  /// The version that a role begins with.
  func firstVersion(of role: Role) throws(RepositoryError) -> Int64 {
    // Of roots there is one after the other.
    let trusted = role == .root ? root?.version : nil
    let last = trusted ?? max(seen[role] ?? 0, 0)
    let (next, isOver) = last.addingReportingOverflow(1)
    if isOver {
      throw .field(
        file: role.plainFileName, name: "version", expected: "a number after which there is another"
      )
    }
    return next
  }
}
