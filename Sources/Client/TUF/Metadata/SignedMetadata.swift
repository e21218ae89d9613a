import Bytes
import FileSystem
import JSON

/// The four kinds of metadata; delegated roles are of the kind `targets`.
public enum MetadataType: Sendable {
  case root, timestamp, snapshot, targets

  /// The `_type` in metadata, and the name of the top-level role.
  public var name: StaticString {
    switch self {
    case .root: "root"
    case .timestamp: "timestamp"
    case .snapshot: "snapshot"
    case .targets: "targets"
    }
  }
}

/// What all metadata files share: the signatures, and the head of what is signed (TUF 1.0.34 §4.1).
///
/// A value of this type is parsed, not yet trusted.
public struct SignedMetadata: Sendable {
  /// One signature, under the id of the key that claims it.
  public struct Signature: Sendable {
    /// The id of the key, as the file has it.
    public let keyID: [UInt8]
    /// The signature itself; empty for one that is no hexadecimal text.
    public let bytes: [UInt8]
  }

  /// The file's name for messages: `2.root.json`.
  let file: String
  /// The signed object.
  public let signed: JSONValue
  /// The signatures, in the order of the file.
  public let signatures: [Signature]
  /// The version, at least 1.
  public let version: Int64
  /// When it expires, in seconds since 1970 UTC.
  public let expires: Int64

  /// The bytes of memory that it takes.
  public var memory: Int64 { signed.document.memory }

  /// The file byte for byte as it was received.
  public var bytes: [UInt8] { signed.document.bytes }

  /// Parses a metadata file and checks what all files must have.
  public init(
    parsing bytes: [UInt8], as type: MetadataType, file: String, depth: Int = Limits().depth,
    memory: Int64 = .max
  ) throws(TUFError) {
    self.file = file
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes, depth: depth, memory: memory)
    } catch {
      if case .tooMuchMemory = error { throw .tooMuchMemory(file: file, left: memory) }
      throw .malformed(file: file, reason: error.description)
    }
    let reader = Reader(file: file)
    signed = try reader.object(document.root, "signed")
    signatures = try Self.signatures(document.root, reader)
    guard try reader.text(signed, "_type").elementsEqual(type.name.bytes) else {
      throw .malformed(file: file, reason: "it is metadata of another type")
    }
    let specification = try reader.text(signed, "spec_version")
    guard Self.isSupported(specification) else {
      throw .unsupportedSpecification(
        file: file, version: String(decoding: specification, as: UTF8.self))
    }
    version = try reader.integer(signed, "version", atLeast: 1)
    guard let expires = UTCTime.seconds(try reader.text(signed, "expires")) else {
      throw .malformed(file: file, reason: "\"expires\" is no date and time in UTC")
    }
    self.expires = expires
  }

  /// The format that this client knows has major version 1, in two or three numbers.
  private static func isSupported(_ version: [UInt8]) -> Bool {
    var parts = 1
    var digits = 0
    for byte in version {
      switch byte {
      case 0x2e where digits > 0:
        parts += 1
        digits = 0
      case 0x30...0x39: digits += 1
      default: return false
      }
    }
    return version.starts(with: [0x31, 0x2e]) && (2...3 ~= parts) && digits > 0
  }

  private static func signatures(
    _ root: JSONValue, _ reader: Reader
  ) throws(TUFError) -> [Signature] {
    guard let list = root["signatures"], list.isArray else {
      throw .malformed(file: reader.file, reason: "\"signatures\" is missing")
    }
    var found: [Signature] = []
    for entry in list.elements {
      let keyID = try reader.text(entry, "keyid")
      // A signature that is no hexadecimal text is one that no key verifies; it spoils nothing.
      let bytes = Hex.decode(try reader.text(entry, "sig")) ?? []
      for earlier in found where earlier.keyID == keyID {
        throw .malformed(file: reader.file, reason: "two signatures have the same key id")
      }
      found.append(Signature(keyID: keyID, bytes: bytes))
      // Each is compared with all before it, and each may cost a verification.
      guard found.count <= RoleKeys.maximum else {
        throw .malformed(
          file: reader.file, reason: "it has more than \(RoleKeys.maximum) signatures")
      }
    }
    return found
  }

  /// Checks that a threshold of a role's keys signed this: the check against arbitrary software attacks.
  ///
  /// Keys are told apart by what they are, not by their ids. Further signatures, wrong or of unknown
  /// keys, do no harm.
  func verify(_ role: RoleKeys) throws(TUFError) {
    let signatures = signatures
    let valid: Int
    do throws(JSONError) {
      valid = try CanonicalJSON.withEncoded(signed) { message in
        var counted: [PublicKey] = []
        for signature in signatures where Int64(counted.count) < role.threshold {
          guard let key = role.key(signature.keyID), !counted.contains(where: key.isSame) else {
            continue
          }
          if key.verifies(signature: signature.bytes, of: message) { counted.append(key) }
        }
        return counted.count
      }
    } catch {
      throw .malformed(file: file, reason: error.description)
    }
    guard Int64(valid) >= role.threshold else {
      var fault: String?
      for signature in signatures where fault == nil {
        fault = role.fault(ofKey: signature.keyID)
      }
      throw .unsigned(file: file, valid: valid, threshold: role.threshold, keyFault: fault)
    }
  }

  /// Checks that it had not expired when the update began: the check against freeze attacks.
  ///
  /// - Parameter clock: what the clock says, where it is known to be later.
  func checkExpiry(now: Int64, clock: Int64?) throws(TUFError) {
    if expires <= now { throw .expired(file: file, at: expires, now: now, clock: clock) }
  }
}
