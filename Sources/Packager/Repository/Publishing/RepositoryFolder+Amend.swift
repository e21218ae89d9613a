import JSON
import TUF

/// Changes to what the top-level targets say, all made in one version.
public struct TargetsAmendment: Sendable {
  /// The version of targets that it was worked out from: of any other one it could be wrong.
  let basis: Int64
  /// Targets that go; their files stay until they are tidied away.
  public var removed: [TargetName] = []
  /// Targets whose data change; their bytes stay.
  public var customs: [(name: TargetName, custom: JSONBuilder?)] = []
  /// Members of the signed object beside `targets`; nil takes one out.
  public var members: [(name: String, value: JSONBuilder?)] = []

  /// Begins with no change to what a repository says now.
  public init(to repository: RepositoryFolder) {
    basis = repository.version(of: .targets)
  }
}

extension RepositoryFolder {
  /// Amends the top-level targets; an amendment that changes nothing signs nothing.
  ///
  /// - Throws: ``RepositoryError/noTarget(_:)`` for a name that they do not list,
  ///   ``RepositoryError/changedMeanwhile(role:basis:current:)``.
  public mutating func amend(
    _ amendment: TargetsAmendment, keys: KeyRing, now: Int64
  ) throws(RepositoryError) -> Publication {
    try change(keys: keys, now: now) { (repository) throws(RepositoryError) in
      try repository.refuseOther(amendment.basis)
      let signed = repository.state.targets.metadata.signed
      var change = Change()
      var entries: [(name: [UInt8], value: JSONBuilder)] = []
      if let targets = signed["targets"] {
        for member in targets.members {
          entries.append((Array(member.name), .verbatim(member.value)))
        }
      }
      for name in amendment.removed {
        guard let place = entries.firstIndex(where: { $0.name == name.bytes }) else {
          throw .noTarget(name)
        }
        entries.remove(at: place)
      }
      for (name, custom) in amendment.customs {
        guard let place = entries.firstIndex(where: { $0.name == name.bytes }),
          case .verbatim(let listed) = entries[place].value
        else { throw .noTarget(name) }
        entries[place].value = listed.replacing("custom", with: custom)
      }
      var contents = JSONBuilder.editing(signed, ["targets": .object(entries)])
      for (name, value) in amendment.members { contents = contents.replacing(name, with: value) }
      let before = try JSONBuilder.verbatim(signed).canonical("targets.json")
      if try contents.canonical("targets.json") == before { return Change() }
      let edited = contents
      change.roles = [RoleEdit(role: .targets) { () throws(RepositoryError) in edited }]
      return change
    }
  }
}

extension RepositoryFolder {
  /// Refuses what was worked out from another version of targets than the current one.
  func refuseOther(_ basis: Int64) throws(RepositoryError) {
    let current = version(of: .targets)
    if current != basis { throw .changedMeanwhile(role: .targets, basis: basis, current: current) }
  }
}

extension JSONValue {
  fileprivate func replacing(_ name: String, with value: JSONBuilder?) -> JSONBuilder {
    JSONBuilder.editing(self, [:]).replacing(name, with: value)
  }
}

extension JSONBuilder {
  /// The object with a member set, or without it.
  fileprivate func replacing(_ name: String, with value: JSONBuilder?) -> JSONBuilder {
    guard case .object(var members) = self else { return self }
    members.removeAll { $0.name == Array(name.utf8) }
    if let value { members.append((Array(name.utf8), value)) }
    return .object(members)
  }
}
