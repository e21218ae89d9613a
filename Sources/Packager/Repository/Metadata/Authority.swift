import JSON
import TUF

/// Who may sign for a role, as the metadata that delegates to it says.
package struct Authority: Sendable {
  /// One key, under the id that the metadata gives it.
  package struct Key: Sendable {
    package let id: String
    /// The key object, be it of a kind that nobody here can use.
    let json: JSONBuilder
    /// The key; nil for one whose signatures clients do not count.
    package let object: KeyObject?
  }

  let role: Role
  /// The file that says it, for messages: `root 3`.
  let source: String
  package let threshold: Int
  /// The keys in the order of their ids in the metadata.
  package let keys: [Key]

  /// Reads a top-level role of a root.
  package init(_ role: Role, root: JSONValue) throws(RepositoryError) {
    guard let listed = root["roles"]?[Array(role.name.utf8)] else {
      throw .field(file: "root.json", name: role.name, expected: "a role")
    }
    try self.init(
      role, listed: listed, keys: root["keys"], source: "root \(root["version"]?.integer ?? 0)")
  }

  /// Reads `keyids` and `threshold` of a role, and takes the keys from `keys`.
  init(
    _ role: Role, listed: JSONValue, keys: JSONValue?, source: String
  ) throws(RepositoryError) {
    guard let threshold = listed["threshold"]?.integer, let ids = listed["keyids"] else {
      throw .field(file: source, name: role.name, expected: "a role with keys and a threshold")
    }
    self.role = role
    self.source = source
    self.threshold = Int(clamping: threshold)
    var found: [Key] = []
    for element in ids.elements {
      guard let id = element.text, let value = keys?[id] else { continue }
      found.append(
        Key(
          id: String(decoding: id, as: UTF8.self), json: .verbatim(value),
          object: KeyObject(value)))
    }
    self.keys = found
  }

  /// The role as it is assigned before any metadata says so.
  init(_ assignment: RoleAssignment) {
    role = assignment.role
    source = "the assignment"
    threshold = assignment.threshold
    keys = assignment.keys.map { Key(id: $0.id, json: $0.json, object: $0) }
  }

  /// The ids of the keys whose signatures on a message hold.
  func signers(_ signatures: [Signature], of message: [UInt8]) -> [String] {
    signers(signatures) { $0.verifies($1, of: message) }
  }

  /// The ids of the keys whose signatures hold; a key that stands under two ids counts once.
  func signers(
    _ signatures: [Signature], where holds: (KeyObject, [UInt8]) -> Bool
  ) -> [String] {
    var counted: [KeyObject] = []
    var ids: [String] = []
    for signature in signatures {
      guard let object = keys.first(where: { $0.id == signature.id })?.object,
        !counted.contains(object), holds(object, signature.bytes)
      else { continue }
      counted.append(object)
      ids.append(signature.id)
    }
    return ids
  }

  /// The ids of the keys whose signatures on a file hold.
  func signers(of file: SignedMetadata) -> [String] {
    guard let draft = try? Draft(file, role: role) else { return [] }
    return signers(draft.signatures, of: draft.message)
  }

  /// True when a file has the signatures that the role needs.
  func isMet(by file: SignedMetadata) -> Bool { signers(of: file).count >= threshold }

  /// True when both allow the same keys under the same ids, and want as many of them.
  func isSame(as other: Authority) -> Bool {
    threshold == other.threshold && Set(keys.map(\.id)) == Set(other.keys.map(\.id))
  }

  /// Why the role can't be signed with the keys at hand, having unlocked those that it takes; nil when it
  /// can.
  ///
  /// - Throws: ``RepositoryError/keyLocked(role:_:)`` for a key that may not be unlocked now.
  func gapWhenUnlocked(in ring: KeyRing) throws(RepositoryError) -> RepositoryError? {
    if let gap = gap(in: ring) { return gap }
    var failure: RepositoryError?
    var found = 0
    for key in keys where found < threshold {
      guard let signer = key.object.flatMap(ring.signer) else { continue }
      if !ring.mayUnlock, !signer.isReady { throw .keyLocked(role: role, signer.object) }
      do throws(RepositoryError) {
        try signer.prepare()
        found += 1
      } catch {
        failure = failure ?? error
      }
    }
    return found < threshold ? failure : nil
  }

  /// Why the role can't be signed with the keys at hand, be they locked; nil when it can.
  func gap(in ring: KeyRing) -> RepositoryError? {
    let found = keys.filter { $0.object.map(ring.holds) ?? false }.count
    guard found < threshold else { return nil }
    return .missingKeys(role: role, found: found, threshold: threshold, ids: keys.map(\.id))
  }
}
