import Bytes
import JSON

/// What one metadata file says about another, or about a target: length, hashes, version.
public struct MetaFile: Sendable {
  /// The version that the file must have; 0 for targets, which have none.
  public let version: Int64
  /// The exact length in bytes, where it is given.
  public let length: Int64?
  /// The hashes of functions that this client knows.
  public let hashes: [Digest]
  /// True when hashes are given, be they all of unknown functions.
  let hasHashes: Bool

  /// Reads an entry of `meta` (TUF 1.0.34 §4.4, METAFILES).
  init(_ value: JSONValue, _ reader: Reader) throws(TUFError) {
    version = try reader.integer(value, "version", atLeast: 1)
    if value["length"] == nil {
      length = nil
    } else {
      length = try reader.integer(value, "length", atLeast: 0)
    }
    hasHashes = value["hashes"] != nil
    hashes = hasHashes ? try Self.hashes(value, reader) : []
  }

  /// Reads `hashes` of an entry; functions that this client does not know are passed over.
  static func hashes(_ value: JSONValue, _ reader: Reader) throws(TUFError) -> [Digest] {
    var found: [Digest] = []
    for member in try reader.object(value, "hashes").members {
      guard let algorithm = HashAlgorithm(member.name) else { continue }
      guard let digits = member.value.text, let bytes = Hex.decode(digits),
        bytes.count == algorithm.length
      else {
        throw .malformed(file: reader.file, reason: "a hash is not the digits of its function")
      }
      found.append(Digest(algorithm, bytes))
    }
    return found
  }

  /// What ``verify(_:file:)`` checks, for a log.
  var verifiedRule: StaticString {
    switch (length != nil, hasHashes) {
    case (true, true): "length and hashes"
    case (true, false): "length; no hashes are listed"
    case (false, true): "hashes"
    case (false, false): "neither length nor hashes are listed"
    }
  }

  /// Checks bytes that are at hand against length and every known hash.
  func verify(_ bytes: [UInt8], file: String) throws(TUFError) {
    if let length, Int64(bytes.count) != length {
      throw .wrongLength(file: file, length: Int64(bytes.count), listed: length)
    }
    if hasHashes && hashes.isEmpty { throw .noKnownHash(file: file) }
    for listed in hashes where Digest(listed.algorithm, of: bytes) != listed {
      throw .wrongHash(file: file)
    }
  }
}
