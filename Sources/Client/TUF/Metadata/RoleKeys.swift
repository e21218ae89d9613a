import JSON

/// The keys that may sign for a role, and how many must (TUF 1.0.34 §4.3, §4.5).
///
/// Keys are read when a signature asks for them: metadata may delegate to tens of thousands of roles.
public struct RoleKeys: Sendable {
  /// The most key ids of one role, and the most signatures of one file: each of these is looked up among those.
  static let maximum = 1024

  private let ids: JSONValue
  private let keys: JSONIndex
  /// At least 1; above the number of keys it is never met.
  public let threshold: Int64

  /// Reads `keyids` and `threshold` of a role, and takes its keys from those of the same file.
  ///
  /// An id without a key is one that nobody can sign with.
  init(_ role: JSONValue, keys: JSONIndex, _ reader: Reader) throws(TUFError) {
    _ = try reader.integer(role, "threshold", atLeast: 1)
    guard let list = role["keyids"], list.isArray else {
      throw .malformed(file: reader.file, reason: "\"keyids\" of a role is missing")
    }
    var count = 0
    for element in list.elements {
      guard element.isText else {
        throw .malformed(file: reader.file, reason: "a key id is no text")
      }
      count += 1
    }
    guard count <= Self.maximum else {
      throw .malformed(
        file: reader.file, reason: "a role has more than \(Self.maximum) key ids")
    }
    self.init(checked: role, keys: keys)
  }

  /// Takes a role of a file that has been read as above.
  init(checked role: JSONValue, keys: JSONIndex) {
    threshold = role["threshold"]?.integer ?? .max
    // Of anything but an array there are no elements.
    ids = role["keyids"] ?? role
    self.keys = keys
  }

  /// The key with an id; nil when it is none of this role's.
  func key(_ id: [UInt8]) -> PublicKey? {
    for element in ids.elements where element.text == id { return keys[id].map(PublicKey.init) }
    return nil
  }

  /// True when a key is one of this role's and of another's, under whatever ids.
  ///
  /// Keys that this client can't use are nobody's: an id alone can be written by anybody.
  public func shares(with other: RoleKeys) -> Bool {
    let mine = all
    return other.all.contains { theirs in
      theirs.key.isUsable && mine.contains { $0.key.isSame(as: theirs.key) }
    }
  }

  /// What keeps a key of this role from being counted, for a person; nil for one that is none of this role's
  /// or that can be used.
  func fault(ofKey id: [UInt8]) -> String? {
    guard let kind = key(id)?.kind else { return nil }
    switch kind {
    case .ed25519, .ecdsaP256, .rsa: return nil
    case .malformed: return "its key \(Self.shown(id)) can't be read"
    case .unsupported:
      let type = keys[id]?["keytype"]?.text ?? []
      let scheme = keys[id]?["scheme"]?.text ?? []
      return
        "its key \(Self.shown(id)) is of type \(Self.shown(type)) with scheme \(Self.shown(scheme)), which is not supported"
    }
  }

  /// The beginning of a text that a stranger may have made long.
  private static func shown(_ text: [UInt8]) -> String {
    text.count <= 64
      ? String(decoding: text, as: UTF8.self) : String(decoding: text[..<64], as: UTF8.self) + "…"
  }

  /// True when both allow the same keys, under whatever ids.
  ///
  /// Keys that this client can't use are told apart by their ids.
  func hasSameKeys(as other: RoleKeys) -> Bool {
    holds(other) && other.holds(self)
  }

  /// True when every key of another role is one of this one's.
  private func holds(_ other: RoleKeys) -> Bool {
    let mine = all
    return other.all.allSatisfy { theirs in
      mine.contains { key in
        if !theirs.key.isUsable { return key.id == theirs.id }
        return key.key.isSame(as: theirs.key)
      }
    }
  }

  private var all: [(id: [UInt8], key: PublicKey)] {
    var all: [(id: [UInt8], key: PublicKey)] = []
    for element in ids.elements {
      if let id = element.text, let value = keys[id] { all.append((id, PublicKey(value))) }
    }
    return all
  }
}
