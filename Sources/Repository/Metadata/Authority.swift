import TUF

/// Who may sign for a role, as the metadata that delegates to it says.
struct Authority {
  let role: Role
  let threshold: Int
  /// The keys in the order of their ids; nil for one that this program has no private half for.
  let keys: [(id: String, object: KeyObject?, verifier: PublicKey)]

  /// Reads a role of a root; `keys` and `roles` stand side by side there.
  init(_ role: Role, root: JSONValue) throws(RepositoryError) {
    let name = Array(role.name.utf8)
    guard let listed = root["roles"]?[name], let threshold = listed["threshold"]?.integer else {
      throw .field(file: "root.json", name: role.name, expected: "a role")
    }
    self.role = role
    self.threshold = Int(clamping: threshold)
    var keys: [(id: String, object: KeyObject?, verifier: PublicKey)] = []
    if let ids = listed["keyids"] {
      for element in ids.elements {
        guard let id = element.text, let value = root["keys"]?[id] else { continue }
        keys.append((String(decoding: id, as: UTF8.self), KeyObject(value), PublicKey(value)))
      }
    }
    self.keys = keys
  }

  /// The role as it is assigned before there is a root.
  init(_ assignment: RoleAssignment) {
    role = assignment.role
    threshold = assignment.threshold
    keys = assignment.keys.map { ($0.id, $0, PublicKey(ed25519: $0.publicKey)) }
  }

  /// Signs with as many keys as the role needs: the first of its list that are at hand.
  ///
  /// - Returns: the file, signatures and what they sign, canonical but for control characters.
  func sign(_ signed: JSONBuilder, with ring: KeyRing) throws(RepositoryError) -> [UInt8] {
    if let gap = gap(in: ring) { throw gap }
    let available = keys.filter { $0.object.map(ring.holds) ?? false }
    let message = try signed.canonical("\(role.name).json")
    var signatures: [JSONBuilder] = []
    for entry in available.prefix(threshold) {
      guard let object = entry.object, let key = try ring.key(object) else { continue }
      signatures.append(["keyid": .text(entry.id), "sig": .hex(key.sign(message))])
    }
    let head = try JSONBuilder.array(signatures).canonical("\(role.name).json")
    return Array("{\"signatures\":".utf8) + head + Array(",\"signed\":".utf8)
      + JSONBuilder.escapingControls(message) + Array("}".utf8)
  }

  /// The ids of the keys whose signatures on a file hold.
  func signers(of file: SignedMetadata) -> [String] {
    guard let document = try? JSONDocument(parsing: file.bytes),
      let signatures = document.root["signatures"],
      let message = try? CanonicalJSON.encode(file.signed)
    else { return [] }
    var found: [String] = []
    for signature in signatures.elements {
      guard let id = signature["keyid"]?.text, let digits = signature["sig"]?.text,
        let bytes = Hex.decode(digits)
      else { continue }
      for key in keys where id.elementsEqual(key.id.utf8) {
        if message.withUnsafeBufferPointer({ key.verifier.verifies(signature: bytes, of: $0) }) {
          found.append(key.id)
        }
      }
    }
    return found
  }
}
