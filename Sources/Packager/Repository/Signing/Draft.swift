import JSON
import TUF

/// One signature, under the id of the key that made it.
package struct Signature: Sendable {
  let id: String
  let bytes: [UInt8]

  /// Puts a signature under an id.
  package init(id: String, bytes: [UInt8]) {
    self.id = id
    self.bytes = bytes
  }
}

/// New metadata of a role, with the signatures that it has so far.
package struct Draft: Sendable {
  let role: Role
  let version: Int64
  /// When it expires, in seconds since 1970 UTC.
  let expires: Int64
  /// What is signed: the canonical form.
  package let message: [UInt8]
  private(set) var signatures: [Signature] = []
  /// The signatures that were made here and verified, with the keys that they are by.
  private var verified: [(key: KeyObject, signature: [UInt8])] = []

  /// Begins without a signature; `contents` is an object without version and expiry.
  package init(
    _ role: Role, version: Int64, contents: JSONBuilder, expires: Int64
  ) throws(RepositoryError) {
    guard case .object(let members) = contents else {
      throw .field(file: role.fileName(version), name: "signed", expected: "an object")
    }
    self.role = role
    self.version = version
    self.expires = expires
    let head = MetadataForm.head(role, version: version, expires: expires)
    message = try JSONBuilder.object(members + head).canonical(role.fileName(version))
  }

  /// Reads a file that may lack signatures.
  init(parsing bytes: [UInt8], role: Role) throws(RepositoryError) {
    let metadata: SignedMetadata
    do throws(TUFError) {
      metadata = try SignedMetadata(parsing: bytes, as: role.type, file: role.plainFileName)
    } catch {
      throw .badDraft(file: role.plainFileName, error)
    }
    try self.init(metadata, role: role)
  }

  /// Takes a file that was read already.
  init(_ metadata: SignedMetadata, role: Role) throws(RepositoryError) {
    self.role = role
    version = metadata.version
    expires = metadata.expires
    message = try JSONBuilder.verbatim(metadata.signed).canonical(role.plainFileName)
    signatures = metadata.signatures.map {
      Signature(id: String(decoding: $0.keyID, as: UTF8.self), bytes: $0.bytes)
    }
  }

  /// Signs with as many of a role's keys as are missing to its threshold: the first ones that are at hand.
  ///
  /// A key that can't be unlocked is passed over where others are enough.
  ///
  /// - Parameter isPartial: false to do nothing where the keys at hand do not reach the threshold.
  mutating func sign(
    for authority: Authority, with ring: KeyRing, isPartial: Bool = true
  ) throws(RepositoryError) {
    var held = signers(of: authority)
    var ready: [(id: String, listed: KeyObject, signer: any Signer)] = []
    // A key may stand under two ids, and lie in two of the folders: it counts once.
    var taken = authority.keys.filter { held.contains($0.id) }.compactMap(\.object)
    for signer in ring.signers where !taken.contains(signer.object) {
      guard let key = authority.keys.first(where: { $0.object == signer.object }),
        let listed = key.object
      else { continue }
      taken.append(signer.object)
      ready.append((key.id, listed, signer))
    }
    if !isPartial && held.count + ready.count < authority.threshold { return }
    var failure: RepositoryError?
    for (id, listed, signer) in ready where held.count < authority.threshold {
      if !ring.mayUnlock, !signer.isReady { throw .keyLocked(role: role, signer.object) }
      do throws(RepositoryError) {
        let signature = try signature(of: signer, id, listed)
        add(signature)
        verified.append((listed, signature.bytes))
        held.append(id)
      } catch {
        guard error.isAboutOneKey else { throw error }
        if !signer.isReserve { failure = failure ?? error }
      }
    }
    if let failure, isPartial, held.count < authority.threshold { throw failure }
  }

  private func signature(
    of signer: any Signer, _ id: String, _ listed: KeyObject
  ) throws(RepositoryError) -> Signature {
    let bytes = try signer.sign(message, listed: listed)
    // As clients will do it.
    guard listed.verifies(bytes, of: message) else {
      throw .badSignature(role: role, key: id)
    }
    return Signature(id: id, bytes: bytes)
  }

  /// Adds a signature, in place of one under the same id.
  package mutating func add(_ signature: Signature) {
    signatures.removeAll { $0.id == signature.id }
    signatures.append(signature)
  }

  /// True when the keys that signed are as many as the role needs.
  func meets(_ authority: Authority) -> Bool {
    signers(of: authority).count >= authority.threshold
  }

  /// The ids of the keys whose signatures hold; what has been verified once is not verified again.
  private func signers(of authority: Authority) -> [String] {
    authority.signers(signatures) { (key, signature) in
      let isKnown = verified.contains {
        $0.key == key && $0.key.scheme == key.scheme && $0.signature == signature
      }
      return isKnown || key.verifies(signature, of: message)
    }
  }

  /// The file: signatures and what they sign, canonical but for control characters.
  package var bytes: [UInt8] {
    let list = signatures.map { signature -> JSONBuilder in
      ["keyid": .text(signature.id), "sig": .hex(signature.bytes)]
    }
    // Nothing in it is a fraction, which alone has no canonical form.
    let head = (try? JSONBuilder.array(list).text()) ?? []
    return Array("{\"signatures\":".utf8) + head + Array(",\"signed\":".utf8)
      + JSONBuilder.escapingControls(message) + Array("}".utf8)
  }
}
